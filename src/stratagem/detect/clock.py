"""Event times as logs write them -> aware UTC datetimes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FRACTION = re.compile(r"(\.\d{6})\d+")
_US = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([AP]M)?$")
_MILLISECONDS = 100_000_000_000


class NoTime(ValueError):
    """A value that is no time at all; the message says which."""


def parse_time(value: object) -> datetime:
    """ISO 8601 text (without an offset it is UTC), US-style portal text, or epoch seconds or milliseconds."""
    if isinstance(value, bool) or value is None:
        raise NoTime("no event time")
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str):
        raise NoTime("no event time")
    return _text(value.strip())


def _text(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = _unusual(text)
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError as error:
        raise NoTime(f"event time {text[:40]!r} is out of range") from error


def _unusual(text: str) -> datetime:
    try:
        return datetime.fromisoformat(_FRACTION.sub(r"\1", text))
    except ValueError:
        pass
    if match := _US.match(text):
        month, day, year, hour, minute, second, half = match.groups()
        hours = int(hour) % 12 + (12 if half == "PM" else 0) if half else int(hour)
        try:
            return datetime(int(year), int(month), int(day), hours, int(minute), int(second or 0))
        except ValueError:
            pass
    if text.replace(".", "", 1).isdigit():
        return _epoch(float(text))
    raise NoTime(f"event time {text[:40]!r} is no time")


def _epoch(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise NoTime(f"event time {str(seconds)[:40]!r} is out of range") from error
