"""Harbor webhooks: artifacts pushed, pulled and deleted, scans, quotas and replications of a project.

The canonical shape is Harbor's default payload; its CloudEvents payload is brought to it.
Source: https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources.harbor_webhook import columns, reading
from stratagem.sources.harbor_webhook.examples import EXAMPLES
from stratagem.sources.harbor_webhook.fields import ALIASES, FIELDS


def recognise(record: Native) -> bool:
    """One of Harbor's types around event data, or Harbor's CloudEvent."""
    return (is_canonical(record) and record.get("occur_at") is not None) or reading.is_cloud_event(record)


def is_canonical(head: Native) -> bool:
    kind = head.get("type")
    return isinstance(kind, str) and kind in reading.TYPES


def canonical(record: Native) -> tuple[Native, Labels]:
    """The default payload."""
    return (reading.from_cloud_event(record) if reading.is_cloud_event(record) else record), NO_LABELS


def uid(record: Native) -> str | None:
    """An event has no id, and two of one second may differ in their artifacts alone: its hash is its id."""
    return None


def time(head: Native) -> Any:
    return head.get("occur_at")


DERIVED = {
    "registry.action": Derived(
        compute=reading.action, describe="push, pull or delete; else the type in lower case.", fields=("type",)
    ),
    "registry.repository": Derived(
        compute=reading.repository,
        describe="Repository, without the registry.",
        fields=("event_data.repository.repo_full_name",),
        witnesses=("repo_full_name",),
    ),
    "registry.tag": Derived(
        compute=reading.tags,
        describe="Tags of the artifacts.",
        fields=("event_data.resources.tag",),
        witnesses=("tag",),
    ),
    "registry.digest": Derived(
        compute=reading.digests,
        describe="Digests of the artifacts.",
        fields=("event_data.resources.digest",),
        witnesses=("digest",),
    ),
    "registry.actor": Derived(
        compute=reading.actor, describe="Who asked; robots are robot$project+name.", fields=("operator",)
    ),
    "registry.is_manifest": Derived(
        compute=reading.is_artifact, describe="True: Harbor tells of whole artifacts.", fields=("type",)
    ),
    "harbor.is_robot": Derived(
        compute=reading.is_robot, describe="Is the operator a robot account.", fields=("operator",)
    ),
}

PLUGIN = Source(
    title="Harbor webhooks",
    vendor_page=(
        "https://goharbor.io/docs/main/working-with-projects/project-configuration/configure-webhooks/"
        " (read 2026-11-24)"
    ),
    enable="Add a webhook to each project for pushes, pulls and deletions.",
    silent_gaps=(
        "Webhooks are a project's own: a new project has none.",
        "Neither address nor user agent is told.",
        "Sign-ins, users, robots and refusals send no webhook.",
        "Scanners pull as robots, so pulls by robots are mostly theirs.",
    ),
    logsources=(
        LogSource(product="harbor", service="webhook"),
        LogSource(product="harbor", service="webhook", category="container_registry"),
    ),
    order=220,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("type", "occur_at", "operator", "event_data.repository.repo_full_name"),
    dispatch=("operator", "type", "event_data.repository.repo_full_name"),
    uid=uid,
    time=time,
    time_fields=("occur_at",),
    time_numbers=True,
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
