"""Values as SQL, wherever a statement is put together as text. What can be a parameter stays a parameter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_MICROSECOND = timedelta(microseconds=1)
_FAR = timedelta(days=36_500)
"""A longer duration is as good as this one, and would lead out of the calendar."""


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text as a string."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    """Strings with commas between, for IN (...) and [...]."""
    return ", ".join(map(literal, texts))


def at(moment: datetime) -> str:
    """A time with a zone, as TIMESTAMPTZ."""
    return f"'{moment.astimezone(UTC).isoformat()}'::TIMESTAMPTZ"


def micros(duration: timedelta) -> int:
    """The duration in whole microseconds."""
    return duration // _MICROSECOND


def span(duration: timedelta) -> str:
    """A duration as an interval, to the microsecond."""
    return f"to_microseconds({micros(min(duration, _FAR))})"
