"""Docker engine events: containers, images, volumes and networks that come, change and go on one host.

The canonical shape is the engine API's since version 1.22; older records, flat, are brought to it. The command of an
exec stands in `Action` alone (`exec_create: sh -c id`).
Source: https://docs.docker.com/reference/api/engine/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import joined
from stratagem.sources.docker_events import columns, reading
from stratagem.sources.docker_events.examples import EXAMPLES
from stratagem.sources.docker_events.fields import ALIASES, FIELDS

TYPES = frozenset(
    ("container", "image", "volume", "network", "daemon", "plugin", "service", "node", "secret", "config", "builder")
)
UID = ("timeNano", "time", "Type", "Action", "Actor.ID")


def _is_flat(record: Native) -> bool:
    """`status`, `id` and `from`, as engines before 1.10 wrote them alone."""
    return (
        "Type" not in record
        and isinstance(record.get("status"), str)
        and isinstance(record.get("id"), str)
        and isinstance(record.get("from"), str)
        and isinstance(record.get("timeNano", record.get("time")), int)
    )


def recognise(record: Native) -> bool:
    """One of the engine's types with an action and a time, or the old flat form."""
    return (is_canonical(record) and time(record) is not None) or _is_flat(record)


def is_canonical(head: Native) -> bool:
    kind = head.get("Type")
    return isinstance(kind, str) and kind in TYPES and isinstance(head.get("Action"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record with `Type`, `Action` and `Actor`."""
    if not _is_flat(record):
        return record, NO_LABELS
    actor = {"ID": record["id"], "Attributes": {"image": record["from"]}}
    return {**record, "Type": "container", "Action": record["status"], "Actor": actor}, NO_LABELS


def uid(head: Native) -> str | None:
    """Time in nanoseconds, and what happened to what: no event has an id."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return next((head[name] for name in ("timeNano", "time") if head.get(name) is not None), None)


DERIVED = {
    "docker.action": Derived(
        compute=reading.action, describe="The action without what follows a colon (exec_create).", fields=("Action",)
    ),
    "docker.command": Derived(
        compute=reading.command, describe="Command of an exec.", fields=("Action",), witnesses=("exec_",)
    ),
    "docker.container": Derived(
        compute=reading.container,
        describe="Id of the container.",
        fields=("Actor.ID", "Actor.Attributes.container"),
        witnesses=("container",),
    ),
    "docker.pod": Derived(
        compute=reading.pod,
        describe="namespace/name of the pod that the container's labels name.",
        fields=("Actor.Attributes",),
        witnesses=("io.kubernetes.pod.name",),
    ),
    **_image.derived(reading.image, ("Actor.Attributes.image", "Actor.Attributes.name")),
}

PLUGIN = Source(
    title="Docker events",
    vendor_page="https://docs.docker.com/reference/cli/docker/system/events/ (read 2026-11-24)",
    enable="Keep `docker events --format json` running on each host, and ship what it prints.",
    silent_gaps=(
        "Who asked is never told: neither user nor address.",
        "Privileged mode, mounts and capabilities of a container are not told.",
        "The engine remembers 256 events and keeps none: what happens while nobody listens is lost.",
        "An event names no host: bind a label to the input.",
    ),
    logsources=(
        LogSource(product="docker", service="events"),
        LogSource(product="linux", service="docker", category="process_creation", only=reading.is_exec),
    ),
    order=200,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=UID,
    dispatch=("Action", "Type"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("timeNano", "time"),
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
