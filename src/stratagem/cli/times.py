"""The times that `--from` and `--to` take."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from stratagem.errors import UsageError

_AGO = re.compile(r"-?(\d{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_EXAMPLES = "Write 2026-11-20, 2026-11-20T14:30, 2026-11-20T14:30:00+01:00, or 7d for seven days ago (m, h, d, w)."


def parse(text: str, *, option: str, now: datetime) -> datetime:
    """An aware UTC time. A day is its first moment; a time without a zone is UTC; `36h` is that long before `now`.

    Raises UsageError that shows what would do.
    """
    ago = _AGO.fullmatch(text)
    if ago:
        return now.astimezone(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a time. {_EXAMPLES}") from None
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)


def span(start: str | None, end: str | None, *, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The interval of `--from` (included) and `--to` (not included). Raises UsageError if it is empty."""
    first = parse(start, option="--from", now=now) if start else None
    last = parse(end, option="--to", now=now) if end else None
    if first and last and first >= last:
        raise UsageError(f"--from {start} is not before --to {end}: nothing can lie between.")
    return first, last
