"""Falco's fields in words, and the names that rules for Linux processes use."""

from __future__ import annotations

_OUTPUT = {
    "evt.time": "Nanoseconds since 1970.",
    "evt.type": "System call or event (execve, openat, connect).",
    "evt.arg.flags": "Flags of the call (O_WRONLY, EXE_UPPER_LAYER).",
    "user.name": "User of the operating system.",
    "user.uid": "Its number.",
    "user.loginuid": "User that logged in; -1 where none did.",
    "user.loginname": "Its name.",
    "container.id": "Container id, 12 characters; host outside containers.",
    "container.name": "Container name.",
    "container.image": "Image reference, in older versions.",
    "container.image.repository": "Image repository with its registry.",
    "container.image.tag": "Image tag.",
    "container.image.digest": "Image digest.",
    "container.privileged": "Does the container run privileged.",
    "k8s.ns.name": "Namespace of the pod.",
    "k8s.pod.name": "Name of the pod.",
    "k8s.pod.labels": "Labels of the pod; text or a list.",
    "proc.name": "Name of the executable, 15 characters.",
    "proc.cmdline": "Command line.",
    "proc.exepath": "Path of the executable.",
    "proc.exe": "First argument.",
    "proc.args": "Arguments.",
    "proc.pid": "Process id on the host.",
    "proc.cwd": "Working directory.",
    "proc.tty": "Terminal; 0 where there is none.",
    "proc.pname": "Name of the parent's executable.",
    "proc.pcmdline": "Command line of the parent.",
    "proc.pexepath": "Path of the parent's executable.",
    "proc.aname[2]": "Name of the grandparent.",
    "proc.is_exe_upper_layer": "Was the executable added after the container started.",
    "fd.name": "File path, or the connection as text.",
    "fd.typechar": "Kind of the descriptor: f file, 4 IPv4, 6 IPv6, u socket.",
    "fd.sip": "Server's address.",
    "fd.sport": "Server's port.",
    "fd.cip": "Client's address.",
    "fd.cport": "Client's port.",
    "fd.l4proto": "tcp, udp, icmp or raw.",
    "ka.verb": "Kubernetes audit: verb.",
    "ka.user.name": "Kubernetes audit: user.",
    "ka.target.resource": "Kubernetes audit: resource.",
    "ka.target.subresource": "Kubernetes audit: subresource.",
    "ka.target.namespace": "Kubernetes audit: namespace.",
    "ka.target.name": "Kubernetes audit: name of the object.",
    "ka.uri": "Kubernetes audit: request URI.",
    "ka.response.code": "Kubernetes audit: status code.",
    "n_drops": "System calls that were lost, in Falco's own alert about that.",
}

FIELDS = {
    "time": "When the event happened, with nanoseconds.",
    "rule": "Falco's rule.",
    "priority": "Debug, Informational, Notice, Warning, Error, Critical, Alert or Emergency.",
    "source": "syscall, k8s_audit, aws_cloudtrail or another plugin's.",
    "output": "The alert as text.",
    "hostname": "Host, node or pod of the sensor.",
    "tags": "Tags of the rule; techniques as T1611.",
    "uuid": "falcosidekick's id of the alert.",
    "output_fields": "The fields that the rule's output names, flat.",
} | {f"output_fields.{name}": describe for name, describe in _OUTPUT.items()}

_CLASSES = ("evt", "user", "group", "container", "k8s", "proc", "thread", "fd", "fs", "ka", "ct", "jevt", "gcp")
"""Falco's field classes: rules may leave out `output_fields.`"""

ALIASES = {name: (f"output_fields.{name}",) for name in _CLASSES} | {
    "image": ("output_fields.proc.exepath", "output_fields.proc.exe"),
    "commandline": ("output_fields.proc.cmdline",),
    "currentdirectory": ("output_fields.proc.cwd",),
    "processid": ("output_fields.proc.pid",),
    "parentimage": ("output_fields.proc.pexepath", "output_fields.proc.pname"),
    "parentcommandline": ("output_fields.proc.pcmdline",),
}
ALIASES["user"] = ("output_fields.user.name", "output_fields.user")
