"""Tracee events of our own making: a program, a file, a packet, a signature, the older shape."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines


def _event(name: str, number: int, args: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A complete event in the pod web-1, with what `more` says otherwise."""
    return {
        "timestamp": 1795168800123456789 + number * 10**9,
        "threadStartTime": 1795168800000000000,
        "processorId": 1,
        "processId": 17,
        "cgroupId": 5650,
        "threadId": 17,
        "parentProcessId": 1,
        "hostProcessId": 4242,
        "hostThreadId": 4242,
        "hostParentProcessId": 4200,
        "userId": 0,
        "mountNamespace": 4026531841,
        "pidNamespace": 4026531836,
        "processName": "sh",
        "executable": {"path": "/bin/sh"},
        "hostName": "node-3",
        "containerId": "0a1b2c3d" * 8,
        "container": {
            "id": "0a1b2c3d" * 8,
            "name": "web",
            "image": "registry.example.com/prod/web:1.4.2",
            "imageDigest": "sha256:" + "ab" * 32,
        },
        "kubernetes": {"podName": "web-1", "podNamespace": "prod", "podUID": "33333333-0000-4000-8000-000000000001"},
        "eventId": str(700 + number),
        "eventName": name,
        "matchedPolicies": ["containers"],
        "argsNum": len(args),
        "returnValue": 0,
        "syscall": "",
        "stackAddresses": None,
        "contextFlags": {"containerStarted": True, "isCompat": False},
        "args": [{"name": key, "type": "const char*", "value": value} for key, value in args.items()],
        **more,
    }


RECORDS = {
    "program_started": _event(
        "sched_process_exec",
        1,
        {"pathname": "/usr/bin/nsenter", "argv": ["nsenter", "-t", "1", "-m", "--", "/bin/bash"]},
    ),
    "file_opened": _event(
        "security_file_open",
        2,
        {"pathname": "/run/secrets/kubernetes.io/serviceaccount/token", "flags": "O_RDONLY"},
        syscall="openat",
    ),
    "packet": _event(
        "net_packet_tcp",
        3,
        {"src": "192.0.2.10", "dst": "169.254.169.254", "src_port": 50112, "dst_port": 80},
        processName="curl",
    ),
    "signature": _event(
        "docker_abuse",
        4,
        {"pathname": "/var/run/docker.sock"},
        metadata={
            "Version": "1",
            "Description": "An attempt to use the socket of the container engine from a container",
            "Tags": None,
            "Properties": {
                "Category": "privilege-escalation",
                "Severity": 2,
                "Technique": "Exploitation for Privilege Escalation",
                "external_id": "T1068",
                "signatureID": "EXAMPLE-1",
                "signatureName": "Container engine socket abused",
            },
        },
    ),
}
"""Name -> canonical record."""

_OLDER = {
    **{name: value for name, value in RECORDS["file_opened"].items() if name not in ("container", "kubernetes")},
    "containerImage": "registry.example.com/prod/web:1.4.2",
    "containerName": "web",
    "podName": "web-1",
    "podNamespace": "prod",
    "podUID": "33333333-0000-4000-8000-000000000001",
}

EXAMPLES = (
    Example(name="json_output", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="older_version", raw=dump(_OLDER)),
)
