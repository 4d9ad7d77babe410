"""Okta system log: sign-ins, accounts, groups, roles, applications, tokens and policies.

The canonical shape is the System Log API's LogEvent. Log streaming to EventBridge puts it under `detail`, event hooks
under `data.events`.
Source: https://developer.okta.com/docs/reference/api/system-log/, read 2026-11-24.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import text
from stratagem.sources.okta_system_log import columns, reading
from stratagem.sources.okta_system_log.examples import EXAMPLES
from stratagem.sources.okta_system_log.fields import ALIASES, FIELDS


def recognise(record: Native) -> bool:
    """An event type beside Okta's uuid and time."""
    return (
        isinstance(record.get("eventType"), str)
        and isinstance(record.get("uuid"), str)
        and record.get("published") is not None
    )


def is_canonical(head: Native) -> bool:
    return isinstance(head.get("eventType"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The event as it is. No member names the tenant; a domain in the debug data does in some."""
    return record, NO_LABELS


def uid(head: Native) -> str | None:
    return text(head.get("uuid"))


def time(head: Native) -> Any:
    return head.get("published")


DERIVED = {
    "outcome": Derived(
        compute=reading.outcome, describe="success, denied, failure or unknown.", fields=("outcome.result",)
    ),
    "okta.actor": Derived(compute=reading.actor, describe="Id of who acted.", fields=("actor.id",)),
    "okta.actor_kind": Derived(
        compute=reading.actor_kind, describe="user, service, system or unknown.", fields=("actor.type", "actor.id")
    ),
    "okta.users": Derived(
        compute=reading.users,
        describe="Login names of the users that were acted on.",
        fields=("target",),
        witnesses=("User",),
    ),
    "okta.groups": Derived(
        compute=reading.groups,
        describe="Names of the groups that were acted on.",
        fields=("target",),
        witnesses=("Group",),
    ),
    "okta.applications": Derived(
        compute=reading.applications,
        describe="Names of the applications that were acted on or signed in to.",
        fields=("target",),
        witnesses=("App",),
    ),
    "okta.targets": Derived(
        compute=reading.targets, describe="Names and login names of all targets.", fields=("target",)
    ),
    "okta.behaviors": Derived(
        compute=reading.behaviors,
        describe="Behaviours that the sign-in showed (New Device=POSITIVE gives New Device).",
        fields=("debugContext.debugData.behaviors",),
        witnesses=("behaviors",),
    ),
}

PLUGIN = Source(
    title="Okta system log",
    vendor_page="https://developer.okta.com/docs/reference/api/system-log/ (read 2026-11-24)",
    enable="Poll GET /api/v1/logs with a token or OAuth scope okta.logs.read, or add a log stream to EventBridge.",
    silent_gaps=(
        "The System Log API gives 90 days.",
        "Polling by time misses events that are published late: follow the answer's next link.",
        "Reads of users and groups through the API are not logged.",
        "debugContext holds what is needed most (behaviours, factors, tokens) and promises no names.",
        "No member names the organisation: bind a tenant label to the input.",
    ),
    logsources=(LogSource(product="okta", service="okta"), LogSource(product="okta", service="system")),
    order=190,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("eventType", "uuid", "published", "outcome.result"),
    dispatch=("eventType", "outcome.result"),
    uid=uid,
    time=time,
    uid_fields=("uuid",),
    time_fields=("published",),
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
