"""An entity with a regular sign of life that has stopped: an agent, a log source, a scheduled job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from stratagem.baselines._contract import Baseline, Kind
from stratagem.baselines._text import iso, measure, ratio, sql_iso, warm
from stratagem.relation import Episode, Match, Member, Moment
from stratagem.sqltext import at, micros, span

TIMES = 3
_SECOND = 1_000_000


def _beats(moment: Moment, matches: str) -> str:
    """SQL: a row for each entity and time with an event, and the microseconds since the one before."""
    return f"""
WITH beats AS (
  SELECT key, time, min(uid) AS uid, first(rule ORDER BY uid, rule) AS rule, bool_or(teaches) AS teaches
  FROM {matches} WHERE time <= {at(moment.as_of)} GROUP BY key, time
), gaps AS (
  SELECT *, epoch_us(time) - epoch_us(lag(time) OVER (PARTITION BY key ORDER BY time)) AS gap FROM beats
)"""


def _limit(baseline: Baseline, p99: str) -> str:
    """SQL of the silence that is too long, in microseconds."""
    times = ratio(baseline.options.get("times", TIMES))
    return f"greatest({p99}::HUGEINT * {times.numerator} // {times.denominator}, {micros(baseline.window)})::BIGINT"


def _sql(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    return f"""{_beats(moment, matches)}
, learned AS (
  SELECT *, lead(time) OVER (PARTITION BY key ORDER BY time) AS until,
    min(CASE WHEN teaches THEN time END) OVER known AS since,
    count(CASE WHEN teaches THEN 1 END) OVER known AS observations,
    quantile_disc(CASE WHEN teaches THEN gap END, 0.99) OVER known AS p99
  FROM gaps WINDOW known AS (PARTITION BY key ORDER BY time RANGE {span(baseline.history)} PRECEDING)
), limits AS (
  SELECT *, {_limit(baseline, "p99")} AS "limit" FROM learned WHERE p99 IS NOT NULL
)
SELECT key, NULL::VARCHAR AS value, uid AS anchor, time AS first, time AS last,
  time + to_microseconds("limit") AS crossed,
  json_object('p99_seconds', p99 // {_SECOND}, 'quiet_for_seconds', "limit" // {_SECOND},
    'until', {sql_iso("until")})::VARCHAR AS measure,
  1::BIGINT AS member_count, [struct_pack(rule := rule, uid := uid, time := time)] AS members
FROM limits
WHERE "limit" <= {micros(baseline.history)} AND time + to_microseconds("limit") <= {at(moment.watermark)}
  AND (until IS NULL OR until > time + to_microseconds("limit"))
  AND since <= time - {span(baseline.warm_up)} AND observations >= {baseline.min_observations}
"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    limit = _limit(baseline, "p99")
    return f"""{_beats(moment, matches)}
, entities AS (
  SELECT key, count(*) AS observations, min(time) AS since, max(time) AS last, quantile_disc(gap, 0.99) AS p99
  FROM gaps WHERE teaches AND time < {at(moment.as_of)}
    AND time >= {at(moment.as_of)} - {span(baseline.history)} GROUP BY key
)
SELECT key, NULL::VARCHAR AS value, observations, since AS first, last,
  {warm(baseline, moment, "since", "observations")} AND coalesce({limit} <= {micros(baseline.history)}, false) AS warm,
  map_concat(MAP {{'since': {sql_iso("since")}, 'counted': observations::VARCHAR}},
    CASE WHEN p99 IS NOT NULL THEN MAP {{'p99_seconds': (p99 // {_SECOND})::VARCHAR,
      'quiet_for_seconds': ({limit} // {_SECOND})::VARCHAR}} ELSE MAP {{}}::MAP(VARCHAR, VARCHAR) END) AS facts
FROM entities
"""


def _reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    happened = [match for match in matches if match.time <= moment.as_of]
    keys = sorted({match.key for match in happened})
    return [
        episode
        for key in keys
        for episode in _silences(baseline, moment, [match for match in happened if match.key == key])
    ]


def _silences(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> Iterator[Episode]:
    times = sorted({match.time for match in matches})
    taught = {match.time for match in matches if match.teaches}
    for place, time in enumerate(times):
        until = times[place + 1] if place + 1 < len(times) else None
        known = [one for one in times[: place + 1] if one in taught and one >= time - baseline.history]
        gaps = sorted(one - times[times.index(one) - 1] for one in known if one != times[0])
        if not gaps or known[0] > time - baseline.warm_up or len(known) < baseline.min_observations:
            continue
        p99 = gaps[-(-len(gaps) * 99 // 100) - 1]
        factor = ratio(baseline.options.get("times", TIMES))
        longest = max(timedelta(microseconds=micros(p99) * factor.numerator // factor.denominator), baseline.window)
        crossed = time + longest
        if longest <= baseline.history and crossed <= moment.watermark and (until is None or until > crossed):
            uid, rule = min((match.uid, match.rule) for match in matches if match.time == time)
            told = measure(
                p99_seconds=micros(p99) // _SECOND,
                quiet_for_seconds=micros(longest) // _SECOND,
                until=iso(until) if until else None,
            )
            yield Episode(
                key=matches[0].key,
                anchor=uid,
                first=time,
                last=time,
                crossed=crossed,
                measure=told,
                member_count=1,
                members=(Member(rule, uid, time),),
            )


def _defaults(block: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"history": "14d", "warm_up": "7d", "min_observations": 200}


PLUGIN = Kind(
    title="Silence",
    describe=(
        "Reports that an entity has been quiet for more than `times` the 99th percentile of the time between its "
        "events within `history`, and for at least `window`. "
        "It waits for late events: a silence counts once the watermark has passed its end. "
        "It is a finding at the moment in which it became too long, and names the last event before it. "
        "An entity alerts once it has been observed for `warm_up` and `min_observations` times, and if it is never "
        "usually quiet for as long as the history; in a cold start, and for a new entity, it stays silent. "
        "Events of recorded incidents show that the entity lives, but the time before them is not learned."
    ),
    schema={
        "times": {
            "type": "number",
            "minimum": 1,
            "maximum": 1000,
            "default": TIMES,
            "description": "How many times its usual longest pause an entity has to be quiet.",
        },
    },
    needs=(),
    defaults=_defaults,
    is_global=lambda baseline: True,
    sql=_sql,
    learned=_learned,
    reference=_reference,
    reach=lambda baseline: baseline.history * 2,
)
