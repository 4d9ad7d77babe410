"""The windows of a `spike` baseline: times as numbers of windows since 1970, amounts as whole billionths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.baselines._text import BILLION, ratio
from stratagem.sqltext import micros

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
CYCLES = {"none": None, "hour_of_day": DAY, "hour_of_week": WEEK}
THRESHOLD, MIN_VOLUME, MIN_SPREAD, MIN_SPREAD_SHARE = 6, 10, 1, 0.1
LARGEST = 10**15
"""Of one event; larger numbers count as this, so that no log can overflow the arithmetic."""
LARGEST_WINDOW = 10**18 * BILLION
"""Of one window, in billionths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A baseline's windows, by number since 1970. All lengths are in windows, all amounts in billionths."""

    width: int
    """Microseconds."""
    day: int
    history: int
    cycle: int
    """After how many windows the seasons come again; 0 without seasons."""
    season: int
    """How many windows in a row are of one season."""
    least: int
    floor: int
    k: tuple[int, int]
    share: tuple[int, int]

    @classmethod
    def of(cls, baseline: Baseline) -> Grid:
        options, width = baseline.options, micros(baseline.window)
        cycle = CYCLES[options.get("seasonality", "none")]
        return cls(
            width=width,
            day=max(micros(DAY) // width, 1),
            history=micros(baseline.history) // width,
            cycle=micros(cycle) // width if cycle else 0,
            season=max(micros(HOUR) // width, 1),
            least=billionths(options.get("min_volume", MIN_VOLUME)),
            floor=billionths(options.get("min_spread", MIN_SPREAD)),
            k=ratio(options.get("threshold", THRESHOLD)).as_integer_ratio(),
            share=ratio(options.get("min_spread_share", MIN_SPREAD_SHARE)).as_integer_ratio(),
        )

    def season_of(self, slot: str) -> str:
        """SQL of a window's season."""
        return f"({slot} % {self.cycle}) // {self.season}" if self.cycle else "0::BIGINT"

    def before(self, slot: str) -> str:
        """SQL of how many windows of `season` are before `slot`."""
        if not self.cycle:
            return f"({slot})"
        begun = f"greatest(least({slot} % {self.cycle} - season * {self.season}, {self.season}), 0)"
        return f"({slot} // {self.cycle} * {self.season} + {begun})"


def billionths(value: Any) -> int:
    return int(Decimal(str(value)) * BILLION)
