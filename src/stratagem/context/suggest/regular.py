"""Whether something is usual enough to be proposed. An attack window is short, or loud on one day: it is left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol

from stratagem.context.suggest.history import Span

MIN_HISTORY_DAYS = 7
"""A shorter history shows nothing usual."""
MIN_DAYS = 5
"""Days on which it was seen."""
MIN_REGULARITY = 0.4
"""Share of the days between its first and its last."""
MIN_SPAN_DAYS = 7
"""Days from its first to its last."""
MAX_ON_ONE_DAY = 0.5
"""Share of its events on its busiest day."""
MAX_SILENT = timedelta(days=7)
"""Since when it may be silent as the history ends."""
MIN_EVENTS = 10


class Seen(Protocol):
    """Something with a history."""

    @property
    def events(self) -> int: ...
    @property
    def days(self) -> frozenset[date]: ...
    @property
    def busiest(self) -> int: ...
    @property
    def first(self) -> datetime: ...
    @property
    def last(self) -> datetime: ...
    @property
    def regularity(self) -> float: ...


def irregular(seen: Seen, whole: Span) -> str:
    """Why it is not usual, or nothing."""
    lasted = (seen.last.date() - seen.first.date()).days + 1
    if len(seen.days) < MIN_DAYS:
        return f"seen on {len(seen.days)} of {whole.days} days; {MIN_DAYS} are needed"
    if lasted < MIN_SPAN_DAYS:
        return f"all within {lasted} days; {MIN_SPAN_DAYS} are needed"
    if seen.events < MIN_EVENTS:
        return f"{seen.events} events; {MIN_EVENTS} are needed"
    if seen.busiest > seen.events * MAX_ON_ONE_DAY:
        return f"{seen.busiest} of its {seen.events:,} events are of one day"
    if seen.regularity < MIN_REGULARITY:
        return (
            f"active on {seen.regularity:.0%} of the days between its first and last; {MIN_REGULARITY:.0%} are needed"
        )
    if whole.last - seen.last > MAX_SILENT:
        return f"silent since {seen.last:%Y-%m-%d}"
    return ""
