"""Harbor audit log: who did what to projects, repositories, artifacts, tags, and, since 2.13, users, robots, settings.

The canonical shape is an element of the API's answer; the older log has neither result nor description.
Source: https://goharbor.io/docs/main/administration/log-rotation/ and the API of Harbor 2.13, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import joined, text
from stratagem.sources.harbor_audit import columns
from stratagem.sources.harbor_audit.examples import EXAMPLES

UID = ("id", "op_time", "username", "resource_type", "operation", "resource")


def recognise(record: Native) -> bool:
    """A user's operation on a type of resource, with Harbor's time."""
    return is_canonical(record) and record.get("op_time") is not None


def is_canonical(head: Native) -> bool:
    return all(isinstance(head.get(name), str) for name in ("operation", "resource_type"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is."""
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    """The number alone is no id: a database that was restored counts anew."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("op_time")


def outcome(record: Native) -> str:
    """The older log tells no result, and logs what succeeded."""
    result = record.get("operation_result")
    return "success" if result is True else "failure" if result is False else "unknown"


def actor(record: Native) -> str | None:
    return text(record.get("username"))


def is_robot(record: Native) -> bool:
    return (actor(record) or "").startswith("robot$")


def repository(record: Native) -> str | None:
    """`prod/web:1.4.2` and `prod/web@sha256:…` without tag and digest; None where the resource is no artifact."""
    if record.get("resource_type") not in ("artifact", "repository", "tag"):
        return None
    said = text(record.get("resource"))
    return (said.partition("@")[0].partition(":")[0] or None) if said else None


DERIVED = {
    "outcome": Derived(
        compute=outcome, describe="success, failure, or unknown before 2.13.", fields=("operation_result",)
    ),
    "registry.action": Derived(
        compute=lambda record: text(record.get("operation")),
        describe="create, pull, delete, update, login, ...",
        fields=("operation",),
    ),
    "registry.repository": Derived(
        compute=repository, describe="Repository of an artifact, without tag.", fields=("resource", "resource_type")
    ),
    "registry.actor": Derived(
        compute=actor, describe="Who asked; robots are robot$project+name.", fields=("username",)
    ),
    "harbor.is_robot": Derived(compute=is_robot, describe="Is the user a robot account.", fields=("username",)),
}

FIELDS = {
    "id": "Number of the record.",
    "username": "Who asked.",
    "resource": "What it was done to.",
    "resource_type": "artifact, repository, project, tag, user, robot, configuration, ...",
    "operation": "create, pull, delete, update, login, logout, ...",
    "op_time": "When it was done.",
    "operation_description": "The same in words, since 2.13.",
    "operation_result": "Did it succeed, since 2.13.",
    "client_address": "Client's address, where the version has it.",
}

PLUGIN = Source(
    title="Harbor audit log",
    vendor_page="https://goharbor.io/docs/main/administration/log-rotation/ (read 2026-11-24)",
    enable="Poll GET /api/v2.0/auditlog-exts (2.13) or /api/v2.0/audit-logs as an administrator.",
    silent_gaps=(
        "Before 2.13 only projects, repositories, artifacts and tags are logged: no sign-ins, users, robots, settings.",
        "Neither address nor user agent is told.",
        "The logging of pulls, and of any other event type, can be turned off.",
        "With `skip audit log database` the records go to the forward endpoint alone, and are lost if that is dead.",
    ),
    logsources=(
        LogSource(product="harbor", service="audit"),
        LogSource(product="harbor", service="audit", category="container_registry"),
    ),
    order=221,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=UID,
    dispatch=("operation", "resource_type"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("op_time",),
    time_numbers=True,
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases={"actor": ("username",), "actor.name": ("username",), "action": ("operation",)},
)
