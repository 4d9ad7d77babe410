"""What techniques on AWS share: a walk through the calls of services."""

from __future__ import annotations

from collections.abc import Mapping


def each_of(*calls: str) -> Mapping[str, list[str]]:
    """What repetitions of an event take in turn, for calls as IAM policies write them: `s3:ListBuckets`."""
    pairs = [call.split(":") for call in calls]
    return {
        "eventSource": [f"{service}.amazonaws.com" for service, _ in pairs],
        "eventName": [name for _, name in pairs],
    }
