"""Who used a registry, which artifact, and what came of it."""

from __future__ import annotations

import re

from stratagem.sources._contract import Native
from stratagem.sources._text import address, at, first_text, text

GUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
ANONYMOUS = "anonymous"
_GUID = re.compile(GUID)
_CODE = re.compile("[1-5][0-9]{2}")


def registry(record: Native) -> str | None:
    """The login server in lower case: `example.azurecr.io`."""
    said = text(at(record, "properties", "loginServer"))
    return said.lower() if said else None


def identity(record: Native) -> str | None:
    """The name or object id that the record gives; None for an anonymous request."""
    said = first_text(record.get("identity"), at(record, "properties", "identity"))
    return None if said is None or said == "00000000-0000-0000-0000-000000000000" else said


def actor(record: Native) -> str:
    """The identity (object ids in lower case), or `anonymous`."""
    said = identity(record)
    if said is None:
        return ANONYMOUS
    return said.lower() if is_directory(said) else said


def is_directory(name: str) -> bool:
    """Is it an object id or a user's principal name, so that Entra knows it?"""
    return "@" in name or _GUID.fullmatch(name) is not None


def actor_kind(record: Native) -> str:
    """`user` (a principal name), `object_id` (user or service principal), `admin`, `token` or `anonymous`."""
    said = identity(record)
    if said is None:
        return ANONYMOUS
    if "@" in said:
        return "user"
    if _GUID.fullmatch(said):
        return "object_id"
    own = (registry(record) or "").partition(".")[0]
    return "admin" if said.lower() == own else "token"


def status(record: Native) -> int | None:
    """HTTP status: `resultType` as a number or text, or `resultDescription` where the type only names its kind."""
    for said in (record.get("resultType"), record.get("resultDescription")):
        if isinstance(said, str) and _CODE.fullmatch(said):
            return int(said)
    return None


def outcome(record: Native) -> str:
    """`success` (below 400), `denied` (401, 403), `failure` or `unknown`."""
    code = status(record)
    if code is None:
        said = str(record.get("resultType")).lower()
        return {"success": "success", "succeeded": "success", "failed": "failure"}.get(said, "unknown")
    if code < 400:
        return "success"
    return "denied" if code in (401, 403) else "failure"


def client_ip(record: Native) -> str | None:
    """The caller's address without a port."""
    return address(record.get("callerIpAddress"), at(record, "properties", "callerIpAddress"))


def reference(record: Native) -> str | None:
    """The image as one would pull it: login server, repository, tag and digest."""
    server, repository = registry(record), text(at(record, "properties", "repository"))
    if server is None or repository is None:
        return None
    tag, digest = text(at(record, "properties", "tag")), text(at(record, "properties", "digest"))
    return f"{server}/{repository}" + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
