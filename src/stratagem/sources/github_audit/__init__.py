"""GitHub audit log: who changed what in an organisation or enterprise, and, where it is paid for, Git and API requests.

The canonical shape is the REST answer's element, which streaming and the web export write too. GitHub Enterprise Server
sends the same object behind a syslog header, its details under `data`.
Source: https://docs.github.com/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization,
read 2026-11-24.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, text, truthy
from stratagem.sources.github_audit import columns
from stratagem.sources.github_audit.examples import EXAMPLES
from stratagem.sources.github_audit.fields import ALIASES, FIELDS

TIME = ("@timestamp", "created_at", "at_sign_timestamp")
_ACTION = re.compile(r"[a-z0-9_]+\.[a-z0-9_]*", re.IGNORECASE)
_PLACES = ("org", "business", "repo", "repository", "user", "operation_type", "programmatic_access_type")


def _is_action(value: Any) -> bool:
    return isinstance(value, str) and _ACTION.fullmatch(value) is not None


def recognise(record: Native) -> bool:
    """An action beside GitHub's document id; or one with its category, and an actor (a name, no object) in a place."""
    action = record.get("action")
    if "_document_id" in record:
        return isinstance(action, str)
    is_named = "actor" in record and not isinstance(record["actor"], dict)
    return _is_action(action) and is_named and any(name in record for name in _PLACES)


def is_canonical(head: Native) -> bool:
    return isinstance(head.get("action"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is, with its organisation and enterprise as labels."""
    account, tenant = organisation(record), text(record.get("business"))
    return record, Labels(account=account, tenant=tenant) if account or tenant else NO_LABELS


def uid(head: Native) -> str | None:
    return text(head.get("_document_id"))


def time(head: Native) -> Any:
    """Milliseconds since 1970; an older export may have text."""
    return next((head[name] for name in TIME if head.get(name) is not None), None)


def organisation(record: Native) -> str | None:
    """The organisation; of several (an enterprise's event) the first."""
    said = record.get("org")
    return text(said[0]) if isinstance(said, list) and said else text(said)


def repository(record: Native) -> str | None:
    return first_text(record.get("repo"), record.get("repository"), at(record, "data", "repo"))


def actor(record: Native) -> str | None:
    """The account's number, which a rename leaves as it is; else its name."""
    number = record.get("actor_id")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    return first_text(number, record.get("actor"))


def is_bot(record: Native) -> bool:
    name = text(record.get("actor")) or ""
    return truthy(record.get("actor_is_bot")) or name.endswith("[bot]")


def category(record: Native) -> str | None:
    said = text(record.get("action"))
    return said.partition(".")[0] if said else None


def outcome(record: Native) -> str:
    """The log tells no outcome, but for failed sign-ins and runs."""
    action = text(record.get("action")) or ""
    if action == "user.failed_login" or text(record.get("conclusion")) == "failure":
        return "failure"
    return "success" if text(record.get("conclusion")) == "success" else "unknown"


DERIVED = {
    "outcome": Derived(
        compute=outcome, describe="success, failure or, nearly always, unknown.", fields=("action", "conclusion")
    ),
    "github.actor": Derived(
        compute=actor, describe="Number of the account that acted, else its name.", fields=("actor_id", "actor")
    ),
    "github.is_bot": Derived(compute=is_bot, describe="Did an app or bot act.", fields=("actor_is_bot", "actor")),
    "github.category": Derived(compute=category, describe="The action's part before the dot.", fields=("action",)),
    "github.repository": Derived(
        compute=repository,
        describe="owner/name, wherever the record has it.",
        fields=("repo", "repository", "data.repo"),
    ),
    "github.organisation": Derived(
        compute=organisation, describe="Organisation, the first of several.", fields=("org",)
    ),
}

PLUGIN = Source(
    title="GitHub audit log",
    vendor_page=(
        "https://docs.github.com/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/"
        "reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise (read 2026-11-24)"
    ),
    enable=(
        "Stream the enterprise's audit log to a bucket or event hub, poll GET /orgs/ORG/audit-log?include=all, or "
        "forward it from GitHub Enterprise Server by syslog."
    ),
    silent_gaps=(
        "Addresses are absent until the disclosure of IP addresses is turned on.",
        "Git events are kept for 7 days; they and API requests need Enterprise Cloud and an opt-in.",
        "A push does not name files: only the push webhook does.",
        "The use of secrets by workflows, and what a job did, are not logged.",
        "There is no outcome: what was refused is mostly not logged.",
        "A stream that is paused keeps 7 days.",
    ),
    logsources=(LogSource(product="github", service="audit"),),
    order=170,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("action", "_document_id", *TIME),
    dispatch=("action",),
    uid=uid,
    time=time,
    uid_fields=("_document_id",),
    time_fields=TIME,
    time_numbers=True,
    shape=(),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=24),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
