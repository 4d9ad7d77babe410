"""A workload that talks to a destination it has never talked to: an edge that the graph of communication lacks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from stratagem.baselines import _slow
from stratagem.baselines._contract import Baseline, Kind
from stratagem.baselines._text import iso, learned_values, measure, observed, runs, sql_iso, taught, value_sums
from stratagem.relation import Episode, Match, Moment
from stratagem.sqltext import span


def _destination_age(baseline: Baseline) -> timedelta:
    age = baseline.options.get("destination_age", timedelta(0))
    assert isinstance(age, timedelta)
    return age


def _sql(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    history, age = span(baseline.history), _destination_age(baseline)
    within = f"ORDER BY time RANGE BETWEEN {history} PRECEDING AND to_microseconds(1) PRECEDING"
    old = f"AND known_since <= time - {span(age)}" if age else ""
    met = f"min(CASE WHEN teaches THEN time END) OVER (PARTITION BY value {within})" if age else "NULL"
    return f"""
WITH seen AS ({observed(moment, matches, "value IS NOT NULL", sums)}
), compared AS (
  SELECT *, {met} AS known_since,
    max(CASE WHEN teaches THEN time END) OVER (
      PARTITION BY key, value ORDER BY time, uid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
    min(CASE WHEN teaches THEN time END) OVER source AS since,
    {taught("source", sums)} AS observations
  FROM seen WINDOW source AS (PARTITION BY key {within})
), hot AS (
  SELECT rule, uid, time, key, value,
    CASE WHEN standard IS NULL
      THEN json_object('observations', observations, 'since', {sql_iso("since")})
      ELSE json_object('observations', observations, 'since', {sql_iso("since")}, 'architecture', 'outside')
    END::VARCHAR AS measure
  FROM compared
  WHERE standard IS NOT DISTINCT FROM false OR (standard IS NULL
    AND (before IS NULL OR time - before > {history}) {old}
    AND uid IS NOT NULL
    AND since <= time - {span(baseline.warm_up)} AND observations >= {baseline.min_observations})
){runs("hot", baseline.window)}"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    return learned_values(baseline, moment, matches)


def _reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    rows = _slow.observed(moment, [match for match in matches if match.value is not None])
    age, hot = _destination_age(baseline), []
    for row in rows:
        everything = _slow.known(baseline, rows, row)
        history = [one for one in everything if one.key == row.key]
        same = (one for one in rows if (one.key, one.value) == (row.key, row.value) and one.teaches)
        earlier = [one for one in same if _slow.order(one) < _slow.order(row)]
        is_new = not earlier or row.time - earlier[-1].time > baseline.history
        is_met = not age or any(one.value == row.value and one.time <= row.time - age for one in everything)
        since = iso(min(one.time for one in history)) if history else None
        if row.standard is False:
            hot.append((row, measure(observations=len(history), since=since, architecture="outside")))
        elif row.standard is None and is_new and is_met and _slow.is_warm(baseline, history, row):
            hot.append((row, measure(observations=len(history), since=since)))
    return _slow.runs(hot, baseline.window)


PLUGIN = Kind(
    title="New edge",
    describe=(
        "Reports the first flow from a workload (the entity) to a destination (the value: a workload, or the name of a "
        "range, with the port where that matters) that it has not talked to within `history`. "
        "Give names and not addresses, which change with every deployment. "
        "A source alerts once it has been observed for `warm_up` and `min_observations` times; in a cold start, and "
        "for a new workload, it stays silent. "
        "With `destination_age`, edges to a destination that nobody has talked to for that long are left out, so that "
        "a new service does not alert for each of its callers. "
        "`architecture.yml` says what is standard without being learned: an edge that it allows is silent, and one "
        "that it does not allow, though it describes one of its ends, is reported even when it was learned, in a cold "
        "start and however young its destination; such a finding has `architecture: outside`. "
        "It describes an end that a flow names, on that side, by more than its cluster or a pattern that fits all. "
        "Flows of recorded incidents are not learned, so that the edge is reported again when it comes again: "
        "those less than `window` apart are one finding."
    ),
    schema={
        "destination_age": {
            "type": "string",
            "pattern": "^[0-9]+(s|m|h|d)$",
            "description": "Destinations that were first talked to, by anybody, later than this before are left out.",
        },
    },
    needs=("value",),
    asks_architecture=True,
    is_global=lambda baseline: bool(_destination_age(baseline)),
    sql=_sql,
    sums=value_sums,
    learned=_learned,
    reference=_reference,
)
