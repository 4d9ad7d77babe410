"""Who did what to whom with which result."""

from __future__ import annotations

import re
from collections.abc import Callable

from stratagem.sources._contract import Native
from stratagem.sources._text import at, objects, text

_OUTCOMES = {
    "SUCCESS": "success",
    "ALLOW": "success",
    "FAILURE": "failure",
    "ABANDONED": "failure",
    "DENY": "denied",
    "RATE_LIMIT": "denied",
    "CHALLENGE": "unknown",
}
_POSITIVE = re.compile(r"([A-Za-z][^={},]*?)=POSITIVE")


def outcome(record: Native) -> str:
    """`CHALLENGE` and `SKIPPED` are neither success nor failure."""
    return _OUTCOMES.get((text(at(record, "outcome", "result")) or "").upper(), "unknown")


def actor(record: Native) -> str | None:
    return text(at(record, "actor", "id"))


def actor_kind(record: Native) -> str:
    kind = text(at(record, "actor", "type")) or ""
    if kind == "User":
        return "user"
    if kind == "SystemPrincipal":
        return "system"
    return "service" if kind in ("PublicClientApp", "AppInstance", "ServicePrincipal") else "unknown"


def _named(kinds: tuple[str, ...], member: str) -> Callable[[Native], list[str] | None]:
    """The names of the targets of these types."""

    def compute(record: Native) -> list[str] | None:
        found = (text(target.get(member)) for target in objects(record.get("target")) if target.get("type") in kinds)
        return list(dict.fromkeys(name for name in found if name)) or None

    return compute


users = _named(("User",), "alternateId")
groups = _named(("UserGroup",), "displayName")
applications = _named(("AppInstance", "App"), "displayName")


def targets(record: Native) -> list[str] | None:
    found = (
        text(target.get(member))
        for target in objects(record.get("target"))
        for member in ("displayName", "alternateId")
    )
    return list(dict.fromkeys(name for name in found if name)) or None


def behaviors(record: Native) -> list[str] | None:
    """Text such as `{New Geo-Location=NEGATIVE, New Device=POSITIVE}`."""
    said = text(at(record, "debugContext", "debugData", "behaviors"))
    return [name.strip() for name in _POSITIVE.findall(said)] or None if said else None
