"""Who called Graph, with what right and what came of it."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, mapping, text

AUTH_METHODS = {"0": "public", "1": "secret", "2": "certificate"}


def member(record: Native, name: str) -> Any:
    """A member of `properties` in whatever case: `C_Sid` and `c_Sid` are one."""
    properties = mapping(record.get("properties"))
    if name in properties:
        return properties[name]
    low = name.lower()
    return next((value for key, value in properties.items() if key.lower() == low), None)


def actor(record: Native) -> str | None:
    """Object id of the user, else of the service principal, else the application's id."""
    return first_text(*(at(record, "properties", name) for name in ("userId", "servicePrincipalId", "appId")))


def actor_kind(record: Native) -> str:
    """`user` (delegated), `application` (app-only) or `unknown`."""
    if text(at(record, "properties", "userId")):
        return "user"
    return "application" if first_text(at(record, "properties", "servicePrincipalId")) else "unknown"


def session(record: Native) -> str | None:
    """The session id, under either of its names."""
    return first_text(member(record, "sessionId"), member(record, "c_Sid"))


def auth_method(record: Native) -> str | None:
    """How the client proved itself: `public`, `secret` or `certificate`."""
    said = at(record, "properties", "clientAuthMethod")
    return AUTH_METHODS.get(str(said)) if said is not None else None


def words(record: Native, name: str) -> list[str] | None:
    """A space-separated member as a list."""
    said = text(at(record, "properties", name))
    return said.split() or None if said else None


def status_code(record: Native) -> int | None:
    """HTTP status, a number or text."""
    for said in (at(record, "properties", "responseStatusCode"), record.get("resultSignature")):
        if isinstance(said, int) and not isinstance(said, bool):
            return said
        if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) == 3:
            return int(said)
    return None


def outcome(record: Native) -> str:
    """`success` (below 400), `denied` (401, 403), `failure`, or `unknown` without a status."""
    code = status_code(record)
    if code is None:
        return "unknown"
    if code < 400:
        return "success"
    return "denied" if code in (401, 403) else "failure"
