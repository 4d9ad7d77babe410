"""Shapes of a flow: the exporter's wrapped flow with proto names, a bare flow, and protobuf's camel case."""

from __future__ import annotations

import re
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import first_text

_CAMEL = re.compile(r"^[a-z]+(?:[A-Z][a-z0-9]*)+$")
_HUMP = re.compile(r"([A-Z])")
_AS_THEY_ARE = frozenset({"ipVersion"})
"""Names that the proto file itself writes in camel case."""
_DEEPEST = 12


def wrapped(record: Native) -> dict[str, Any]:
    """The record as the exporter writes it: `flow` (or `lost_events`), `node_name`, `time`."""
    if not isinstance(record.get("flow"), dict) and not is_loss(record):
        record = {"flow": record}
    made: dict[str, Any] = _snake(dict(record), 0)
    flow = made.get("flow")
    inner = flow if isinstance(flow, dict) else {}
    made["node_name"] = first_text(made.get("node_name"), inner.get("node_name")) or ""
    if made.get("time") is None and inner.get("time") is not None:
        made["time"] = inner["time"]
    return made


def is_loss(record: Native) -> bool:
    """A record that tells how many events were lost."""
    return isinstance(record.get("lost_events", record.get("lostEvents")), dict)


def _snake(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {_name(key): _snake(below, depth + 1) for key, below in value.items()}
    return [_snake(item, depth + 1) for item in value] if isinstance(value, list) else value


def _name(key: str) -> str:
    """`destinationNames` as the proto file has it; upper-case names (TCP, SYN, Type) are so in the proto file."""
    if key in _AS_THEY_ARE or not _CAMEL.match(key):
        return key
    return _HUMP.sub(lambda found: f"_{found[1].lower()}", key)
