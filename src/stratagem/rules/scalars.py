"""What a single value of a record is to a test: its text, its folded text, its number, its time.

The reference and the fast matcher share these, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 100
_MILLISECONDS_FROM = 100_000_000_000
"""Epoch values above this are read as milliseconds; in seconds they would lie beyond the year 5000."""


def fold(text: str) -> str:
    """Lower case, character by character: the length stays, and so does the meaning of `?`.

    Python alone turns a capital İ into two characters, and a capital Σ by its place in the word. DuckDB's lower()
    does neither.
    """
    if text.isascii():
        return text.lower()
    return text.replace("\u0130", "i").replace("\u03a3", "\u03c3").lower()


def text_of(value: Any) -> str | None:
    """The text that a text test sees; None where there is none (null).

    Numbers in their shortest form, whole ones without a point; booleans as `true` and `false`; objects and arrays as
    compact JSON whose strings are left as they are (not escaped).
    """
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return _digits(value)
    return _json_text(value)


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python converts by default
        return format(Decimal(value), "f")


def _json_text(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    except ValueError:  # a number with more digits than Python converts
        return "".join(_unescaped(value))
    return "".join(_unescaped(value)) if "\\" in text else text


def _unescaped(value: Any) -> Iterator[str]:
    """The pieces of compact JSON with strings as they are: policies in a string can then be searched as written."""
    if isinstance(value, Mapping):
        yield "{"
        for index, (key, inner) in enumerate(value.items()):
            yield f'{"," if index else ""}"{key}":'
            yield from _unescaped(inner)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for index, inner in enumerate(value):
            if index:
                yield ","
            yield from _unescaped(inner)
        yield "]"
    elif isinstance(value, str):
        yield f'"{value}"'
    elif isinstance(value, int) and not isinstance(value, bool):
        yield _digits(value)
    else:
        yield json.dumps(value, default=str)


def number_of(value: Any) -> int | float | None:
    """The number that `lt` and its kin compare: a number, or text that is one from end to end."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or len(value) > _LONGEST_NUMBER:
        return None
    match = _NUMBER.fullmatch(value)
    if match is None:
        return None
    return float(value) if match[1] or match[2] else int(value)


@lru_cache(maxsize=65_536)
def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """The address that the text is from end to end, else None."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def time_of(value: Any) -> datetime | None:
    """A time as written: ISO 8601 text keeps its own offset, epoch seconds or milliseconds are UTC."""
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value.strip())
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return datetime.fromtimestamp(value / 1000 if abs(value) > _MILLISECONDS_FROM else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def time_part(unit: str, moment: datetime) -> int:
    """Minute, hour, day, ISO week, month or year."""
    return moment.isocalendar().week if unit == "week" else int(getattr(moment, unit))
