"""Alerts of our own making: system calls in a pod and on a host, the Kubernetes audit source, losses, each shape."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _alert(rule: str, priority: str, second: int, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A complete alert of the system call source, with what `more` says otherwise."""
    told = " ".join(f"{name.split('.')[-1]}={value}" for name, value in fields.items())
    return {
        "hostname": "node-3",
        "output": f"10:00:{second:02}.000000001: {priority} {rule} ({told})",
        "output_fields": {"evt.time": 1795168800000000001 + second * 10**9, **fields},
        "priority": priority,
        "rule": rule,
        "source": "syscall",
        "tags": ["container", "mitre_privilege_escalation", "T1611"],
        "time": f"2026-11-20T10:00:{second:02}.000000001Z",
        **more,
    }


_POD = {
    "container.id": "0a1b2c3d4e5f",
    "container.name": "web",
    "container.image.repository": "registry.example.com/prod/web",
    "container.image.tag": "1.4.2",
    "container.image.digest": "sha256:" + "ab" * 32,
    "k8s.ns.name": "prod",
    "k8s.pod.name": "web-1",
    "user.name": "root",
    "user.uid": 0,
    "user.loginuid": -1,
}
NSENTER = _alert(
    "Change thread namespace",
    "Notice",
    1,
    {
        **_POD,
        "evt.type": "execve",
        "proc.name": "nsenter",
        "proc.exepath": "/usr/bin/nsenter",
        "proc.cmdline": "nsenter -t 1 -m -- /bin/bash",
        "proc.pid": 4242,
        "proc.vpid": 17,
        "proc.cwd": "/",
        "proc.pname": "sh",
        "proc.pcmdline": "sh",
        "proc.tty": 34816,
    },
)
METADATA = _alert(
    "Contact EC2 Instance Metadata Service From Container",
    "Warning",
    2,
    {
        **_POD,
        "evt.type": "connect",
        "fd.name": "192.0.2.10:50112->169.254.169.254:80",
        "fd.cip": "192.0.2.10",
        "fd.cport": 50112,
        "fd.sip": "169.254.169.254",
        "fd.sport": 80,
        "fd.l4proto": "tcp",
        "proc.name": "curl",
        "proc.cmdline": "curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "proc.pname": "sh",
    },
    tags=["network", "T1552.005"],
)
HOST_FILE = _alert(
    "Write below etc",
    "Error",
    3,
    {
        "container.id": "host",
        "container.name": "<NA>",
        "evt.type": "openat",
        "fd.name": "/etc/kubernetes/audit-policy.yaml",
        "proc.name": "vi",
        "proc.cmdline": "vi /etc/kubernetes/audit-policy.yaml",
        "user.name": "root",
        "k8s.ns.name": None,
        "k8s.pod.name": None,
    },
    tags=["filesystem", "host"],
)
EXEC = _alert(
    "Attach/Exec Pod",
    "Notice",
    4,
    {
        "ka.target.name": "web-1",
        "ka.target.namespace": "prod",
        "ka.target.resource": "pods",
        "ka.target.subresource": "exec",
        "ka.uri.param[command]": "sh",
        "ka.user.name": "dev-bob",
        "ka.verb": "get",
        "ka.response.code": "101",
    },
    source="k8s_audit",
    hostname="falco-k8saudit-0",
    tags=["k8s"],
)
DROPS = _alert(
    "Falco internal: syscall event drop",
    "Debug",
    5,
    {"n_drops": "815508", "n_evts": "2270350", "n_drops_bug": "0"},
    source="internal",
    tags=[],
)

RECORDS = {
    "nsenter_in_a_pod": NSENTER,
    "metadata_service": METADATA,
    "file_on_the_host": HOST_FILE,
    "kubernetes_audit": EXEC,
    "drops": DROPS,
}
"""Name -> canonical record."""

_OLD = {name: NSENTER[name] for name in ("output", "output_fields", "priority", "rule", "time")}
_SIDEKICK = {"uuid": "11111111-0000-4000-8000-000000000001", **METADATA}
_GRPC = {
    **{name: value for name, value in NSENTER.items() if name != "output_fields"},
    "priority": "NOTICE",
    "outputFields": NSENTER["output_fields"],
}

EXAMPLES = (
    Example(name="file_output", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="without_source_and_tags", raw=dump(_OLD)),
    Example(name="falcosidekick", raw=dump(_SIDEKICK)),
    Example(name="grpc", raw=dump(_GRPC)),
    Example(
        name="container_standard_output",
        raw=dump({"log": dump(NSENTER).decode() + "\n", "stream": "stdout", "time": "2026-11-20T10:00:02Z"}),
    ),
)
