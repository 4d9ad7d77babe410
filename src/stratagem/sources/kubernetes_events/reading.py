"""An event's shapes, and what it says: object, reporter, container, image."""

from __future__ import annotations

import re
from typing import Any

from stratagem.sources._contract import Labels, Native
from stratagem.sources._text import at, first_text, text

_CORE = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
"""events.k8s.io/v1 member -> core/v1 member."""

_IMAGE = re.compile(r'\bimage "([^"\s]+)"', re.IGNORECASE)
_CONTAINER = re.compile(r"ontainers\{([^}]+)\}")


def is_event(record: Native) -> bool:
    """Something said about an object, for a reason; lists of events leave kind and version to the list."""
    about = record.get("involvedObject", record.get("regarding"))
    kind = record.get("kind", "Event")
    return isinstance(about, dict) and "reason" in record and kind == "Event"


def to_core(record: Native) -> dict[str, Any]:
    """The event with core/v1's names."""
    made: dict[str, Any] = {"kind": "Event", "apiVersion": "v1"}
    for name, value in record.items():
        if name not in ("kind", "apiVersion"):
            made.setdefault(_CORE.get(name, name), value)
    reason = made.get("reason")
    made["reason"] = reason if isinstance(reason, str) else ""
    last = at(made, "series", "lastObservedTime")
    if last is not None and made.get("lastTimestamp") is None:
        made["lastTimestamp"] = last
    return made


def labels(entry: Native) -> Labels:
    """The cluster's full name as the Kubernetes audit log of GKE gives it."""
    told = at(entry, "resource", "labels")
    project, place, name = (text(at(told, key)) for key in ("project_id", "location", "cluster_name"))
    cluster = f"projects/{project}/locations/{place}/clusters/{name}" if project and place and name else name
    return Labels(cluster=cluster, account=project, region=place)


def object_name(record: Native) -> str | None:
    name = text(at(record, "involvedObject", "name"))
    return f"{text(at(record, 'involvedObject', 'namespace')) or ''}/{name}" if name else None


def reporter(record: Native) -> str | None:
    return first_text(at(record, "source", "component"), record.get("reportingComponent"))


def container(record: Native) -> str | None:
    found = _CONTAINER.search(text(at(record, "involvedObject", "fieldPath")) or "")
    return found[1] if found else None


def image(record: Native) -> str | None:
    found = _IMAGE.search(text(record.get("message")) or "")
    return found[1] if found else None
