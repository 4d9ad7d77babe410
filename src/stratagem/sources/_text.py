"""Reading values out of records whose types nobody promised: every function here accepts anything and never raises."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

EMPTY: Mapping[str, Any] = {}


def at(record: Any, *path: str) -> Any:
    """The value behind `path`, None where a step is missing or not an object."""
    value = record
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def text(value: Any) -> str | None:
    """A non-empty string, else None."""
    return value if isinstance(value, str) and value else None


def first_text(*values: Any) -> str | None:
    """The first non-empty string."""
    return next((value for value in values if isinstance(value, str) and value), None)


def joined(record: Any, paths: tuple[str, ...]) -> str | None:
    """The scalars at dotted paths, joined by "/": nothing for what is absent or null. None where none says anything."""
    told = "/".join([piece(at(record, *path.split("."))) for path in paths])
    return told if told.strip("/") else None


def piece(value: Any) -> str:
    """A scalar as part of an id: text as it is, a number as its digits, else nothing."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) else ""


def truthy(value: Any) -> bool:
    """True for `true` and for the text "true" in any case: CloudTrail and shippers write both."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def decoded(value: Any) -> Any:
    """JSON text of an object or array as what it says (also when encoded twice); anything else as it is."""
    for _ in range(3):
        if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "[", '"'):
            return value
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def mapping(value: Any) -> Mapping[str, Any]:
    """An object, or JSON text of one; else an empty object."""
    value = decoded(value)
    return value if isinstance(value, Mapping) else EMPTY


def listing(value: Any) -> list[Any]:
    """An array (or JSON text of one) as it is, null as no element, and anything else as its only element."""
    value = decoded(value)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects among the elements of `listing(value)`."""
    return (element for element in listing(value) if isinstance(element, Mapping))


def texts(value: Any) -> tuple[str, ...]:
    """The strings among the elements of `listing(value)`."""
    return tuple(element for element in listing(value) if isinstance(element, str))
