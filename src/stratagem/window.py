"""A span of event time: start included, end not, both aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Window:
    """The events from `start` to before `end`; None leaves that side open.

    Times come aware and are kept as UTC. Raises ValueError for a time without zone, and where `end` is not after
    `start`, so that no window is empty by mistake.
    """

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            moment = getattr(self, name)
            if moment is not None:
                if moment.tzinfo is None:
                    raise ValueError(f"the window's {name} {moment.isoformat()} has no time zone. Use UTC.")
                object.__setattr__(self, name, moment.astimezone(UTC))
        if self.start and self.end and self.start >= self.end:
            raise ValueError(f"the window ends {self.end.isoformat()}, not after its start {self.start.isoformat()}.")

    def __contains__(self, moment: datetime) -> bool:
        """Is this event time inside."""
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)

    def overlaps(self, other: Window) -> bool:
        """Do the two share a moment."""
        return (self.end is None or other.start is None or other.start < self.end) and (
            other.end is None or self.start is None or self.start < other.end
        )

    def common(self, other: Window) -> Window | None:
        """What the two share; None where that is nothing."""
        if not self.overlaps(other):
            return None
        starts = [start for start in (self.start, other.start) if start]
        ends = [end for end in (self.end, other.end) if end]
        return Window(max(starts, default=None), min(ends, default=None))
