"""Admission reviews of our own making: a pod, an exec, a secret that goes, an Event in a review."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _review(operation: str, number: int, resource: str, name: str, **request: Any) -> dict[str, Any]:
    return {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
            "uid": f"12121212-0000-4000-8000-0000000000{number:02}",
            "kind": {"group": "", "version": "v1", "kind": resource.rstrip("s").capitalize()},
            "resource": {"group": "", "version": "v1", "resource": resource},
            "name": name,
            "namespace": "prod",
            "operation": operation,
            "userInfo": {"username": "dev-bob", "groups": ["devs", "system:authenticated"]},
            "object": None,
            "oldObject": None,
            "dryRun": False,
            **request,
        },
        "requestReceivedTimestamp": f"2026-11-20T10:00:{number:02}.123456789Z",
    }


_POD = {
    "kind": "Pod",
    "apiVersion": "v1",
    "metadata": {"name": "web-2", "namespace": "prod"},
    "spec": {"containers": [{"name": "web", "image": "registry.example.com/prod/web:1.4.2"}], "hostPID": True},
}
_EVENT = {
    "kind": "Event",
    "apiVersion": "v1",
    "metadata": {"name": "web-1.17", "namespace": "prod", "uid": "22222222-0000-4000-8000-000000000001"},
    "involvedObject": {"kind": "Pod", "namespace": "prod", "name": "web-1"},
    "reason": "Killing",
    "message": "Stopping container web",
    "firstTimestamp": "2026-11-20T10:00:04Z",
    "lastTimestamp": "2026-11-20T10:00:04Z",
}

RECORDS = {
    "pod_created": _review("CREATE", 1, "pods", "web-2", object=_POD),
    "exec": _review("CONNECT", 2, "pods", "web-1", subResource="exec", object={"kind": "PodExecOptions"}),
    "secret_deleted_as_dry_run": _review("DELETE", 3, "secrets", "db", dryRun=True),
    "event_written": _review(
        "CREATE", 4, "events", "web-1.17", object=_EVENT, userInfo={"username": "system:node:node-3"}
    ),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="fluent_bit", raw=dump({"log": dump(RECORDS["pod_created"]).decode(), "stream": "stdout"})),
)
