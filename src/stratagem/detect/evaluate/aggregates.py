"""event_count and the value_* types: one number over the window that ends with each event.

An event counts once, whatever number of the rules hold on it; of a field with several values each counts. Sums are
exact. An average is compared as sum against limit times count, a median of an even number as twice itself. A
percentile is the nearest rank: the least value with at least that share of the values at or below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal
from math import ceil

from stratagem.detect.evaluate._episodes import asked, by_key, compared, episodes, holds, joined, window, windowed
from stratagem.relation import Episode, Match, Moment
from stratagem.rules.correlation import Bound, Correlation, CorrelationType

TYPES = (
    CorrelationType.EVENT_COUNT,
    CorrelationType.VALUE_COUNT,
    CorrelationType.VALUE_SUM,
    CorrelationType.VALUE_AVG,
    CorrelationType.VALUE_PERCENTILE,
    CorrelationType.VALUE_MEDIAN,
)


def sql(correlation: Correlation, moment: Moment, matches: str) -> str:
    """See `evaluate.sql`."""
    fact, hit = _measured(correlation)
    rows = f"""
WITH found AS (
  SELECT * FROM {matches} WHERE {_counts(correlation.type)}
), once AS (
  {_once(correlation.type)}
), seen AS (
  SELECT rule, uid, time, key, {fact} AS {_word(correlation)}, {hit} AS hit FROM once {windowed(correlation)}
)"""
    return rows + episodes(correlation, "seen", _word(correlation), {"asked": asked(correlation.bounds)})


def _word(correlation: Correlation) -> str:
    return correlation.type.removeprefix("event_").removeprefix("value_")


def _counts(kind: CorrelationType) -> str:
    """Which matches take part."""
    match kind:
        case CorrelationType.EVENT_COUNT:
            return "TRUE"
        case CorrelationType.VALUE_COUNT:
            return "value IS NOT NULL"
        case _:
            return "number IS NOT NULL"


def _once(kind: CorrelationType) -> str:
    """An event once; of an event that several rules hold on, the values that the first of them gave."""
    if kind is CorrelationType.EVENT_COUNT:
        return "SELECT min(rule) AS rule, uid, time, key FROM found GROUP BY uid, time, key"
    if kind is CorrelationType.VALUE_COUNT:
        return "SELECT min(rule) AS rule, uid, time, key, value FROM found GROUP BY uid, time, key, value"
    return "SELECT * FROM found QUALIFY rule = min(rule) OVER (PARTITION BY uid, key)"


def _measured(correlation: Correlation) -> tuple[str, str]:
    """What the window measures, and the test of it."""
    bounds = correlation.bounds
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return "count(*) OVER near", compared(bounds, "count(*) OVER near")
        case CorrelationType.VALUE_COUNT:
            return "count(DISTINCT value) OVER near", compared(bounds, "count(DISTINCT value) OVER near")
        case CorrelationType.VALUE_SUM:
            return "sum(number) OVER near", compared(bounds, "sum(number) OVER near")
        case CorrelationType.VALUE_AVG:
            total = "sum(number) OVER near"
            count = "(count(*) OVER near)"
            # The average itself is only told; what is compared is exact.
            return _divided(f"({total})", count), compared(bounds, total, times=count)
        case CorrelationType.VALUE_PERCENTILE:
            rank = f"quantile_disc(number, {(correlation.percentile or 50) / 100}) OVER near"
            return rank, compared(bounds, rank)
        case _:
            both = "(quantile_disc(number, 0.5) OVER near) - (quantile_disc(-number, 0.5) OVER near)"
            return _divided(f"({both})", "2"), compared(bounds, f"({both})", times="2")


def _divided(total: str, count: str) -> str:
    """A DECIMAL(38,9) divided and cut off at nine places: DuckDB's own division gives a DOUBLE."""
    billionths = f"(replace({total}::VARCHAR, '.', '')::HUGEINT // {count})"
    return f"({billionths}::DECIMAL(38,0) * 0.000000001::DECIMAL(10,9))::DECIMAL(38,9)"


def _cut(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000000001"), ROUND_DOWN, Context(prec=60))


def reference(correlation: Correlation, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    """See `evaluate.reference`."""
    return [episode for key, rows in by_key(matches) for episode in _of_key(correlation, key, rows)]


def _of_key(correlation: Correlation, key: str, matches: Sequence[Match]) -> Iterator[Episode]:
    rows = _taking_part(correlation, matches)
    hits: dict[datetime, Decimal | int] = {}
    for row in rows:
        near = window(rows, row.time, correlation.timespan)
        fact, passed = _fact(correlation, near)
        if passed:
            hits[row.time] = fact
    yield from joined(correlation, key, rows, hits, _word(correlation), {"asked": asked(correlation.bounds)})


def _taking_part(correlation: Correlation, matches: Sequence[Match]) -> list[Match]:
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            found = {row.uid: row for row in sorted(matches, key=lambda row: row.rule, reverse=True)}
            return list(found.values())
        case CorrelationType.VALUE_COUNT:
            named = [row for row in matches if row.value is not None]
            pairs = {(row.uid, row.value): row for row in sorted(named, key=lambda row: row.rule, reverse=True)}
            return list(pairs.values())
        case _:
            numbers = [row for row in matches if row.number is not None]
            first = {row.uid: row.rule for row in sorted(numbers, key=lambda row: row.rule, reverse=True)}
            return [row for row in numbers if row.rule == first[row.uid]]


def _fact(correlation: Correlation, near: Sequence[Match]) -> tuple[Decimal | int, bool]:
    bounds: Sequence[Bound] = correlation.bounds
    numbers = sorted(row.number for row in near if row.number is not None)
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            return len(near), holds(bounds, len(near))
        case CorrelationType.VALUE_COUNT:
            count = len({row.value for row in near})
            return count, holds(bounds, count)
        case CorrelationType.VALUE_SUM:
            total = sum(numbers, Decimal(0))
            return total, holds(bounds, total)
        case CorrelationType.VALUE_AVG:
            total, count = sum(numbers, Decimal(0)), len(numbers)
            scaled = tuple(Bound(op=bound.op, limit=bound.limit * count) for bound in bounds)
            return _cut(Context(prec=60).divide(total, Decimal(count))), holds(scaled, total)
        case CorrelationType.VALUE_PERCENTILE:
            rank = max(1, ceil(Decimal(correlation.percentile or 50) * len(numbers) / 100))
            return numbers[rank - 1], holds(bounds, numbers[rank - 1])
        case _:
            low, high = numbers[(len(numbers) - 1) // 2], numbers[len(numbers) // 2]
            doubled = tuple(Bound(op=bound.op, limit=bound.limit * 2) for bound in bounds)
            return _cut((low + high) / 2), holds(doubled, low + high)
