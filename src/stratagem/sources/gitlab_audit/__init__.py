"""GitLab audit events: `audit_json.log`, the audit events API, and event streaming.

All three tell the same with other names: the file has the change flat, API and stream have it in `details`. Rules read
the derived `gitlab.*` fields, which are the same for all.
Source: https://docs.gitlab.com/administration/compliance/audit_event_streaming/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import joined
from stratagem.sources.gitlab_audit import columns, reading
from stratagem.sources.gitlab_audit.examples import EXAMPLES
from stratagem.sources.gitlab_audit.fields import ALIASES, FIELDS

ENTITIES = frozenset(("Project", "Group", "User", "Namespaces::ProjectNamespace", "Gitlab::Audit::InstanceScope"))
TIME = ("created_at", "time")
UID = ("id", *TIME, "author_id", "entity_type", "entity_id", "target_type", "target_id", "change", "correlation_id")


def recognise(record: Native) -> bool:
    """An entity of GitLab's types with a time, or of any type with an author."""
    if is_canonical(record):
        return time(record) is not None or "author_id" in record
    return isinstance(record.get("entity_type"), str) and "author_id" in record and "entity_id" in record


def is_canonical(head: Native) -> bool:
    kind = head.get("entity_type")
    return isinstance(kind, str) and kind in ENTITIES


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is."""
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    """The event's number where API and stream give one; the file has none, so its members make the id."""
    return joined(head, UID)


def time(head: Native) -> Any:
    return next((head[name] for name in TIME if head.get(name) is not None), None)


_DETAILS = ("details",)
DERIVED = {
    "gitlab.event": Derived(
        compute=reading.event,
        describe="Name of the event (user_created, project_visibility_level_updated); else what was changed.",
        fields=("event_type", "event_name", "details.event_name", "change"),
    ),
    "gitlab.author": Derived(
        compute=reading.author, describe="Name of who acted.", fields=("author_name", "details.author_name")
    ),
    "gitlab.target": Derived(
        compute=reading.target,
        describe="What was acted on, in words.",
        fields=("target_details", "details.target_details"),
    ),
    "gitlab.path": Derived(
        compute=reading.path,
        describe="Full path of the project or group.",
        fields=("entity_path", "details.entity_path"),
        witnesses=("entity_path",),
    ),
    "gitlab.client_ip": Derived(
        compute=reading.client_ip,
        describe="Client's address.",
        fields=("ip_address", "details.ip_address"),
        witnesses=("ip_address",),
    ),
    "gitlab.changed": Derived(
        compute=reading.changed,
        describe="What changed: name, from, to.",
        fields=("change", "details.change", "from", "to"),
        witnesses=("change",),
    ),
}

PLUGIN = Source(
    title="GitLab audit events",
    vendor_page="https://docs.gitlab.com/user/compliance/audit_events/ (read 2026-11-24)",
    enable=(
        "Add a streaming destination to the top-level group or the instance, poll GET /audit_events, or ship "
        "/var/log/gitlab/gitlab-rails/audit_json.log."
    ),
    silent_gaps=(
        "Which events exist depends on the tier: the Free tier has next to none.",
        "Reads, clones and pulls are in api_json.log and production_json.log, or streamed only when turned on.",
        "The file has neither ids nor, for most events, addresses.",
        "There is no outcome, but for failed sign-ins.",
        "No member names the instance: bind a tenant label to the input.",
    ),
    logsources=(LogSource(product="gitlab", service="audit"),),
    order=240,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=tuple(dict.fromkeys((*UID, "event_type", "event_name"))),
    dispatch=("event_type", "event_name", "entity_type", "change"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=TIME,
    time_numbers=True,
    labels=lambda _: NO_LABELS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
