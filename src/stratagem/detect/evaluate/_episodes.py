"""What all correlation types share: windows, and hits joined into episodes, once in SQL and once in plain Python.

A hit is an event at which the condition holds over the window that ends with it. Hits of one key less than a timespan
apart are one episode; its members are the events in the windows of its hits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from stratagem.relation import MEMBERS, Episode, Match, Member, bucket, listed
from stratagem.rules.correlation import Bound, Correlation
from stratagem.sqltext import literal, micros

_SIGNS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<", "eq": "=", "neq": "!="}
_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "gte": lambda value, limit: value >= limit,
    "gt": lambda value, limit: value > limit,
    "lte": lambda value, limit: value <= limit,
    "lt": lambda value, limit: value < limit,
    "eq": lambda value, limit: value == limit,
    "neq": lambda value, limit: value != limit,
}


def asked(bounds: Sequence[Bound]) -> str:
    """A condition for people: `>= 8 and < 20`."""
    return " and ".join(f"{_SIGNS[bound.op]} {bound.limit:f}" for bound in bounds)


def compared(bounds: Sequence[Bound], expression: str, *, times: str = "") -> str:
    """The SQL test of a value against every bound; `times` multiplies the limits (an average needs no division)."""
    factor = f" * {times}" if times else ""
    tests = (f"{expression} {_SIGNS[bound.op]} ({bound.limit:f}){factor}" for bound in bounds)
    return "(" + " AND ".join(tests) + ")"


def holds(bounds: Sequence[Bound], value: Decimal | int) -> bool:
    return all(_HOLDS[bound.op](Decimal(value), bound.limit) for bound in bounds)


def windowed(correlation: Correlation) -> str:
    """The WINDOW that ends with each event."""
    span = micros(correlation.timespan) - 1
    return (
        "WINDOW near AS (PARTITION BY key ORDER BY time "
        f"RANGE BETWEEN to_microseconds({span}) PRECEDING AND CURRENT ROW)"
    )


def episodes(correlation: Correlation, rows: str, fact: str, said: Mapping[str, str]) -> str:
    """A SELECT of EPISODES from the CTE `rows` (rule, uid, time, key, hit BOOLEAN, fact).

    `fact` is the column of the hits that `measure` tells: as it was when the condition first held under its own name,
    and the greatest under `peak`. `said` are constants that `measure` tells too.
    """
    span = micros(correlation.timespan)
    constants = "".join(f", {literal(name)}, {literal(value)}" for name, value in said.items())
    return f"""
, reached AS (
  SELECT *, min(CASE WHEN hit THEN time END) OVER (PARTITION BY key ORDER BY time
    RANGE BETWEEN CURRENT ROW AND to_microseconds({span - 1}) FOLLOWING) AS ends
  FROM {rows}
), moments AS (
  SELECT key, time, max({fact}) AS most, time - lag(time) OVER (PARTITION BY key ORDER BY time) AS gap
  FROM {rows} WHERE hit GROUP BY key, time
), numbered AS (
  SELECT *, sum(CASE WHEN gap < to_microseconds({span}) THEN 0 ELSE 1 END) OVER (
    PARTITION BY key ORDER BY time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
  FROM moments
), told AS (
  SELECT key, episode, min(time) AS crossed, arg_min(most, time) AS began, max(most) AS peak
  FROM numbered GROUP BY key, episode
), members AS (
  SELECT DISTINCT reached.key, numbered.episode, reached.rule, reached.uid, reached.time
  FROM reached JOIN numbered ON reached.key = numbered.key AND reached.ends = numbered.time
)
SELECT key, NULL::VARCHAR AS value,
  (epoch_us(any_value(crossed)) // {span} * {span} // 1000000)::VARCHAR AS anchor,
  min(members.time) AS first, max(members.time) AS last, any_value(crossed) AS crossed,
  json_object({literal(fact)}, any_value(began)::VARCHAR, 'peak', any_value(peak)::VARCHAR{constants})::VARCHAR
    AS measure,
  count(*) AS member_count,
  list(struct_pack(rule := rule, uid := uid, time := members.time)
    ORDER BY members.time, uid, rule)[1:{MEMBERS}] AS members
FROM members JOIN told USING (key, episode)
GROUP BY key, episode
"""


def by_key(matches: Sequence[Match]) -> Iterator[tuple[str, list[Match]]]:
    """Each key's matches by time."""
    for key, group in groupby(sorted(matches, key=lambda match: match.key), key=lambda match: match.key):
        yield key, sorted(group, key=lambda match: (match.time, match.uid, match.rule))


def window(rows: Sequence[Match], at: datetime, timespan: timedelta) -> list[Match]:
    """The events of the window that ends at `at`."""
    return [row for row in rows if at - timespan < row.time <= at]


def joined(
    correlation: Correlation,
    key: str,
    rows: Sequence[Match],
    hits: Mapping[datetime, Decimal] | Mapping[datetime, int] | Mapping[datetime, Decimal | int],
    fact: str,
    said: Mapping[str, str],
) -> Iterator[Episode]:
    """The episodes of a key from its events and the moments at which the condition holds, with their `fact`."""
    runs: list[list[datetime]] = []
    for moment in sorted(hits):
        if runs and moment - runs[-1][-1] < correlation.timespan:
            runs[-1].append(moment)
        else:
            runs.append([moment])
    for run in runs:
        members = {
            Member(row.rule, row.uid, row.time)
            for moment in run
            for row in window(rows, moment, correlation.timespan)
            if row.time > moment - correlation.timespan and not _earlier(row.time, runs, run)
        }
        yield Episode(
            key=key,
            anchor=bucket(run[0], correlation.timespan),
            first=min(member.time for member in members),
            last=max(member.time for member in members),
            crossed=run[0],
            measure=_measure(fact, hits[run[0]], max(hits[moment] for moment in run), said),
            member_count=len(members),
            members=listed(members),
        )


def _earlier(time: datetime, runs: Sequence[Sequence[datetime]], run: Sequence[datetime]) -> bool:
    """Does the event belong to an episode before this one: its next hit is one of theirs."""
    return any(time <= other[-1] for other in runs if other[0] < run[0])


def _measure(fact: str, began: Decimal | int, peak: Decimal | int, said: Mapping[str, str]) -> str:
    values = {fact: _number(began), "peak": _number(peak), **said}
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def _number(value: Decimal | int) -> str:
    """As DuckDB writes a DECIMAL(38,9), or a whole number."""
    return f"{value:.9f}" if isinstance(value, Decimal) else str(value)
