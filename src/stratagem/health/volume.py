"""Volume of a source against its own past: silence, and days that are far too small.

A source is silent when it has been quiet for more than twice the longest quiet stretch of its past, its declared
lateness, and an hour. A day is low when it has less than three tenths of the median of the earlier days of its kind
(working day or weekend) and less than six tenths of the smallest of them: a source that follows people is allowed its
weekends, a source that follows releases its quiet days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from stratagem.health.model import Complaint, Trouble

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
HISTORY = timedelta(days=28)
_SHARE, _OF_SMALLEST = 0.3, 0.6
_ENOUGH_DAYS = 3
_SMALL = 20
"""Sources with fewer events than this on a usual day say nothing by having none."""


def silence(hours: Sequence[datetime], last: datetime, lateness: timedelta, as_of: datetime) -> Complaint | None:
    """`hours` are the full hours that had events, in order."""
    if len(hours) < 24:
        return None
    longest = max((later - earlier for earlier, later in pairwise(hours)), default=HOUR)
    limit = 2 * longest + lateness + HOUR
    quiet = as_of - last
    if quiet <= limit:
        return None
    message = f"no event for {span(quiet)}; the longest quiet stretch before was {span(longest)}"
    return Complaint(trouble=Trouble.SILENT, message=message, since=last)


def usual(days: Mapping[datetime, int], as_of: datetime) -> tuple[float | None, int]:
    """(median, smallest) of the days of the same kind before the last 24 hours; None with fewer than three.

    `days` counts events by the start of 24-hour stretches that end at `as_of`, `as_of` - 1 d, and so on; stretches
    without events between the first and the last count as none.
    """
    today = as_of - DAY
    earlier = {start: count for start, count in days.items() if start < today}
    if not earlier:
        return None, 0
    stretches = (today - min(earlier)) // DAY
    every = {today - DAY * back: earlier.get(today - DAY * back, 0) for back in range(1, stretches + 1)}
    alike = [count for start, count in every.items() if _is_weekend(start) == _is_weekend(today)]
    if len(alike) < _ENOUGH_DAYS:
        alike = list(every.values())
    return (median(alike), min(alike)) if len(alike) >= _ENOUGH_DAYS else (None, 0)


def low(today: int, middle: float | None, smallest: int, as_of: datetime) -> Complaint | None:
    if middle is None or middle < _SMALL or today >= _SHARE * middle or today >= _OF_SMALLEST * max(smallest, 1):
        return None
    message = f"{today:,} events in the last day; days like it had {middle:,.0f}, the smallest {smallest:,}"
    return Complaint(trouble=Trouble.LOW, message=message, since=as_of - DAY)


def _is_weekend(start: datetime) -> bool:
    return (start + DAY / 2).weekday() >= 5


def span(duration: timedelta) -> str:
    """`3 d 4 h`, `5 h`, `12 min`."""
    minutes = duration // timedelta(minutes=1)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h" if hours else f"{minutes} min"
