"""Tetragon's fields in words, and the names that rules for Linux processes use."""

from __future__ import annotations

from stratagem.sources.tetragon.reading import KINDS

_PROCESS = {
    "exec_id": "Id of the process, base64: ties its events together.",
    "parent_exec_id": "The parent's.",
    "pid": "Process id on the host.",
    "uid": "User id.",
    "auid": "Audit user id; 4294967295 where nobody logged in.",
    "cwd": "Working directory.",
    "binary": "Path of the executable.",
    "arguments": "Arguments, without the executable.",
    "flags": "execve, clone, rootcwd, ...",
    "start_time": "When it started.",
    "docker": "Start of the container id.",
    "pod.namespace": "Namespace of the pod.",
    "pod.name": "Name of the pod.",
    "pod.workload": "Workload of the pod.",
    "pod.workload_kind": "Its kind.",
    "pod.pod_labels": "Labels of the pod.",
    "pod.container.id": "Runtime and container id.",
    "pod.container.name": "Container name.",
    "pod.container.image.name": "Image reference.",
    "pod.container.image.id": "Image with digest.",
    "pod.container.maybe_exec_probe": "Is it likely a probe's command.",
    "cap.effective": "Effective capabilities; tetragon.capabilities has them alike.",
    "ns": "Kernel namespaces: inum and is_host each.",
    "binary_properties": "setuid, privileges raised, file without name.",
}
_HOOK = {
    "function_name": "Kernel function.",
    "args": "Arguments: file_arg, string_arg, sock_arg, int_arg, ...",
    "return": "What it returned.",
    "action": "What the policy did (KPROBE_ACTION_POST, _SIGKILL, _OVERRIDE).",
    "policy_name": "Tracing policy.",
}
_OWN = {
    "process_exit": {"signal": "Signal that ended it.", "status": "Exit code."},
    "process_kprobe": _HOOK,
    "process_lsm": _HOOK,
    "process_tracepoint": {**_HOOK, "subsys": "Subsystem.", "event": "Tracepoint."},
    "process_uprobe": {**_HOOK, "path": "Binary with the symbol.", "symbol": "Symbol."},
    "process_loader": {"path": "Library that was loaded.", "buildid": "Its build id."},
    "process_connect": {
        "source_ip": "Source address.",
        "source_port": "Source port.",
        "destination_ip": "Destination address.",
        "destination_port": "Destination port.",
        "protocol": "TCP or UDP.",
    },
}
_TOLD = tuple(kind for kind in KINDS if kind in ("process_exec", "process_exit", "process_kprobe"))

FIELDS = (
    {
        "time": "When it happened, with nanoseconds.",
        "node_name": "Node.",
        "cluster_name": "Cluster, in newer versions.",
        "rate_limit_info.number_of_dropped_process_events": "Events that the rate limit dropped.",
    }
    | {f"{kind}.process.{name}": describe for kind in _TOLD for name, describe in _PROCESS.items()}
    | {f"{kind}.process": "The process." for kind in KINDS}
    | {f"{kind}.parent": "Its parent, with the same members." for kind in KINDS}
    | {f"{kind}.{name}": describe for kind, names in _OWN.items() for name, describe in names.items()}
)

ALIASES = {
    "image": ("tetragon.process.binary",),
    "commandline": ("tetragon.command_line",),
    "currentdirectory": ("tetragon.process.cwd",),
    "processid": ("tetragon.process.pid",),
    "user": ("tetragon.process.user.name",),
    "parentimage": ("tetragon.parent.binary",),
    "parentcommandline": ("tetragon.parent_command_line",),
    "parentprocessid": ("tetragon.parent.pid",),
    "destinationip": ("tetragon.destination_ip",),
    "destinationport": ("tetragon.destination_port",),
}
