"""Notifications of a registry that runs CNCF Distribution: pulls, pushes, mounts and deletions of blobs and manifests.

The canonical shape is one element of the envelope's `events`. A pull or push of an image is many records, one for each
blob and manifest: `registry.is_manifest` tells those that count.
Source: https://distribution.github.io/distribution/about/notifications/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, text
from stratagem.sources.oci_distribution import columns, reading
from stratagem.sources.oci_distribution.examples import EXAMPLES
from stratagem.sources.oci_distribution.fields import ALIASES, FIELDS


def recognise(record: Native) -> bool:
    """An action on a repository, with an id and a time."""
    return is_canonical(record) and text(record.get("id")) is not None and record.get("timestamp") is not None


def is_canonical(head: Native) -> bool:
    action = head.get("action")
    return (
        isinstance(action, str)
        and isinstance(at(head, "target", "repository"), str)
        and (action in reading.ACTIONS or isinstance(at(head, "request", "method"), str))
    )


def canonical(record: Native) -> tuple[Native, Labels]:
    """The event as it is."""
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    return text(head.get("id"))


def time(head: Native) -> Any:
    return head.get("timestamp")


DERIVED = {
    "registry.action": Derived(compute=reading.action, describe="pull, push, mount or delete.", fields=("action",)),
    "registry.repository": Derived(
        compute=reading.repository, describe="Repository, without the registry.", fields=("target.repository",)
    ),
    "registry.tag": Derived(compute=reading.tag, describe="Tag.", fields=("target.tag",), witnesses=("tag",)),
    "registry.digest": Derived(
        compute=reading.digest, describe="Digest.", fields=("target.digest",), witnesses=("digest",)
    ),
    "registry.actor": Derived(
        compute=reading.actor, describe="Name of who asked, where the registry authenticates.", fields=("actor.name",)
    ),
    "registry.client_ip": Derived(
        compute=reading.client_ip,
        describe="Client's address; a proxy's where the registry sees only that.",
        fields=("request.addr",),
        witnesses=("addr",),
    ),
    "registry.is_manifest": Derived(
        compute=reading.is_manifest,
        describe="Is it a manifest or index, and so an image, not one of its blobs.",
        fields=("target.mediaType",),
        witnesses=("mediaType",),
    ),
}

PLUGIN = Source(
    title="OCI registry notifications",
    vendor_page="https://distribution.github.io/distribution/about/notifications/ (read 2026-11-24)",
    enable="Set notifications.endpoints in the registry's configuration.",
    silent_gaps=(
        "Requests that were refused, the catalogue and tag lists send no notification.",
        "The actor is empty unless the registry authenticates.",
        "The address is the proxy's unless X-Forwarded-For is honoured.",
        "The queue is in memory: a restart loses what was not delivered.",
        "Media types named in ignoredmediatypes, and actions named in ignore.actions, are left out.",
    ),
    logsources=(
        LogSource(product="distribution", service="notifications"),
        LogSource(product="distribution", service="notifications", category="container_registry"),
    ),
    order=210,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("id", "timestamp", "action", "target.repository", "target.mediaType", "request.method"),
    dispatch=("target.repository", "action"),
    uid=uid,
    time=time,
    uid_fields=("id",),
    time_fields=("timestamp",),
    time_numbers=True,
    shape=("request.method",),
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
