"""Log lines of containerd and dockerd: pods' sandboxes, containers, images, and what failed about them.

The canonical shape is the JSON that both write with log format `json`: `time`, `level`, `msg`. Lines that say the
same as `key=value` text arrive in the journal, bare or in GKE's log entries, and are brought to it; of these, only a
line that a container engine wrote is taken.
Source: https://github.com/containerd/containerd/blob/main/docs/ops.md, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import joined
from stratagem.sources.containerd import columns, reading
from stratagem.sources.containerd.examples import EXAMPLES
from stratagem.sources.containerd.fields import ALIASES, FIELDS

UID = ("time", "node", "msg")


def recognise(record: Native) -> bool:
    """A line that begins as the container engine's lines do, or one that the journal says is an engine's."""
    return (is_canonical(record) and "time" in record) or reading.journal(record) is not None


def is_canonical(head: Native) -> bool:
    return isinstance(head.get("level"), str) and reading.is_engine_s(head.get("msg"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The line as JSON, with the node and its cluster. Raises Malformed where a journal's line says nothing."""
    entry = reading.journal(record)
    if entry is None:
        return record, NO_LABELS
    made = reading.from_text(entry, record)
    if made is None:
        raise Malformed("a line of the engine without a message")
    return made, reading.labels(record)


def uid(head: Native) -> str | None:
    """Time, node and line."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("time")


_MESSAGE = ("msg",)
DERIVED = {
    "containerd.operation": Derived(
        compute=reading.operation,
        describe="What it was about: RunPodSandbox, CreateContainer, PullImage, ...",
        fields=_MESSAGE,
    ),
    "containerd.container": Derived(
        compute=reading.container, describe="Container id.", fields=_MESSAGE, witnesses=("ontainer",)
    ),
    "containerd.sandbox": Derived(
        compute=reading.sandbox, describe="Id of the pod's sandbox.", fields=_MESSAGE, witnesses=("andbox",)
    ),
    "containerd.pod": Derived(
        compute=reading.pod,
        describe="namespace/name of the pod.",
        fields=_MESSAGE,
        witnesses=("PodSandboxMetadata",),
    ),
    "containerd.container_name": Derived(
        compute=reading.container_name,
        describe="Name of the container in its pod.",
        fields=_MESSAGE,
        witnesses=("ContainerMetadata",),
    ),
    "containerd.failed": Derived(compute=reading.failed, describe="Did it fail.", fields=("level", "msg", "error")),
    **_image.derived(reading.image, _MESSAGE),
}

PLUGIN = Source(
    title="containerd and dockerd log lines",
    vendor_page="https://github.com/containerd/containerd/blob/main/docs/ops.md (read 2026-11-24)",
    enable="Ship the journal of containerd.service or docker.service; format `json` under [debug] saves reading text.",
    silent_gaps=(
        "Nobody is named who asked; the kubelet asks for nearly all of it.",
        "Neither commands, mounts nor privileges of a container are told.",
        "At level warn or error the lines about sandboxes and containers are not written.",
        "Lines are text for people, and change between versions.",
    ),
    logsources=(LogSource(product="containerd"),),
    order=250,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("level", *UID),
    dispatch=("level", "msg"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    time_numbers=True,
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=10),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
