"""Harbor webhooks of our own making: a push, a robot's pull, a deletion, a scan, the CloudEvents payload."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_DIGEST = "sha256:" + "ab" * 32
_REPOSITORY = {
    "date_created": 1790000000,
    "name": "web",
    "namespace": "prod",
    "repo_full_name": "prod/web",
    "repo_type": "private",
}


def _event(kind: str, second: int, operator: str, tag: str, **more: Any) -> dict[str, Any]:
    reference = f"registry.example.com/prod/web{'@' if tag.startswith('sha256:') else ':'}{tag}"
    return {
        "type": kind,
        "occur_at": 1795168800 + second,
        "operator": operator,
        "event_data": {
            "resources": [{"digest": _DIGEST, "tag": tag, "resource_url": reference, **more}],
            "repository": _REPOSITORY,
        },
    }


RECORDS = {
    "push": _event("PUSH_ARTIFACT", 1, "dev-bob", "1.4.2"),
    "pull_by_robot": _event("PULL_ARTIFACT", 2, "robot$prod+scanner", _DIGEST),
    "delete": _event("DELETE_ARTIFACT", 3, "admin", "1.4.2"),
    "scan": _event("SCANNING_COMPLETED", 4, "auto", "1.4.2", scan_overview={"severity": "Critical"}),
}
"""Name -> canonical record."""

_CLOUD_EVENT = {
    "specversion": "1.0",
    "id": "11111111-0000-4000-8000-000000000001",
    "requestid": "22222222-0000-4000-8000-000000000001",
    "source": "/projects/1/webhook/policies/1",
    "type": "harbor.artifact.pushed",
    "datacontenttype": "application/json",
    "time": "2026-11-20T10:00:05Z",
    "data": RECORDS["push"]["event_data"],
    "operator": "dev-bob",
}

EXAMPLES = (
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="cloud_event", raw=dump(_CLOUD_EVENT)),
    Example(name="with_headers", raw=dump({"headers": {"Content-Type": "application/json"}, "body": RECORDS["push"]})),
)
