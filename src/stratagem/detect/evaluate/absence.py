"""absence: the first rule holds, and none of the others does for the same key within the timespan after it.

It waits until all events up to then have arrived. The condition holds at the end of the timespan: that is the hit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from stratagem.detect.evaluate._episodes import by_key
from stratagem.relation import MEMBERS, Episode, Match, Member, Moment, bucket, listed
from stratagem.rules.correlation import Correlation
from stratagem.sqltext import at, literal, micros


def _measure(correlation: Correlation) -> str:
    return "no " + " or ".join(correlation.rules[1:])


def sql(correlation: Correlation, moment: Moment, matches: str) -> str:
    """See `evaluate.sql`. Unanswered events of a key less than a timespan apart are one episode."""
    span = micros(correlation.timespan)
    first = literal(correlation.rules[0])
    return f"""
WITH once AS (
  SELECT DISTINCT rule, uid, time, key FROM {matches}
), told AS (
  SELECT *, count(CASE WHEN rule <> {first} THEN 1 END) OVER (PARTITION BY key ORDER BY time
    RANGE BETWEEN CURRENT ROW AND to_microseconds({span - 1}) FOLLOWING) AS answers
  FROM once
), alone AS (
  SELECT rule, uid, time, key, time - lag(time) OVER (PARTITION BY key ORDER BY time, uid) AS gap
  FROM told WHERE rule = {first} AND answers = 0
    AND time + to_microseconds({span}) <= {at(moment.watermark)}
), numbered AS (
  SELECT *, sum(CASE WHEN gap < to_microseconds({span}) THEN 0 ELSE 1 END) OVER (
    PARTITION BY key ORDER BY time, uid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS episode
  FROM alone
)
SELECT key, NULL::VARCHAR AS value,
  (epoch_us(min(time) + to_microseconds({span})) // {span} * {span} // 1000000)::VARCHAR AS anchor,
  min(time) AS first, max(time) AS last, min(time) + to_microseconds({span}) AS crossed,
  json_object('count', count(*)::VARCHAR, 'asked', {literal(_measure(correlation))})::VARCHAR AS measure,
  count(*) AS member_count,
  list(struct_pack(rule := rule, uid := uid, time := time) ORDER BY time, uid, rule)[1:{MEMBERS}] AS members
FROM numbered GROUP BY key, episode
"""


def reference(correlation: Correlation, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    """See `evaluate.reference`."""
    return [episode for key, rows in by_key(matches) for episode in _of_key(correlation, moment, key, rows)]


def _of_key(correlation: Correlation, moment: Moment, key: str, rows: Sequence[Match]) -> Iterator[Episode]:
    span = correlation.timespan
    answers = [row.time for row in rows if row.rule != correlation.rules[0]]
    runs: list[list[Match]] = []
    seen: set[Member] = set()
    for row in rows:
        is_answered = any(row.time <= time < row.time + span for time in answers)
        is_open = row.time + span > moment.watermark
        if row.rule != correlation.rules[0] or is_answered or is_open or Member(*row[:3]) in seen:
            continue
        seen.add(Member(*row[:3]))
        if runs and row.time - runs[-1][-1].time < span:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        measure = {"count": str(len(run)), "asked": _measure(correlation)}
        yield Episode(
            key=key,
            anchor=bucket(run[0].time + span, span),
            first=run[0].time,
            last=run[-1].time,
            crossed=run[0].time + span,
            measure=json.dumps(measure, separators=(",", ":"), ensure_ascii=False),
            member_count=len(run),
            members=listed(Member(row.rule, row.uid, row.time) for row in run),
        )
