"""Events of our own making: a shell in a pod, an escape, a connection, a file, a module, the end, and losses."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_CAPS = ["CAP_CHOWN", "DAC_OVERRIDE", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]
_POD = {
    "namespace": "prod",
    "name": "web-1",
    "container": {
        "id": "containerd://" + "0a1b2c3d" * 8,
        "name": "web",
        "image": {
            "id": "registry.example.com/prod/web@sha256:" + "ab" * 32,
            "name": "registry.example.com/prod/web:1.4.2",
        },
        "start_time": "2026-11-20T09:00:00Z",
        "pid": 17,
    },
    "pod_labels": {"app": "web"},
    "workload": "web",
    "workload_kind": "Deployment",
}


def _process(binary: str, arguments: str, pid: int, **more: Any) -> dict[str, Any]:
    """A process in the pod web-1, with what `more` says otherwise."""
    return {
        "exec_id": f"bm9kZS0zOjEwMDAwMDA6{pid}",
        "pid": pid,
        "uid": 0,
        "cwd": "/",
        "binary": binary,
        "arguments": arguments,
        "flags": "execve rootcwd clone",
        "start_time": f"2026-11-20T10:00:00.{pid:09}Z",
        "auid": 4294967295,
        "pod": _POD,
        "docker": "0a1b2c3d" * 3,
        "parent_exec_id": "bm9kZS0zOjEwMDAwMDA6100",
        "tid": pid,
        **more,
    }


_SHELL = _process("/bin/sh", "", 100)


def _event(kind: str, second: int, process: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        kind: {"process": process, "parent": _SHELL, **members},
        "node_name": "node-3",
        "time": f"2026-11-20T10:00:{second:02}.123456789Z",
    }


_NSENTER = _process(
    "/usr/bin/nsenter",
    "-t 1 -m -- /bin/bash",
    4242,
    cap={"permitted": _CAPS, "effective": _CAPS},
    ns={"mnt": {"inum": 4026531840, "is_host": True}, "net": {"inum": 4026533000}},
)
NSENTER = _event("process_exec", 1, _NSENTER)
CONNECT = _event(
    "process_kprobe",
    2,
    _process("/usr/bin/curl", "http://169.254.169.254/latest/meta-data/", 4300),
    function_name="tcp_connect",
    args=[
        {
            "sock_arg": {
                "family": "AF_INET",
                "type": "SOCK_STREAM",
                "protocol": "IPPROTO_TCP",
                "saddr": "192.0.2.10",
                "daddr": "169.254.169.254",
                "sport": 50112,
                "dport": 80,
            }
        }
    ],
    action="KPROBE_ACTION_POST",
    policy_name="connections",
)
FILE = _event(
    "process_lsm",
    3,
    _process("/bin/cat", "/run/secrets/kubernetes.io/serviceaccount/token", 4310),
    function_name="file_open",
    args=[{"file_arg": {"path": "/run/secrets/kubernetes.io/serviceaccount/token", "permission": "-rw-r--r--"}}],
    action="KPROBE_ACTION_POST",
    policy_name="tokens",
)
MODULE = _event(
    "process_kprobe",
    4,
    {
        **{name: value for name, value in _process("/usr/sbin/insmod", "x.ko", 4320).items() if name != "pod"},
        "docker": "",
    },
    function_name="do_init_module",
    args=[{"module_arg": {"name": "x", "tainted": ["TAINT_UNSIGNED_MODULE"]}}],
    action="KPROBE_ACTION_POST",
)
EXIT = _event("process_exit", 5, _NSENTER, status=1, signal="SIGKILL")
LOST = {
    "rate_limit_info": {"number_of_dropped_process_events": "1200"},
    "node_name": "node-3",
    "time": "2026-11-20T10:00:06.123456789Z",
}

RECORDS = {
    "nsenter_in_a_pod": NSENTER,
    "connection": CONNECT,
    "token_read": FILE,
    "module_on_the_host": MODULE,
    "exit": EXIT,
    "losses": LOST,
}
"""Name -> canonical record."""

_NEWER = {**NSENTER, "cluster_name": "prod-1"}
_ENTERPRISE = _event(
    "process_connect",
    7,
    _process("/usr/bin/ssh", "198.51.100.7", 4400),
    source_ip="192.0.2.10",
    source_port=49662,
    destination_ip="198.51.100.7",
    destination_port=22,
    protocol="TCP",
)

EXAMPLES = (
    Example(name="export_file", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="with_the_cluster", raw=dump(_NEWER)),
    Example(name="enterprise_connection", raw=dump(_ENTERPRISE)),
    Example(
        name="container_standard_output",
        raw=b"2026-11-20T10:00:02.5Z stdout F " + dump(NSENTER),
    ),
)
