"""Who did what with which result, and the words that public rules use for it."""

from __future__ import annotations

from stratagem.sources._azure import same_words
from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, mapping, text
from stratagem.sources.entra_audit.changes import details, initiator, targets

REFUSALS = ("insufficient privileges", "authorization_requestdenied", "not authorized", "accessdenied")
"""Parts of a `resultReason` (lower case) that mean a refusal."""


def operation(record: Native) -> str | None:
    """The activity with hyphens for dashes and single spaces: `Update application - Certificates and …`."""
    name = first_text(at(record, "properties", "activityDisplayName"), record.get("operationName"))
    return text(same_words(name)) if name else None


def message(record: Native) -> list[str] | None:
    """What public rules call `properties.message`: the activity as the vendor writes it, and without typography."""
    written = (at(record, "properties", "activityDisplayName"), record.get("operationName"), operation(record))
    return list(dict.fromkeys(name for name in written if isinstance(name, str) and name)) or None


def outcome(record: Native) -> str:
    """`success`, `denied`, `failure`, or `unknown` where the record gives no result."""
    said = first_text(at(record, "properties", "result"), record.get("resultSignature"))
    word = (said or "").lower()
    if word in ("success", "succeeded"):
        return "success"
    reason = (text(at(record, "properties", "resultReason")) or "").lower()
    if any(part in reason for part in REFUSALS):
        return "denied"
    return "failure" if word in ("failure", "failed", "timeout", "clienterror") else "unknown"


def status(record: Native) -> list[str] | None:
    """What public rules call Status: the result and its reason."""
    words = (at(record, "properties", "result"), at(record, "properties", "resultReason"))
    return [word for word in words if isinstance(word, str) and word] or None


def actor(record: Native) -> str | None:
    """Object id of the user or service principal that acted; else the application's own id or name."""
    by = initiator(record)
    app = ("servicePrincipalId", "appId", "displayName")
    return first_text(at(by, "user", "id"), *(at(by, "app", name) for name in app), at(by, "user", "userPrincipalName"))


def actor_name(record: Native) -> str | None:
    by = initiator(record)
    return first_text(at(by, "user", "userPrincipalName"), at(by, "user", "displayName"), at(by, "app", "displayName"))


def actor_kind(record: Native) -> str:
    """`user`, `service_principal` or `unknown`."""
    by = initiator(record)
    if first_text(at(by, "user", "id"), at(by, "user", "userPrincipalName")):
        return "user"
    return "service_principal" if mapping(by.get("app")) else "unknown"


def client_ip(record: Native) -> str | None:
    """The caller's address; mostly null where an application acted."""
    return first_text(at(initiator(record), "user", "ipAddress"), record.get("callerIpAddress"))


def user_agent(record: Native) -> str | None:
    """User agent from wherever the record has it."""
    said = details(record) or {}
    return first_text(said.get("User-Agent"), at(record, "properties", "userAgent"))


def target_names(record: Native) -> list[str] | None:
    """Display and principal names of the targets."""
    names = (target.get(name) for target in targets(record) for name in ("displayName", "userPrincipalName"))
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name)) or None


def initiator_names(record: Native) -> list[str] | None:
    """Every name of who acted."""
    by = initiator(record)
    paths = (
        ("user", "userPrincipalName"),
        ("user", "displayName"),
        ("user", "id"),
        ("app", "displayName"),
        ("app", "appId"),
    )
    return [name for path in paths if (name := text(at(by, *path)))] or None


def is_pim(record: Native) -> bool:
    """Did Privileged Identity Management log it?"""
    return text(at(record, "properties", "loggedByService")) == "PIM"
