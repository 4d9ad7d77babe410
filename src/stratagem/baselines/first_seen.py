"""A value that its entity has not had before: a registry never pulled from, a creator that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from stratagem.baselines._contract import Baseline, Kind
from stratagem.baselines._text import measure, span
from stratagem.relation import Episode, Match, Member, Moment


def _sql(baseline: Baseline, moment: Moment, matches: str) -> str:
    history, warm_up = span(baseline.history), span(baseline.warm_up)
    return f"""
WITH seen AS (
  SELECT DISTINCT ON (uid, key, value) rule, uid, time, key, value, teaches
  FROM {matches} WHERE value IS NOT NULL ORDER BY uid, key, value, rule
), told AS (
  SELECT *,
    max(CASE WHEN teaches THEN time END) OVER (
      PARTITION BY key, value ORDER BY time, uid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
    min(CASE WHEN teaches THEN time END) OVER known AS since,
    count(CASE WHEN teaches THEN 1 END) OVER known AS observations
  FROM seen
  WINDOW known AS (PARTITION BY key ORDER BY time RANGE BETWEEN {history} PRECEDING AND to_microseconds(1) PRECEDING)
)
SELECT key, value, uid AS anchor, time AS first, time AS last, time AS crossed,
  json_object('observations', observations, 'since', strftime(since AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'))::VARCHAR
    AS measure,
  1::BIGINT AS member_count, [struct_pack(rule := rule, uid := uid, time := time)] AS members
FROM told
WHERE (before IS NULL OR time - before > {history})
  AND since <= time - {warm_up} AND observations >= {baseline.min_observations}
"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    at = f"'{moment.as_of.isoformat()}'::TIMESTAMPTZ"
    return f"""
WITH seen AS (
  SELECT DISTINCT uid, key, value, time FROM {matches}
  WHERE teaches AND value IS NOT NULL AND time <= {at} AND time >= {at} - {span(baseline.history)}
), entities AS (
  SELECT key, min(time) AS since, count(*) AS observations FROM seen GROUP BY key
)
SELECT key, value, count(*) AS observations, min(time) AS first, max(time) AS last,
  any_value(since <= {at} - {span(baseline.warm_up)} AND entities.observations >= {baseline.min_observations}) AS warm,
  MAP {{'entity_observations': any_value(entities.observations)::VARCHAR}} AS facts
FROM seen JOIN entities USING (key) GROUP BY key, value
"""


def _reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    first = {(m.uid, m.key, m.value): m for m in sorted(matches, key=lambda m: m.rule, reverse=True) if m.value}
    episodes = []
    for _, group in groupby(sorted(first.values(), key=lambda m: m.key), key=lambda m: m.key):
        rows = sorted(group, key=lambda m: (m.time, m.uid))
        for place, row in enumerate(rows):
            known = [m for m in rows if m.teaches and row.time - baseline.history <= m.time < row.time]
            earlier = [m for m in rows[:place] if m.teaches and m.value == row.value]
            is_new = not earlier or row.time - earlier[-1].time > baseline.history
            is_warm = known and known[0].time <= row.time - baseline.warm_up
            if is_new and is_warm and len(known) >= baseline.min_observations:
                episodes.append(_episode(row, len(known), known[0].time))
    return episodes


def _episode(row: Match, observations: int, since: datetime) -> Episode:
    return Episode(
        key=row.key,
        value=row.value,
        anchor=row.uid,
        first=row.time,
        last=row.time,
        crossed=row.time,
        measure=measure(observations=observations, since=since.strftime("%Y-%m-%dT%H:%M:%SZ")),
        member_count=1,
        members=(Member(row.rule, row.uid, row.time),),
    )


PLUGIN = Kind(
    title="First seen",
    describe=(
        "Reports the first event with a value that its entity has not had within the history. "
        "An entity alerts once it has been observed for the warm-up and often enough; a new entity stays silent. "
        "Events of recorded incidents are not learned, so the same value is reported again."
    ),
    schema={},
    needs=("value",),
    sql=_sql,
    learned=_learned,
    reference=_reference,
)
