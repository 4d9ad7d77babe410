"""Past logs run again: what strategies would have reported from one day to another, before and after a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from stratagem.detect.model import Finding
from stratagem.forecast.alerts import Forecast, forecast
from stratagem.strategy.model import Strategy

Replay = Callable[[Sequence[Strategy]], Sequence[Finding]]
"""Runs strategies over the past; history before the span teaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One strategy in the span: as it is, and as it was (None: there was no such strategy)."""

    after: Forecast | None
    before: Forecast | None = None

    @property
    def strategy(self) -> str:
        told = self.after or self.before
        assert told is not None
        return told.strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The forecast for every strategy, those with most alerts first."""

    start: datetime
    end: datetime
    changes: tuple[Change, ...]
    is_compared: bool = False
    findings: Sequence[Finding] = field(default=(), repr=False)
    """Of the strategies as they are."""

    @property
    def alerts_per_day(self) -> float:
        return sum(one.after.per_day for one in self.changes if one.after)


def backtest(
    replay: Replay,
    strategies: Sequence[Strategy],
    start: datetime,
    end: datetime,
    *,
    against: Sequence[Strategy] | None = None,
) -> Backtest:
    """Forecast alerts a day for `strategies` in [start, end), beside those of `against`."""
    findings = replay(strategies)
    after = forecast(findings, strategies, start, end)
    before: Mapping[str, Forecast] = {}
    if against is not None:
        before = forecast(replay(against), against, start, end)
    changes = [Change(after=after.get(name), before=before.get(name)) for name in sorted({*after, *before})]
    changes.sort(key=lambda one: (-(one.after.alerts if one.after else 0), one.strategy))
    return Backtest(
        start=start, end=end, changes=tuple(changes), is_compared=against is not None, findings=tuple(findings)
    )
