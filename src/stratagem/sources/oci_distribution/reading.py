"""What a notification says, in words that registries share."""

from __future__ import annotations

from stratagem.sources._contract import Native
from stratagem.sources._text import at, text

ACTIONS = frozenset(("pull", "push", "mount", "delete"))


def action(record: Native) -> str | None:
    return text(record.get("action"))


def repository(record: Native) -> str | None:
    return text(at(record, "target", "repository"))


def tag(record: Native) -> str | None:
    return text(at(record, "target", "tag"))


def digest(record: Native) -> str | None:
    return text(at(record, "target", "digest"))


def actor(record: Native) -> str | None:
    return text(at(record, "actor", "name"))


def client_ip(record: Native) -> str | None:
    """The address without its port: `192.0.2.7:40112`, `[2001:db8::7]:40112`."""
    said = text(at(record, "request", "addr"))
    if said is None:
        return None
    if said.startswith("["):
        return said[1:].partition("]")[0] or None
    return said.partition(":")[0] if said.count(":") == 1 else said


def is_manifest(record: Native) -> bool | None:
    kind = text(at(record, "target", "mediaType"))
    return any(word in kind for word in ("manifest", "index")) if kind else None
