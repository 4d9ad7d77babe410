"""Events of our own making."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

ACCOUNT = "111122223333"
_DIGEST = "sha256:" + "0123456789abcdef" * 4


def _event(number: int, source: str, kind: str, detail: dict[str, Any], *resources: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": f"99999999-0000-4000-8000-0000000000{number:02}",
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": f"2026-11-20T10:00:{number:02}Z",
        "region": "eu-west-1",
        "resources": list(resources),
        "detail": detail,
    }


_REPOSITORY = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop/web"
PUSH = _event(
    1,
    "aws.ecr",
    "ECR Image Action",
    {
        "result": "SUCCESS",
        "repository-name": "shop/web",
        "image-digest": _DIGEST,
        "action-type": "PUSH",
        "image-tag": "latest",
        "manifest-media-type": "application/vnd.oci.image.manifest.v1+json",
    },
)
SCAN = _event(
    2,
    "aws.ecr",
    "ECR Image Scan",
    {
        "scan-status": "COMPLETE",
        "repository-name": "shop/web",
        "finding-severity-counts": {"CRITICAL": 2, "MEDIUM": 9},
        "image-digest": _DIGEST,
        "image-tags": ["latest"],
    },
    _REPOSITORY,
)
FINDING = _event(
    3,
    "aws.inspector2",
    "Inspector2 Finding",
    {
        "awsAccountId": ACCOUNT,
        "findingArn": f"arn:aws:inspector2:eu-west-1:{ACCOUNT}:finding/0123456789abcdef0123456789abcdef",
        "type": "PACKAGE_VULNERABILITY",
        "title": "CVE-2099-0001 - example-lib",
        "description": "An example of a finding.",
        "severity": "CRITICAL",
        "status": "ACTIVE",
        "inspectorScore": 9.8,
        "exploitAvailable": "YES",
        "fixAvailable": "YES",
        "firstObservedAt": "Nov 20, 2026, 9:58:01 AM",
        "lastObservedAt": "Nov 20, 2026, 9:58:01 AM",
        "packageVulnerabilityDetails": {
            "vulnerabilityId": "CVE-2099-0001",
            "sourceUrl": "https://example.com/CVE-2099-0001",
        },
        "resources": [
            {
                "id": f"{_REPOSITORY}/{_DIGEST}",
                "type": "AWS_ECR_CONTAINER_IMAGE",
                "details": {
                    "awsEcrContainerImage": {
                        "repositoryName": "shop/web",
                        "imageHash": _DIGEST,
                        "imageTags": ["latest"],
                        "registry": ACCOUNT,
                    }
                },
            }
        ],
    },
    _REPOSITORY,
)
_TASK = f"arn:aws:ecs:eu-west-1:{ACCOUNT}:task/prod/0123456789abcdef0123456789abcdef"
TASK = _event(
    4,
    "aws.ecs",
    "ECS Task State Change",
    {
        "clusterArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:cluster/prod",
        "taskArn": _TASK,
        "taskDefinitionArn": f"arn:aws:ecs:eu-west-1:{ACCOUNT}:task-definition/job:3",
        "lastStatus": "STOPPED",
        "desiredStatus": "STOPPED",
        "group": "family:job",
        "startedBy": "dana",
        "launchType": "FARGATE",
        "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "job", "image": "registry.example.com/tools/job:1", "exitCode": 0}],
    },
    _TASK,
)

RECORDS = {"push": PUSH, "scan": SCAN, "inspector_finding": FINDING, "task_stopped": TASK}
"""Name -> canonical record."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_QUEUE = {"Messages": [{"MessageId": "1", "Body": _dump(SCAN).decode()}]}

EXAMPLES = (
    Example(name="firehose_lines", raw=b"\n".join(map(_dump, RECORDS.values())), records=4),
    Example(name="sqs_message", raw=_dump(_QUEUE)),
)
