"""A request to a vault taken apart: which object, who asked, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from stratagem.sources._contract import Native
from stratagem.sources._text import address, at, first_text, mapping, text

OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
NAME = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"
_ID = re.compile(r"^https?://([^/]+)/(?:deleted)?(secrets|keys|certificates|storage)/([^/?#]+)(?:/([^/?#]+))?", re.I)
_VAULT = re.compile(r"/(?:vaults|managedhsms)/([^/]+)", re.IGNORECASE)


class Item(NamedTuple):
    """An object in a vault; `kind` is secrets, keys, certificates or storage."""

    host: str
    kind: str
    name: str
    version: str | None


def item(record: Native) -> Item | None:
    """The object that the request names; None for lists and for the vault itself."""
    found = _ID.match(text(at(record, "properties", "id")) or "")
    return Item(found[1].lower(), found[2].lower(), found[3], found[4]) if found else None


def vault(record: Native) -> str | None:
    """The vault's name in lower case."""
    found = _VAULT.search(first_text(record.get("resourceId"), at(record, "properties", "entity")) or "")
    if found:
        return found[1].lower()
    host = re.match(r"^https?://([^./]+)\.", text(at(record, "properties", "id")) or "")
    return host[1].lower() if host else None


def is_control_plane(record: Native) -> bool:
    """Did the request go to Azure Resource Manager (the vault's own settings), not to the vault?"""
    return "management.azure.com/" in (text(at(record, "properties", "requestUri")) or "").lower()


def claims(record: Native) -> Mapping[str, Any]:
    """The claims of the caller's token."""
    return mapping(at(record, "identity", "claim"))


def actor(record: Native) -> str | None:
    """Object id of who asked, else the application's id."""
    said = claims(record)
    found = first_text(said.get("oid"), said.get(OBJECT_ID), said.get("appid"))
    return found.lower() if found else None


def actor_name(record: Native) -> str | None:
    """Principal name of a user; applications have none."""
    said = claims(record)
    return first_text(said.get("upn"), said.get(UPN), said.get("unique_name"), said.get(NAME))


def actor_kind(record: Native) -> str:
    """`user`, `service_principal` (managed identities too) or `unknown`."""
    if actor_name(record):
        return "user"
    return "service_principal" if actor(record) else "unknown"


def app_id(record: Native) -> str | None:
    return text(claims(record).get("appid"))


def client_ip(record: Native) -> str | None:
    """The caller's address without a port."""
    return address(record.get("callerIpAddress"), claims(record).get("ipaddr"))


def status(record: Native) -> int | None:
    """HTTP status, a number or text."""
    said = at(record, "properties", "httpStatusCode")
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 6:
        return int(said)
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 100_000 else None


def is_challenge(record: Native) -> bool:
    """The first, unauthenticated request of a client: answered with 401 so that it learns where to get a token."""
    return status(record) == 401 and actor(record) is None


def outcome(record: Native) -> str:
    """`success` (below 400), `denied`, `failure`, or `unknown` for a challenge.

    The HTTP status decides: `resultType` says Success even where it is 403.
    """
    code = status(record)
    if code is None:
        said = str(record.get("resultType")).lower()
        return {"success": "success", "failed": "failure", "failure": "failure"}.get(said, "unknown")
    if code < 400:
        return "success"
    if is_challenge(record):
        return "unknown"
    return "denied" if code in (401, 403) else "failure"
