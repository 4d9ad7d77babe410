"""Pieces of SQL and text that the kinds share, and what they mean in Python."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.relation import MEMBERS, Moment
from stratagem.sqltext import at, span

BILLION = 1_000_000_000
"""Amounts are whole billionths, because DECIMAL(38,9) is, and because integers stay exact."""


def duration(length: timedelta) -> str:
    """As a block writes it: 14d, 90s."""
    seconds = int(length.total_seconds())
    unit, size = next((unit, size) for unit, size in _UNITS if not seconds % size)
    return f"{seconds // size}{unit}"


_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def ratio(value: Any) -> Fraction:
    """A number of a block, as a fraction of whole numbers with a denominator of at most 1,000."""
    return Fraction(str(value)).limit_denominator(1000)


def measure(**facts: Any) -> str:
    """The `measure` of an episode: compact JSON, in the order given."""
    return json.dumps(facts, separators=(",", ":"), default=str)


def iso(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sql_iso(time: str) -> str:
    """SQL of the text that `iso` gives."""
    return f"strftime({time} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"


def decimal(amount: int) -> str:
    """An amount in billionths (not negative) as the shortest decimal text."""
    return f"{amount // BILLION}.{amount % BILLION:09}".rstrip("0").rstrip(".")


def sql_decimal(amount: str) -> str:
    """SQL of the text that `decimal` gives, for a HUGEINT."""
    digits = f"lpad((({amount}) % {BILLION})::VARCHAR, 9, '0')"
    return f"rtrim(rtrim(concat(({amount}) // {BILLION}, '.', {digits}), '0'), '.')"


def anchor(uid: str, value: str | None) -> str:
    """The anchor of an episode that begins with an event; its value is part of it, because an event may bring many."""
    return uid if value is None else f"{uid}/{hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()[:12]}"


def sql_anchor(uid: str, value: str) -> str:
    """SQL of the text that `anchor` gives."""
    return f"concat({uid}, '/' || md5({value})[1:12])"


def observed(moment: Moment, matches: str, where: str = "true", sums: str | None = None) -> str:
    """SQL of the observations: an event counts once for each key and value, however many rules or elements say so.

    With `sums` (see `value_sums`) they have a `weight`, and those that stand for several have no uid.
    """
    once = f"""
  SELECT min(rule) AS rule, uid, min(time) AS time, key, value, min(peer) AS peer, bool_and(teaches) AS teaches,
    bool_and(standard) AS standard{", 1::BIGINT AS weight" if sums else ""}
  FROM {matches} WHERE time <= {at(moment.as_of)} AND {where} GROUP BY uid, key, value"""
    if sums is None:
        return once
    return f"""{once}
  UNION ALL SELECT NULL, NULL, first, key, value, NULL, true, NULL, greatest(weight - 1, 1) FROM {sums}
  UNION ALL SELECT NULL, NULL, last, key, value, NULL, true, NULL, 1 FROM {sums} WHERE weight > 1"""


def taught(window: str, sums: str | None) -> str:
    """SQL of how many observations of a window teach."""
    if sums is None:
        return f"count(CASE WHEN teaches THEN 1 END) OVER {window}"
    return f"coalesce(sum(CASE WHEN teaches THEN weight END) OVER {window}, 0)::BIGINT"


def value_sums(baseline: Baseline, earlier: str, matches: str, is_once: bool) -> str:
    """SQL of how often, first and last an entity had a value in `earlier`: a row for each value of `matches`, and one
    (value null) for all its others."""
    once = "SELECT key, value, min(time) AS time, bool_and(teaches) AS teaches"
    rows = earlier if is_once else f"({once} FROM {earlier} WHERE value IS NOT NULL GROUP BY uid, key, value)"
    return f"""
WITH pairs AS (
  SELECT key, value, count(*) AS weight, min(time) AS first, max(time) AS last
  FROM {rows} WHERE teaches AND value IS NOT NULL GROUP BY key, value
), asked AS (SELECT DISTINCT key, value, true AS is_asked FROM {matches} WHERE value IS NOT NULL
), named AS (
  SELECT pairs.* REPLACE (CASE WHEN is_asked THEN value END AS value) FROM pairs LEFT JOIN asked USING (key, value)
)
SELECT key, value, sum(weight)::BIGINT AS weight, min(first) AS first, max(last) AS last FROM named GROUP BY key, value
"""


def runs(hot: str, gap: timedelta) -> str:
    """SQL of EPISODES from a table of hot events (rule, uid, time, key, value, measure): the events of a key and value
    of which each comes less than `gap` after the one before are one episode, and its first event says when and how.
    """
    return f"""
, told AS (
  SELECT *, sum(CASE WHEN time - before < {span(gap)} THEN 0 ELSE 1 END) OVER (
      PARTITION BY key, value ORDER BY time, uid ROWS UNBOUNDED PRECEDING) AS run
  FROM (SELECT *, lag(time) OVER (PARTITION BY key, value ORDER BY time, uid) AS before FROM {hot})
)
SELECT key, value, {sql_anchor("first(uid ORDER BY time, uid)", "value")} AS anchor,
  min(time) AS first, max(time) AS last, min(time) AS crossed, first(measure ORDER BY time, uid) AS measure,
  count(*)::BIGINT AS member_count,
  list(struct_pack(rule := rule, uid := uid, time := time) ORDER BY time, uid, rule)[1:{MEMBERS}] AS members
FROM told GROUP BY key, value, run
"""


def learned_values(baseline: Baseline, moment: Moment, matches: str, *, where: str = "true") -> str:
    """SQL of LEARNED for the kinds that know an entity by the values it has had: a row for each entity and value."""
    return f"""
WITH seen AS ({observed(moment, matches, f"value IS NOT NULL AND {where}")}
), known AS (
  SELECT * FROM seen WHERE teaches AND time < {at(moment.as_of)}
    AND time >= {at(moment.as_of)} - {span(baseline.history)}
), entities AS (
  SELECT key, min(time) AS since, max(time) AS last, count(*) AS observations, count(DISTINCT value) AS values,
    {warm(baseline, moment, "min(time)", "count(*)")} AS warm
  FROM known GROUP BY key
)
SELECT key, NULL::VARCHAR AS value, observations, since AS first, last, warm,
  MAP {{'since': {sql_iso("since")}, 'counted': observations::VARCHAR, 'values': values::VARCHAR}} AS facts
FROM entities
UNION ALL
SELECT key, value, count(*), min(time), max(known.time), any_value(warm), MAP {{}}::MAP(VARCHAR, VARCHAR)
FROM known JOIN entities USING (key) GROUP BY key, value
"""


def warm(baseline: Baseline, moment: Moment, since: str, observations: str) -> str:
    """SQL: whether warm-up is over at the moment."""
    return (
        f"({since} <= {at(moment.as_of)} - {span(baseline.warm_up)} AND {observations} >= {baseline.min_observations})"
    )
