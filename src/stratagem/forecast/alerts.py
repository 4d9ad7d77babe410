"""Findings -> alerts a day: those of one strategy and key within a day are one alert."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from stratagem.detect.model import Finding
from stratagem.rules.resolve import PLAIN, Resolver
from stratagem.sources import SOURCES
from stratagem.strategy.model import Strategy

ALERT = timedelta(days=1)
"""Findings of one key so long after an alert's first are part of it."""
UNSAID = frozenset({"informational"})
"""Levels that are recorded and never alert; `risk_only` becomes informational."""
ENTITIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One strategy over a span of days."""

    strategy: str
    title: str
    status: str
    findings: int = 0
    alerts: int = 0
    per_day: float = 0.0
    """Mean over all days of the span, those without an alert too."""
    busiest: int = 0
    """Alerts of the worst day."""
    budget: float | None = None
    """The strategy's own `budget_per_day`."""
    by_day: Mapping[date, int] = field(default_factory=dict)
    entities: tuple[tuple[str, int], ...] = ()
    """The alert keys with most findings, and how many they have."""
    levels: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Are there more alerts than the strategy allows itself."""
        return self.budget is not None and self.per_day > self.budget


def forecast(
    findings: Iterable[Finding], strategies: Iterable[Strategy], start: datetime, end: datetime
) -> dict[str, Forecast]:
    """Every strategy's alerts in [start, end), by id; those without a finding too."""
    known = {strategy.id: strategy for strategy in strategies}
    days = max(1.0, (end - start) / timedelta(days=1))
    told: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    for finding in findings:
        if finding.analytic_uid in known and start <= finding.time < end:
            key = alert_key(finding, known[finding.analytic_uid])
            told[finding.analytic_uid].append((finding.time, key, finding.level))
    return {name: _one(strategy, sorted(told[name]), days) for name, strategy in sorted(known.items())}


def _one(strategy: Strategy, rows: list[tuple[datetime, str, str]], days: float) -> Forecast:
    begun: dict[str, datetime] = {}
    by_day: Counter[date] = Counter()
    for time, key, level in rows:
        if level not in UNSAID and (key not in begun or time - begun[key] >= ALERT):
            begun[key] = time
            by_day[time.date()] += 1
    alerts = by_day.total()
    return Forecast(
        strategy=strategy.id,
        title=strategy.title,
        status=strategy.status,
        findings=len(rows),
        alerts=alerts,
        per_day=alerts / days,
        busiest=max(by_day.values(), default=0),
        budget=strategy.priority.budget_per_day if strategy.priority else None,
        by_day=dict(sorted(by_day.items())),
        entities=tuple(Counter(key for _, key, _ in rows).most_common(ENTITIES)),
        levels=dict(Counter(level for _, _, level in rows).most_common()),
    )


def alert_key(finding: Finding, strategy: Strategy) -> str:
    """What makes an alert of a finding: the values of the priority block's `key`, else who acted."""
    fields = strategy.priority.key if strategy.priority else ()
    values = [field_text(finding, name) for name in fields]
    return " / ".join(value or "?" for value in values) or finding.principal or "?"


def field_text(finding: Finding, name: str) -> str:
    """A field of a finding as text: what it was grouped by, else its first event's; several values as one text."""
    if name in finding.key:
        return finding.key[name]
    if name in finding.measure:
        return str(finding.measure[name])
    return ", ".join(sorted({str(value) for value in event_values(finding, name)}))


def event_values(finding: Finding, name: str) -> list[Any]:
    """The scalar values of a field of a finding's first event, by its native name or by its column's."""
    found = native_values(finding, name)
    if not found and finding.evidences and finding.evidences[0].ocsf:
        found = PLAIN.values(finding.evidences[0].ocsf, name)
    return [value for value in found if isinstance(value, str | int | float)]


def native_values(finding: Finding, name: str) -> list[Any]:
    """The scalar values of a field of a finding's first event, as rules and filters see it."""
    if not finding.evidences:
        return []
    evidence = finding.evidences[0]
    if not evidence.native or evidence.source not in SOURCES:
        return []
    found = Resolver.for_source(SOURCES[evidence.source]).values(evidence.native, name)
    return [value for value in found if isinstance(value, str | int | float)]
