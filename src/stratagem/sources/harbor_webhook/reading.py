"""Harbor's payloads, and what they say in words that registries share."""

from __future__ import annotations

from stratagem.sources._contract import Native
from stratagem.sources._text import at, objects, text

TYPES = frozenset(
    (
        *("PUSH_ARTIFACT", "PULL_ARTIFACT", "DELETE_ARTIFACT", "SCANNING_COMPLETED", "SCANNING_FAILED"),
        *("SCANNING_STOPPED", "QUOTA_EXCEED", "QUOTA_WARNING", "REPLICATION", "TAG_RETENTION"),
        *("UPLOAD_CHART", "DOWNLOAD_CHART", "DELETE_CHART"),
    )
)
_CLOUD_EVENTS = {
    "harbor.artifact.pushed": "PUSH_ARTIFACT",
    "harbor.artifact.pulled": "PULL_ARTIFACT",
    "harbor.artifact.deleted": "DELETE_ARTIFACT",
    "harbor.scan.completed": "SCANNING_COMPLETED",
    "harbor.scan.failed": "SCANNING_FAILED",
    "harbor.scan.stopped": "SCANNING_STOPPED",
    "harbor.quota.exceeded": "QUOTA_EXCEED",
    "harbor.quota.warned": "QUOTA_WARNING",
    "harbor.replication.status.changed": "REPLICATION",
    "harbor.tag_retention.finished": "TAG_RETENTION",
}
_ACTIONS = {"PUSH_ARTIFACT": "push", "PULL_ARTIFACT": "pull", "DELETE_ARTIFACT": "delete"}


def is_cloud_event(record: Native) -> bool:
    kind = record.get("type")
    return "specversion" in record and isinstance(kind, str) and kind in _CLOUD_EVENTS


def from_cloud_event(record: Native) -> Native:
    """The default payload that says the same; the event's own members stay beside it."""
    data = record.get("data")
    taken = ("type", "time", "data", "specversion", "datacontenttype")
    rest = {name: value for name, value in record.items() if name not in taken}
    kind = _CLOUD_EVENTS[str(record["type"])]
    return {"type": kind, "occur_at": record.get("time") or "", "event_data": data, **rest}


def action(record: Native) -> str | None:
    kind = text(record.get("type"))
    return _ACTIONS.get(kind, kind.lower()) if kind else None


def repository(record: Native) -> str | None:
    return text(at(record, "event_data", "repository", "repo_full_name"))


def _of_resources(record: Native, member: str) -> list[str] | None:
    found = (text(item.get(member)) for item in objects(at(record, "event_data", "resources")))
    return list(dict.fromkeys(value for value in found if value)) or None


def tags(record: Native) -> list[str] | None:
    """A pull by digest has the digest in the tag's place."""
    return [tag for tag in _of_resources(record, "tag") or () if not tag.startswith("sha256:")] or None


def digests(record: Native) -> list[str] | None:
    return _of_resources(record, "digest")


def actor(record: Native) -> str | None:
    return text(record.get("operator"))


def is_robot(record: Native) -> bool:
    return (actor(record) or "").startswith("robot$")


def is_artifact(record: Native) -> bool | None:
    return True if action(record) in _ACTIONS.values() else None
