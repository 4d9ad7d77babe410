"""Reading values out of records whose types nobody promised: every function here accepts anything and never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from xxhash import xxh3_128_hexdigest

EMPTY: Mapping[str, Any] = {}
_LONGEST = 120
"""Characters of the longest id that is kept as it is."""
_PORT = re.compile(r"(?:([0-9.]+):\d+|\[([^\]]*)\](?::\d+)?)")


def at(record: Any, *path: str) -> Any:
    """The value behind `path`, None where a step is missing or not an object."""
    value = record
    for name in path:
        if type(value) is not dict and not isinstance(value, Mapping):  # the first is ten times quicker to ask
            return None
        value = value.get(name)
    return value


def at_path(record: Any, path: str) -> Any:
    """`at` of a dotted path."""
    return at(record, *path.split("."))


def first_at(record: Any, paths: Iterable[str]) -> Any:
    """The first value, other than null, at one of these dotted paths: what `Source.time_fields` mean."""
    return next((value for path in paths if (value := at_path(record, path)) is not None), None)


def text(value: Any) -> str | None:
    """A non-empty string, else None."""
    return value if isinstance(value, str) and value else None


def first_text(*values: Any) -> str | None:
    """The first non-empty string."""
    for value in values:
        if isinstance(value, str) and value:
            return value
    return None


def joined(record: Any, paths: tuple[str, ...]) -> str | None:
    """The id that `Source.uid_gaps` speaks of: `in_one` of the values at dotted paths."""
    return in_one([at(record, *path.split(".")) for path in paths])


def in_one(values: Iterable[Any]) -> str | None:
    """Scalars joined by "/", numbers as their digits and nothing for anything else; None where none says anything.

    What gets longer than an id should be (a message is part of it) is a digest of it.
    """
    told = "/".join([value if type(value) is str else _digits(value) for value in values])
    if len(told) > _LONGEST:
        return xxh3_128_hexdigest(told.encode("utf-8", "surrogatepass"))
    return told if told.strip("/") else None


def _digits(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


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
    if type(value) is dict:
        return value
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


def address(*values: Any) -> str | None:
    """The first address among the values, without port and brackets."""
    for value in values:
        if not isinstance(value, str):
            continue
        found = _PORT.fullmatch(value.strip())
        try:
            return str(ip_address((found[1] or found[2]) if found else value.strip()))
        except ValueError:
            continue
    return None
