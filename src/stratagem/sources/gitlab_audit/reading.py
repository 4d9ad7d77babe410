"""What an audit event says, wherever its shape has it: at the top or in `details`."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import first_text, mapping, text

_DOINGS = ("change", "add", "remove", "failed_login", "custom_message")
"""Members that name what was done, in older events without a name."""


def _either(record: Native, name: str) -> Any:
    value = record.get(name)
    return mapping(record.get("details")).get(name) if value in (None, "") else value


def event(record: Native) -> str | None:
    """The event's name; in older records the first member that says what was done, as `add_user_access`."""
    named = first_text(record.get("event_type"), _either(record, "event_name"))
    if named and named != "audit_operation":
        return named
    for name in _DOINGS:
        said = text(_either(record, name))
        if said:
            return said if name == "custom_message" else f"{name}_{said}"
    return named


def author(record: Native) -> str | None:
    return text(_either(record, "author_name"))


def target(record: Native) -> str | None:
    return text(_either(record, "target_details"))


def path(record: Native) -> str | None:
    return text(_either(record, "entity_path"))


def client_ip(record: Native) -> str | None:
    return text(_either(record, "ip_address"))


def changed(record: Native) -> dict[str, Any] | None:
    name = text(_either(record, "change"))
    return {"name": name, "from": _either(record, "from"), "to": _either(record, "to")} if name else None
