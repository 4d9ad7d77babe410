"""Lines of our own making: a sandbox, a container, an image, a failure; as JSON, in the journal, in GKE's log entry."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_SANDBOX = "0b1c2d3e" * 8
_CONTAINER = "0a1b2c3d" * 8
_DIGEST = "sha256:" + "ab" * 32


def _line(second: int, message: str, level: str = "info", **more: Any) -> dict[str, Any]:
    return {"level": level, "msg": message, "time": f"2026-11-20T10:00:{second:02}.123456789Z", **more}


RECORDS = {
    "sandbox": _line(
        1,
        "RunPodSandbox for &PodSandboxMetadata{Name:web-1,Uid:33333333-0000-4000-8000-000000000001,Namespace:prod,"
        f'Attempt:0,}} returns sandbox id "{_SANDBOX}"',
    ),
    "container": _line(
        2,
        f'CreateContainer within sandbox "{_SANDBOX}" for &ContainerMetadata{{Name:web,Attempt:0,}} returns container '
        f'id "{_CONTAINER}"',
    ),
    "image": _line(3, f'PullImage "registry.example.com/prod/web:1.4.2@{_DIGEST}"'),
    "stopped": _line(4, f'StopContainer for "{_CONTAINER}" with timeout 30 (s)'),
    "failed": _line(5, f'StartContainer for "{_CONTAINER}" failed', "error", error="exec format error"),
}
"""Name -> canonical record."""

_TEXT = (
    'time="2026-11-20T10:00:06.123456789Z" level=info msg="StopContainer for \\"'
    + _CONTAINER
    + '\\" returns successfully"'
)
_JOURNAL = {
    "SYSLOG_IDENTIFIER": "containerd",
    "_HOSTNAME": "node-3",
    "_SYSTEMD_UNIT": "containerd.service",
    "MESSAGE": _TEXT,
    "PRIORITY": "6",
    "__REALTIME_TIMESTAMP": "1795168806123456",
}
_GKE = {
    "insertId": "EXAMPLE1",
    "jsonPayload": _JOURNAL,
    "resource": {
        "type": "k8s_node",
        "labels": {
            "project_id": "example-project",
            "location": "europe-west1-c",
            "cluster_name": "prod-1",
            "node_name": "node-3",
        },
    },
    "timestamp": "2026-11-20T10:00:06Z",
    "logName": "projects/example-project/logs/container-runtime",
    "receiveTimestamp": "2026-11-20T10:00:09Z",
}

EXAMPLES = (
    Example(name="json_log", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="journal", raw=dump(_JOURNAL)),
    Example(name="journal_of_other_text", raw=dump({**_JOURNAL, "MESSAGE": "shim disconnected"})),
    Example(name="gke_log_entry", raw=dump(_GKE)),
)
