"""Who did what to whom in Workspace, and what came of it."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import address, at, first_text, listing, text
from stratagem.sources.google_workspace import variants

SUCCESSES = frozenset({"login_success"})
FAILURES = frozenset({"login_failure", "samlloginfailed"})
TARGETS = ("user_email", "target_user", "member_id", "member_email", "affected_email_address", "user_id")
GROUPS = ("group_email", "group_id", "group_name")


def application(record: Native) -> str | None:
    return text(at(record, "id", "applicationName"))


def service(record: Native) -> str | None:
    """The service under whose name Cloud Logging has the application: `admin.googleapis.com`."""
    return variants.SERVICES.get(application(record) or "")


def names(record: Native) -> list[str] | None:
    """Names of the activity's events."""
    return [name for event in variants.events(record) if (name := text(event.get("name")))] or None


def events(record: Native) -> list[dict[str, Any]] | None:
    """The events with their parameters as one object, names in lower case."""
    made = [
        {**{name: event[name] for name in ("type", "name") if name in event}, **_parameters(event)}
        for event in variants.events(record)
    ]
    return made or None


def _parameters(event: Native) -> dict[str, Any]:
    return {"parameters": variants.named(event.get("parameters"))}


def parameters(record: Native) -> list[dict[str, Any]] | None:
    """The parameters of each event as one object, names in lower case."""
    found = [variants.named(event.get("parameters")) for event in variants.events(record)]
    return [one for one in found if one] or None


def actor(record: Native) -> str | None:
    """Address of who acted in lower case, else the profile's id or the key of an application."""
    email = text(at(record, "actor", "email"))
    if email:
        return email.lower()
    return first_text(at(record, "actor", "profileId"), at(record, "actor", "key"))


def actor_kind(record: Native) -> str:
    """`user`, `application` (a key, or Google itself) or `unknown`."""
    if text(at(record, "actor", "callerType")) == "KEY":
        return "application"
    if text(at(record, "actor", "email")) or text(at(record, "actor", "profileId")):
        return "user"
    return "application" if text(at(record, "actor", "key")) else "unknown"


def outcome(record: Native) -> str:
    """`success` or `failure` of a login; `unknown` for everything else: the log does not tell."""
    if application(record) not in ("login", "saml"):
        return "unknown"
    said = {name.lower() for name in names(record) or ()}
    if said & FAILURES or (variants.parameter(record, "login_challenge_status") or "").lower().endswith("failed"):
        return "failure"
    return "success" if said & SUCCESSES else "unknown"


def client_ip(record: Native) -> str | None:
    return address(record.get("ipAddress"))


def target_user(record: Native) -> str | None:
    """Address of the user that it was done to."""
    said = variants.parameter(record, *TARGETS)
    return said.lower() if said else None


def group(record: Native) -> str | None:
    """Address of the group."""
    said = variants.parameter(record, *GROUPS)
    return said.lower() if said else None


def scopes(record: Native) -> list[str] | None:
    """OAuth scopes of a token event."""
    found = [one.get("scope") for one in parameters(record) or ()]
    return [scope for one in found for scope in listing(one) if isinstance(scope, str)] or None
