"""A value that its entity has not had before: a registry never pulled from, a creator that nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

from stratagem.baselines import _slow
from stratagem.baselines._contract import Baseline, Kind
from stratagem.baselines._text import iso, learned_values, measure, observed, runs, sql_iso, taught, value_sums
from stratagem.relation import Episode, Match, Moment
from stratagem.sqltext import span


def _sql(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    history, warm_up = span(baseline.history), span(baseline.warm_up)
    return f"""
WITH seen AS ({observed(moment, matches, "value IS NOT NULL", sums)}
), compared AS (
  SELECT *,
    max(CASE WHEN teaches THEN time END) OVER (
      PARTITION BY key, value ORDER BY time, uid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
    min(CASE WHEN teaches THEN time END) OVER known AS since,
    {taught("known", sums)} AS observations
  FROM seen
  WINDOW known AS (PARTITION BY key ORDER BY time RANGE BETWEEN {history} PRECEDING AND to_microseconds(1) PRECEDING)
), hot AS (
  SELECT rule, uid, time, key, value,
    json_object('observations', observations, 'since', {sql_iso("since")})::VARCHAR AS measure
  FROM compared
  WHERE (before IS NULL OR time - before > {history})
    AND since <= time - {warm_up} AND observations >= {baseline.min_observations}
    AND uid IS NOT NULL
){runs("hot", baseline.window)}"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    return learned_values(baseline, moment, matches)


def _reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    rows = _slow.observed(moment, [match for match in matches if match.value is not None])
    hot = []
    for row in rows:
        history = _slow.known(baseline, [one for one in rows if one.key == row.key], row)
        same = (one for one in rows if (one.key, one.value) == (row.key, row.value) and one.teaches)
        earlier = [one for one in same if _slow.order(one) < _slow.order(row)]
        is_new = not earlier or row.time - earlier[-1].time > baseline.history
        if is_new and _slow.is_warm(baseline, history, row):
            hot.append((row, measure(observations=len(history), since=iso(min(one.time for one in history)))))
    return _slow.runs(hot, baseline.window)


PLUGIN = Kind(
    title="First seen",
    describe=(
        "Reports the first event with a value that its entity has not had within `history`. "
        "An entity alerts once it has been observed for `warm_up` and `min_observations` times; "
        "in a cold start, and for a new entity, it stays silent. "
        "Events of recorded incidents are not learned, so that the value is reported again when it comes again: "
        "those less than `window` apart are one finding."
    ),
    schema={},
    needs=("value",),
    sql=_sql,
    sums=value_sums,
    learned=_learned,
    reference=_reference,
)
