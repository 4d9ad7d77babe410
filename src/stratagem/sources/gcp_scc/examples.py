"""Findings of our own making: a grant, a reverse shell in a container, a public bucket, and an entry of the log."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump

_SOURCE = "organizations/123456789012/sources/5678901234"
_PROJECT = "//cloudresourcemanager.googleapis.com/projects/234567890123"


def _finding(number: int, category: str, kind: str, severity: str, **members: Any) -> dict[str, Any]:
    return {
        "notificationConfigName": "organizations/123456789012/locations/global/notificationConfigs/all",
        "finding": {
            "name": f"{_SOURCE}/findings/0123456789abcdef0123456789abcde{number}",
            "parent": _SOURCE,
            "parentDisplayName": "Event Threat Detection",
            "category": category,
            "state": "ACTIVE",
            "mute": "UNDEFINED",
            "severity": severity,
            "findingClass": kind,
            "description": f"An example of {category}.",
            "eventTime": f"2026-11-20T10:00:{number:02}.123Z",
            "createTime": f"2026-11-20T10:00:{number:02}.123Z",
            "resourceName": _PROJECT,
            **members,
        },
        "resource": {
            "name": _PROJECT,
            "displayName": "example-prod",
            "type": "google.cloud.resourcemanager.Project",
            "projectName": _PROJECT,
            "projectDisplayName": "example-prod",
            "location": "europe-west1",
        },
    }


GRANT = _finding(
    1,
    "Persistence: IAM Anomalous Grant",
    "THREAT",
    "HIGH",
    access={
        "principalEmail": "dana@example.com",
        "callerIp": "203.0.113.7",
        "callerIpGeo": {"regionCode": "AA"},
        "userAgentFamily": "gcloud",
        "serviceName": "cloudresourcemanager.googleapis.com",
        "methodName": "SetIamPolicy",
    },
    iamBindings=[{"action": "ADD", "role": "roles/owner", "member": "user:eve@example.net"}],
    mitreAttack={"primaryTactic": "PERSISTENCE", "primaryTechniques": ["ACCOUNT_MANIPULATION"]},
    sourceProperties={"detectionCategory": {"ruleName": "iam_anomalous_grant", "technique": "persistence"}},
)
SHELL = _finding(
    2,
    "Execution: Reverse Shell",
    "THREAT",
    "CRITICAL",
    parentDisplayName="Container Threat Detection",
    kubernetes={"pods": [{"ns": "shop", "name": "web-6b9f7c8d5f-x2x7k"}]},
    containers=[{"name": "web", "uri": "registry.example.com/shop/web:1", "imageId": "sha256:" + "ab" * 32}],
    processes=[{"name": "bash", "binary": {"path": "/bin/bash"}, "args": ["bash", "-i"]}],
    indicator={"ipAddresses": ["198.51.100.9"], "domains": []},
)
BUCKET = _finding(3, "PUBLIC_BUCKET_ACL", "MISCONFIGURATION", "MEDIUM", state="INACTIVE", mute="MUTED")

RECORDS = {"grant": GRANT, "reverse_shell": SHELL, "public_bucket": BUCKET}
"""Name -> canonical record."""

_ENTRY = {
    "insertId": "-n0example1",
    "logName": "projects/example-prod/logs/threatdetection.googleapis.com%2Fdetection",
    "timestamp": "2026-11-20T10:00:04.457Z",
    "receiveTimestamp": "2026-11-20T10:00:05.670Z",
    "severity": "CRITICAL",
    "resource": {
        "type": "threat_detector",
        "labels": {"project_id": "example-prod", "detector_name": "iam_anomalous_grant"},
    },
    "jsonPayload": {
        "eventTime": "2026-11-20T10:00:04.457Z",
        "detectionCategory": {
            "indicator": "audit_log",
            "ruleName": "iam_anomalous_grant",
            "subRuleName": "external_member_invited_to_policy",
            "technique": "persistence",
        },
        "detectionPriority": "HIGH",
        "affectedResources": [{"gcpResourceName": "//cloudresourcemanager.googleapis.com/projects/example-prod"}],
        "properties": {"project_id": "example-prod", "principalEmail": "dana@example.com"},
        "evidence": [{"sourceLogId": {"insertId": "-w0example1", "timestamp": "2026-11-20T10:00:03.023Z"}}],
    },
}

EXAMPLES = (
    Example(
        name="list",
        raw=dump([{name: record[name] for name in ("finding", "resource")} for record in RECORDS.values()]),
        records=len(RECORDS),
    ),
    Example(name="notification", raw=dump(GRANT)),
    Example(name="cloud_logging", raw=dump(_ENTRY)),
    Example(name="bare_finding", raw=dump(GRANT["finding"])),
)
