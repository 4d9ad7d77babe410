"""Kubernetes Events of our own making: an image pulled, a container killed, a mount refused, each shape."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _event(reason: str, number: int, message: str, **more: Any) -> dict[str, Any]:
    """A complete event of the kubelet about the pod web-1, with what `more` says otherwise."""
    return {
        "kind": "Event",
        "apiVersion": "v1",
        "metadata": {
            "name": f"web-1.17{number:014x}",
            "namespace": "prod",
            "uid": f"22222222-0000-4000-8000-0000000000{number:02}",
            "resourceVersion": f"90{number:02}",
            "creationTimestamp": f"2026-11-20T10:00:{number:02}Z",
        },
        "involvedObject": {
            "kind": "Pod",
            "namespace": "prod",
            "name": "web-1",
            "uid": "33333333-0000-4000-8000-000000000001",
            "apiVersion": "v1",
            "resourceVersion": "8000",
            "fieldPath": "spec.containers{web}",
        },
        "reason": reason,
        "message": message,
        "source": {"component": "kubelet", "host": "node-3"},
        "firstTimestamp": f"2026-11-20T10:00:{number:02}Z",
        "lastTimestamp": f"2026-11-20T10:00:{number:02}Z",
        "count": 1,
        "type": "Normal",
        "eventTime": None,
        "reportingComponent": "kubelet",
        "reportingInstance": "node-3",
        **more,
    }


PULLED = _event(
    "Pulled", 1, 'Successfully pulled image "registry.example.com/prod/web:1.4.2@sha256:' + "ab" * 32 + '" in 1s'
)
MOUNT = _event(
    "FailedMount",
    3,
    'MountVolume.SetUp failed for volume "host" : hostPath type check failed: /var/run/docker.sock is no socket file',
    type="Warning",
    count=4,
    firstTimestamp="2026-11-20T09:58:00Z",
)
SCHEDULED = _event(
    "Scheduled",
    4,
    "Successfully assigned prod/web-1 to node-3",
    source={},
    reportingComponent="default-scheduler",
    reportingInstance="default-scheduler-control-1",
    firstTimestamp=None,
    lastTimestamp=None,
    eventTime="2026-11-20T10:00:04.123456Z",
    action="Binding",
)

RECORDS = {
    "image_pulled": PULLED,
    "container_killed": _event("Killing", 2, "Stopping container web"),
    "mount_refused": MOUNT,
    "scheduled": SCHEDULED,
}
"""Name -> canonical record."""

_NEWER = {
    "kind": "Event",
    "apiVersion": "events.k8s.io/v1",
    "metadata": PULLED["metadata"],
    "eventTime": None,
    "series": {"count": 3, "lastObservedTime": "2026-11-20T10:00:09.123456Z"},
    "reportingController": "kubelet",
    "reportingInstance": "node-3",
    "reason": "Pulled",
    "regarding": PULLED["involvedObject"],
    "note": PULLED["message"],
    "type": "Normal",
    "deprecatedSource": PULLED["source"],
    "deprecatedFirstTimestamp": PULLED["firstTimestamp"],
    "deprecatedLastTimestamp": None,
    "deprecatedCount": 1,
}
_BARE = [
    {name: value for name, value in event.items() if name not in ("kind", "apiVersion")} for event in (PULLED, MOUNT)
]
_GKE = {
    "insertId": "EXAMPLE1",
    "jsonPayload": MOUNT,
    "resource": {
        "type": "k8s_pod",
        "labels": {
            "project_id": "example-project",
            "location": "europe-west1-c",
            "cluster_name": "prod-1",
            "namespace_name": "prod",
            "pod_name": "web-1",
        },
    },
    "timestamp": "2026-11-20T10:00:03Z",
    "severity": "WARNING",
    "logName": "projects/example-project/logs/events",
    "receiveTimestamp": "2026-11-20T10:00:09Z",
}

EXAMPLES = (
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(
        name="kubectl_get_events",
        raw=dump({"apiVersion": "v1", "kind": "List", "items": list(RECORDS.values())}),
        records=len(RECORDS),
    ),
    Example(
        name="event_list",
        raw=dump({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": _BARE}),
        records=2,
    ),
    Example(name="watch", raw=dump({"type": "ADDED", "object": PULLED})),
    Example(name="events_k8s_io", raw=dump(_NEWER)),
    Example(name="gke_log_entry", raw=dump(_GKE)),
)
