"""The estate's days: weekends, working hours, releases, one bad night and a reorganisation."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST = datetime(2026, 2, 2, tzinfo=UTC)
"""A Monday."""
ONCALL_NIGHT = 10
"""The night in which somebody debugs production by hand."""
REORGANISATION = 17
"""From this day on one team's role has another name."""
RELEASES = (1, 3)
"""Weekdays of large releases: Tuesday and Thursday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the estate. `number` counts from 0."""

    number: int

    @property
    def start(self) -> datetime:
        return FIRST + timedelta(days=self.number)

    @property
    def is_weekend(self) -> bool:
        return self.start.weekday() >= 5

    @property
    def is_release(self) -> bool:
        return self.start.weekday() in RELEASES

    @property
    def is_reorganised(self) -> bool:
        return self.number >= REORGANISATION

    def working(self, chance: random.Random) -> datetime:
        """A moment of the working day: most of them late in the morning and after lunch."""
        hour = chance.triangular(7.0, 18.5, 10.5 if chance.random() < 0.55 else 14.5)
        return self.start + timedelta(hours=hour)

    def any_time(self, chance: random.Random) -> datetime:
        return self.start + timedelta(milliseconds=chance.randrange(86_400_000))

    def between(self, chance: random.Random, first: float, last: float) -> datetime:
        """A moment between two hours of the day."""
        return self.start + timedelta(hours=chance.uniform(first, last))


def how_often(chance: random.Random, mean: float) -> int:
    """How often something that happens `mean` times on average happens today (Poisson)."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, mean**0.5)))
    count, left = 0, chance.expovariate(1.0)
    while left < mean:
        count += 1
        left += chance.expovariate(1.0)
    return count
