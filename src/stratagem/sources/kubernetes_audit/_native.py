"""The canonical shape, audit.k8s.io/v1 `Event`, and the checks that every variant passes in the end."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Malformed, Native
from stratagem.sources._text import first_text

API_VERSION = "audit.k8s.io/v1"

_OBJECTS = ("objectRef", "user", "responseStatus")
_TEXTS = ("resource", "subresource")
_MOVED_TIME = ("timestamp", "@timestamp", "p_event_time")
"""Where older versions and shippers have the event time."""


def is_native(record: Native) -> bool:
    """An audit event as the API server writes it, of any version, or with its type members stripped by a shipper.

    `kind: Event` alone says nothing: core/v1 events have it too.
    """
    kind, api = record.get("kind"), record.get("apiVersion")
    if kind is not None and kind != "Event":
        return False
    if isinstance(api, str) and api.startswith("audit.k8s.io/"):
        return True
    if not isinstance(record.get("verb"), str):
        return False
    if isinstance(record.get("objectRef"), dict) or ("auditID" in record and "stage" in record):
        return True
    return kind == "Event" and ("requestURI" in record or "sourceIPs" in record)


def is_canonical(record: Native) -> bool:
    """Already audit.k8s.io/v1, and no member that rules stand on has a wrong type."""
    return record.get("apiVersion") == API_VERSION and record.get("kind") == "Event" and broken(record) is None


def broken(event: Native) -> str | None:
    """What is wrong with an event's shape, None where it is sound.

    Reads no further than the head, so that a record is judged alike whether its head or all of it was decoded.
    """
    verb = event.get("verb")
    if not isinstance(verb, str) or not verb:
        return "verb is missing" if not verb else "verb is not text"
    if not _is_text(event.get("stage")):
        return "stage is not text"
    for name in _OBJECTS:
        value = event.get(name)
        if value is not None and not isinstance(value, dict):
            return f"{name} is not an object"
    target = event.get("objectRef")
    if target:
        for name in _TEXTS:
            if not _is_text(target.get(name)):
                return f"objectRef.{name} is not text"
    return None


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def to_v1(event: Native) -> Native:
    """An event of any version in the v1 shape. Raises Malformed, naming the member that breaks it.

    v1beta1 and v1alpha1 have `timestamp` and `metadata` where v1 has `requestReceivedTimestamp`; shippers that drop
    all three have a time of their own.
    """
    problem = broken(event)
    if problem is not None:
        raise Malformed(problem)
    has_time = event.get("stageTimestamp") or event.get("requestReceivedTimestamp")
    if has_time and event.get("apiVersion") == API_VERSION and event.get("kind") == "Event":
        return event
    v1 = {"kind": "Event", "apiVersion": API_VERSION} | {
        name: value for name, value in event.items() if name not in ("kind", "apiVersion", "timestamp", "metadata")
    }
    time = None if has_time else first_text(*(event.get(name) for name in _MOVED_TIME))
    return v1 | {"requestReceivedTimestamp": time} if time else v1
