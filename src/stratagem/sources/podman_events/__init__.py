"""Podman events: containers, pods, images, volumes and networks of one user on one host.

The canonical shape is `podman events --format json`; the fields of the journal are brought to it.
Source: https://docs.podman.io/en/latest/markdown/podman-events.1.html, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _image
from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import first_text, joined, text
from stratagem.sources.podman_events import columns
from stratagem.sources.podman_events.examples import EXAMPLES
from stratagem.sources.podman_events.fields import ALIASES, FIELDS

TYPES = frozenset(("container", "pod", "image", "artifact", "system", "volume", "secret", "network", "machine"))
TIME = ("timeNano", "Time", "time")
UID = (*TIME, "Type", "Status", "ID", "Name", "_HOSTNAME", "_UID")
_JOURNAL = {
    "PODMAN_EVENT": "Status",
    "PODMAN_TYPE": "Type",
    "PODMAN_TIME": "Time",
    "PODMAN_NAME": "Name",
    "PODMAN_ID": "ID",
    "PODMAN_IMAGE": "Image",
    "PODMAN_EXIT_CODE": "ContainerExitCode",
    "PODMAN_POD_ID": "PodID",
    "PODMAN_NETWORK_NAME": "Network",
}


def recognise(record: Native) -> bool:
    """A status of one of Podman's types with a time and a name, or the journal's fields."""
    if isinstance(record.get("PODMAN_EVENT"), str) and isinstance(record.get("PODMAN_TYPE"), str):
        return True
    return is_canonical(record) and time(record) is not None


def is_canonical(head: Native) -> bool:
    kind = head.get("Type")
    return isinstance(kind, str) and kind in TYPES and isinstance(head.get("Status"), str) and "Action" not in head


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as `--format json` writes it; the journal's own fields stay beside."""
    if "PODMAN_EVENT" not in record:
        return record, NO_LABELS
    return {_JOURNAL.get(name, name): value for name, value in record.items()}, NO_LABELS


def uid(head: Native) -> str | None:
    """Time, and what happened to what: no event has an id."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return next((head[name] for name in TIME if head.get(name) is not None), None)


def container(record: Native) -> str | None:
    return text(record.get("ID")) if record.get("Type") == "container" else None


def image(record: Native) -> str | None:
    return text(record.get("Name")) if record.get("Type") == "image" else first_text(record.get("Image"))


DERIVED = {
    "podman.container": Derived(
        compute=container, describe="Id of the container.", fields=("ID", "Type"), witnesses=("container",)
    ),
    **_image.derived(image, ("Image", "Name")),
}

PLUGIN = Source(
    title="Podman events",
    vendor_page="https://docs.podman.io/en/latest/markdown/podman-events.1.html (read 2026-11-24)",
    enable=(
        "Ship `podman events --format json`, or the journal (SYSLOG_IDENTIFIER=podman). events_container_create_"
        "inspect_data=true in containers.conf adds what a container was created with."
    ),
    silent_gaps=(
        "Each user has events of its own: collecting root's shows no rootless container.",
        "Who asked through the API socket is not told.",
        "Privileged mode and mounts are told only with events_container_create_inspect_data.",
        "The command of an exec is not told.",
    ),
    logsources=(LogSource(product="podman", service="events"),),
    order=201,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=tuple(dict.fromkeys((*UID, "Action"))),
    dispatch=("Status", "Type"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=TIME,
    time_numbers=True,
    shape=("Action",),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(minutes=10),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
