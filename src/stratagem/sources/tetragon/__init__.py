"""Tetragon events: processes that start and end, and what its tracing policies hook in the kernel.

The canonical shape is the export file's: one member that names the kind (`process_exec`, `process_kprobe`, ...) beside
`node_name` and `time`. Rules may name a member of one kind, or `tetragon.process` of any.
Source: https://tetragon.io/docs/reference/grpc-api/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, joined, text
from stratagem.sources.tetragon import columns, reading
from stratagem.sources.tetragon.examples import EXAMPLES
from stratagem.sources.tetragon.fields import ALIASES, FIELDS
from stratagem.sources.tetragon.reading import KINDS

_BINARIES = tuple(f"{kind}.process.binary" for kind in KINDS)
_HOOKS = (
    *("process_kprobe.function_name", "process_kprobe.policy_name", "process_lsm.function_name"),
    *("process_tracepoint.event", "process_uprobe.symbol", "process_loader.path"),
)
_LOST = "rate_limit_info.number_of_dropped_process_events"
UID = ("time", "node_name", *(f"{kind}.process.exec_id" for kind in KINDS), *_HOOKS, _LOST)


def recognise(record: Native) -> bool:
    """One of the kinds beside a time."""
    return record.get("time") is not None and (reading.kind_of(record) is not None or "rate_limit_info" in record)


def is_canonical(head: Native) -> bool:
    """A kind's process has its binary, or the record tells of losses."""
    kind = reading.kind_of(head)
    if kind is not None:
        return text(at(head, kind, "process", "binary")) is not None
    return text(at(head, "rate_limit_info", "number_of_dropped_process_events")) is not None


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is. Raises Malformed where the kind holds no process."""
    kind = reading.kind_of(record)
    if kind is not None and not isinstance(at(record, kind, "process"), dict):
        raise Malformed(f"{kind} holds no process")
    cluster = text(record.get("cluster_name"))
    return record, Labels(cluster=cluster) if cluster else NO_LABELS


def uid(head: Native) -> str | None:
    """Time, node, process and hook: no event has an id of its own."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("time")


_ANY = tuple(f"{kind}.process" for kind in KINDS)


def _derived(compute: Any, describe: str, fields: tuple[str, ...] = _ANY, witnesses: tuple[str, ...] = ()) -> Derived:
    return Derived(compute=compute, describe=describe, fields=fields, witnesses=witnesses)


DERIVED = {
    "tetragon.type": _derived(reading.type_of, "exec, exit, kprobe, tracepoint, uprobe, lsm, loader, connect, ..."),
    "tetragon.process": _derived(reading.process, "The process, whatever the kind: tetragon.process.binary.", _ANY),
    "tetragon.parent": _derived(
        reading.parent, "Its parent, whatever the kind.", tuple(f"{kind}.parent" for kind in KINDS), ("parent",)
    ),
    "tetragon.command_line": _derived(reading.command_line, "Binary and arguments of the process."),
    "tetragon.parent_command_line": _derived(
        reading.parent_command_line,
        "Binary and arguments of the parent.",
        tuple(f"{kind}.parent" for kind in KINDS),
        ("parent",),
    ),
    "tetragon.function": _derived(
        reading.function, "Function, tracepoint, symbol or hook that a tracing policy names.", _HOOKS
    ),
    "tetragon.pod": _derived(reading.pod, "namespace/name of the pod.", witnesses=("pod",)),
    "tetragon.in_container": _derived(reading.in_container, "Is the process one of a container, as far as it is told."),
    "tetragon.host_namespaces": _derived(
        reading.host_namespaces,
        "Of a process in a pod: kernel namespaces that are the host's (mnt, pid, net, ...).",
        witnesses=("is_host",),
    ),
    "tetragon.capabilities": _derived(
        reading.capabilities, "Effective capabilities, each with CAP_.", witnesses=("effective",)
    ),
    "tetragon.files": _derived(
        reading.files,
        "Paths among the arguments of a hook.",
        tuple(f"{kind}.args" for kind in KINDS),
        ("file_arg", "path_arg", "linux_binprm_arg"),
    ),
    "tetragon.strings": _derived(
        reading.strings,
        "Text arguments of a hook.",
        tuple(f"{kind}.args" for kind in KINDS),
        ("string_arg", "module_arg"),
    ),
    "tetragon.destination_ip": _derived(
        reading.destination_ip,
        "Address that a connection goes to.",
        tuple(f"{kind}.args" for kind in KINDS),
        ("sock_arg", "sockaddr_arg", "skb_arg", "destination_ip"),
    ),
    "tetragon.destination_port": _derived(
        reading.destination_port,
        "Port that a connection goes to.",
        tuple(f"{kind}.args" for kind in KINDS),
        ("sock_arg", "sockaddr_arg", "skb_arg", "destination_port"),
    ),
    **_image.derived(reading.image, ("tetragon.process.pod.container.image.name",)),
}

PLUGIN = Source(
    title="Tetragon",
    vendor_page="https://tetragon.io/docs/reference/grpc-api/ (read 2026-11-24)",
    enable=(
        "Install Tetragon; the export file is /var/run/cilium/tetragon/tetragon.log on each node, and the container "
        "export-stdout writes the same. Capabilities and namespaces need enable-process-cred and enable-process-ns."
    ),
    silent_gaps=(
        "Beside starts and ends of processes, only what a tracing policy hooks is here.",
        "Capabilities and namespaces (the marks of an escape) are absent unless both options are on.",
        "The pod is missing for the first moments of a container.",
        "Export filters, rate limits and lost ring buffer events drop silently; rate_limit_info tells of limits alone.",
        "Arguments are cut where they are long.",
        "Users are numbers of the operating system, not who asked for the container.",
    ),
    logsources=(
        LogSource(product="tetragon"),
        LogSource(product="linux", service="tetragon", category="process_creation", only=reading.is_exec),
        LogSource(product="linux", service="tetragon", category="network_connection", only=reading.is_connection),
    ),
    order=160,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(*_BINARIES, *UID),
    dispatch=("process_exec.process.binary", "process_kprobe.function_name"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    time_numbers=True,
    shape=(*_BINARIES[1:], _LOST),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=10),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
