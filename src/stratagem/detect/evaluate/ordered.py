"""temporal_ordered: the rules hold one after another, in the order in which they are listed, within one window.

Events of one time may follow each other. With a count (`gte: 2` of three rules) a shorter chain is enough, as long as
its rules stand in the order listed. With an expression its rules must hold in the window, and those that it does not
negate must form a chain in the order listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from stratagem.detect.evaluate._episodes import by_key, compared, episodes, holds, joined, window, windowed
from stratagem.detect.evaluate.temporal import bounds_of, condition, expression_sql, is_true
from stratagem.relation import Episode, Match, Moment
from stratagem.rules.correlation import Both, Correlation, Term
from stratagem.sqltext import literal, micros


def sql(correlation: Correlation, moment: Moment, matches: str) -> str:
    """See `evaluate.sql`.

    `start_<n>` of an event is the latest time at which a chain of n events that ends with it can begin: the longest
    chain within the window is the greatest n whose start lies inside.
    """
    rules = correlation.rules
    span = micros(correlation.timespan)
    places = " ".join(f"WHEN {literal(rule)} THEN {place}" for place, rule in enumerate(rules))
    steps = [f"SELECT DISTINCT rule, uid, time, key, CASE rule {places} END AS place, time AS start_1 FROM {matches}"]
    for length in range(2, len(rules) + 1):
        before = ", ".join(
            f"CASE WHEN place > {place} THEN max(CASE WHEN place = {place} THEN start_{length - 1} END) OVER upto END"
            for place in range(len(rules) - 1)
        )
        steps.append(
            f"SELECT *, greatest({before}) AS start_{length} FROM chain_{length - 1} WINDOW upto AS "
            "(PARTITION BY key ORDER BY time RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
        )
    chains = ", ".join(f"chain_{number} AS ({step})" for number, step in enumerate(steps, 1))
    longest = "CASE " + " ".join(
        f"WHEN time - start_{length} < to_microseconds({span}) THEN {length}" for length in range(len(rules), 0, -1)
    )
    test = (
        compared(bounds_of(correlation), "chain")
        if correlation.expression is None
        else f"chain >= {_length(correlation.expression)} AND {expression_sql(correlation.expression)}"
    )
    rows = f"""
WITH {chains}, lengths AS (
  SELECT rule, uid, time, key, {longest} END AS chain FROM chain_{len(rules)}
), seen AS (
  SELECT *, {test} AS hit FROM lengths {windowed(correlation)}
)"""
    return rows + episodes(correlation, "seen", "chain", {"asked": condition(correlation) + ", in this order"})


def _length(term: Term) -> int:
    """How long the chain must be: all rules of a plain conjunction, one of anything else."""
    if isinstance(term, Both):
        return sum(isinstance(part, str) for part in term.parts) or 1
    return 1


def reference(correlation: Correlation, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    """See `evaluate.reference`."""
    return [episode for key, rows in by_key(matches) for episode in _of_key(correlation, key, rows)]


def _of_key(correlation: Correlation, key: str, rows: Sequence[Match]) -> Iterator[Episode]:
    hits: dict[datetime, int] = {}
    for row in rows:
        near = window(rows, row.time, correlation.timespan)
        chain = _longest(correlation.rules, near, row)
        if correlation.expression is None:
            passed = holds(bounds_of(correlation), chain)
        else:
            present = {one.rule for one in near}
            passed = chain >= _length(correlation.expression) and is_true(correlation.expression, present)
        if passed:
            hits[row.time] = max(chain, hits.get(row.time, 0))
    said = {"asked": condition(correlation) + ", in this order"}
    yield from joined(correlation, key, rows, hits, "chain", said)


def _longest(rules: Sequence[str], near: Sequence[Match], last: Match) -> int:
    """The longest chain that ends with `last`."""
    earlier = [one for one in near if one.time <= last.time and rules.index(one.rule) < rules.index(last.rule)]
    return 1 + max((_longest(rules, near, one) for one in earlier), default=0)
