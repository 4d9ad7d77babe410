"""Event times as logs write them -> aware UTC datetimes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

_FRACTION = re.compile(r"(\.\d{6})\d+")
_US = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([AP]M)?$")
_MILLISECONDS = 10**11
_MICROSECONDS = 10**14
_NANOSECONDS = 10**17
"""From these numbers on, a number counts that unit since 1970; below, seconds."""
_START = datetime(1970, 1, 1, tzinfo=UTC)


class NoTime(ValueError):
    """A value that is no time at all; the message says which."""


def parse_time(value: object) -> datetime:
    """ISO 8601 text (without an offset it is UTC), US-style portal text, or seconds to nanoseconds since 1970."""
    if isinstance(value, bool) or value is None:
        raise NoTime("no event time")
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str):
        raise NoTime("no event time")
    return _text(value.strip())


_PLAINLY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def iso_text(written: object, time: datetime) -> str:
    """`time.isoformat()` of what `parse_time` read from `written`; where that is plain, most of the text is there."""
    if isinstance(written, str) and _PLAINLY.fullmatch(written):
        return f"{written[:-1]}+00:00"
    return time.isoformat()


_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_MARKS = {4: ord("-"), 7: ord("-"), 10: ord("T"), 13: ord(":"), 16: ord(":"), 19: ord("Z")}
_PLAIN = 20
_LONGEST = np.zeros(256, dtype=np.uint8)
"""The days that a month has in every year."""
_LONGEST[1:13] = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def not_plainly_utc(times: Sequence[object]) -> list[int]:
    """The rows whose time is not certainly a good `2026-01-15T10:00:00Z`; `parse_time` has to decide on those.

    Nearly every time in nearly every log has this form, and a column of them is looked at as one block of bytes.
    The 29th of February is left to `parse_time`, which knows the years.
    """
    if not times:
        return []
    texts = times if set(map(type, times)) == {str} else [time if isinstance(time, str) else "" for time in times]
    try:
        packed = np.array(texts, dtype=f"S{_PLAIN + 1}")  # longer text is cut after the letter that shows it too long
    except UnicodeEncodeError:
        return list(range(len(times)))
    letters = packed.view(np.uint8).reshape(len(times), _PLAIN + 1)
    digits = letters[:, _DIGITS] - 48  # wraps around below "0", so that one comparison is enough
    good = (digits < 10).all(axis=1) & (letters[:, _PLAIN] == 0)
    for place, mark in _MARKS.items():
        good &= letters[:, place] == mark
    tens, ones = digits[:, 4:14:2], digits[:, 5:14:2]
    pairs = tens * 10 + ones
    good &= ((pairs >= (1, 1, 0, 0, 0)) & (pairs <= (12, 31, 23, 59, 59))).all(axis=1)
    good &= pairs[:, 1] <= _LONGEST[pairs[:, 0]]
    return np.flatnonzero(~good).tolist()


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


def _epoch(number: float) -> datetime:
    try:
        if number > _MICROSECONDS:  # in whole numbers: as seconds, a double has no room for the last microsecond
            return _START + timedelta(microseconds=int(number) // (1000 if number > _NANOSECONDS else 1))
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise NoTime(f"event time {str(number)[:40]!r} is out of range") from error
