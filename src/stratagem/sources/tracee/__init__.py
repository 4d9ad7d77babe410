"""Tracee events: system calls, kernel hooks, network packets, and the signatures that Tracee finds in them.

The canonical shape is the JSON output up to version 0.24: names and values of arguments under `args`, times in
nanoseconds. Older records name container and pod flat, newer ones in `container` and `kubernetes`; the derived fields
read both.
Source: https://aquasecurity.github.io/tracee/v0.24/docs/outputs/event-structure/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import joined
from stratagem.sources.tracee import columns, reading
from stratagem.sources.tracee.examples import EXAMPLES
from stratagem.sources.tracee.fields import ALIASES, FIELDS

UID = ("timestamp", "hostName", "hostThreadId", "hostProcessId", "processorId", "eventName")


def recognise(record: Native) -> bool:
    """An event's name beside the process's name and a time."""
    return is_canonical(record) and record.get("timestamp") is not None


def is_canonical(head: Native) -> bool:
    return all(isinstance(head.get(name), str) for name in ("eventName", "processName", "hostName"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is."""
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    """Nanosecond, thread and processor: no event has an id."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("timestamp")


DERIVED = {
    "tracee.args": Derived(
        compute=reading.arguments, describe="Arguments by name: tracee.args.pathname.", fields=("args",)
    ),
    "tracee.command_line": Derived(
        compute=reading.command_line,
        describe="Arguments of a program that is started.",
        fields=("args",),
        witnesses=("argv",),
    ),
    "tracee.path": Derived(
        compute=reading.path,
        describe="Path that the event is about (a file, a program).",
        fields=("args", "executable.path"),
        witnesses=("path",),
    ),
    "tracee.container": Derived(
        compute=reading.container,
        describe="Container id.",
        fields=("container.id", "containerId"),
        witnesses=("container",),
    ),
    "tracee.pod": Derived(
        compute=reading.pod,
        describe="namespace/name of the pod.",
        fields=("kubernetes.podName", "podName"),
        witnesses=("podName",),
    ),
    "tracee.is_signature": Derived(
        compute=reading.is_signature,
        describe="Is it a finding of a signature.",
        fields=("metadata",),
        witnesses=("metadata",),
    ),
    "tracee.signature": Derived(
        compute=reading.signature,
        describe="Id of the signature.",
        fields=("metadata.Properties.signatureID",),
        witnesses=("signatureID",),
    ),
    "tracee.destination_ip": Derived(
        compute=reading.destination_ip,
        describe="Address that packets go to.",
        fields=("args",),
        witnesses=("dst", "sin_addr"),
    ),
    **_image.derived(reading.image, ("container.image", "containerImage")),
}

PLUGIN = Source(
    title="Tracee",
    vendor_page="https://aquasecurity.github.io/tracee/v0.24/docs/outputs/event-structure/ (read 2026-11-24)",
    enable="Run Tracee with `--output json`, and policies that select the events.",
    silent_gaps=(
        "Only events that a policy selects are here.",
        "Events are lost under load; Tracee counts them in its metrics alone.",
        "The process's name has 15 characters; its path and the pod are missing without enrichment.",
        "The structure of later versions (`workload`, `data`) is not read.",
        "An event names no cluster: bind a label to the input.",
    ),
    logsources=(
        LogSource(product="tracee"),
        LogSource(product="linux", service="tracee", category="process_creation", only=reading.is_exec),
    ),
    order=165,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=tuple(dict.fromkeys((*UID, "processName"))),
    dispatch=("eventName", "processName"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("timestamp",),
    time_numbers=True,
    shape=("hostName",),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=10),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
