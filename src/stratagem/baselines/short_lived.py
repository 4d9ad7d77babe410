"""An object that was gone soon after it was made: a pod that ran for two minutes, by somebody who never does that.

An object is known by its uid, which the rules that see it made and the rules that see it gone both give as the value;
who made it is the key. Names come again, uids do not.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.baselines import _short_lived_slow
from stratagem.baselines._contract import Baseline, Flaw, Kind
from stratagem.baselines._lives import COUNT, MIN_OBJECTS, USUAL_SHARE, rule_names, within
from stratagem.baselines._text import ratio, sql_iso, warm
from stratagem.relation import MEMBERS, Moment
from stratagem.sqltext import at, listed, span

_EARLIEST = "min(struct_pack(time := time, uid := uid, key := key, rule := rule, peer := peer, teaches := teaches))"


_TODAY = "to_microseconds(epoch_us(time) % 86400000000 + 1)"
"""What a creator is known for is learned up to the start of the day: a burst does not become usual while it lasts."""


def _objects(baseline: Baseline, moment: Moment, matches: str) -> str:
    """SQL: `objects` has a row for each object that was seen made: by whom, when, when it was gone, and if too soon."""
    peer = "made.peer" if baseline.peers else "NULL::VARCHAR"
    return f"""
WITH happened AS (SELECT * FROM {matches} WHERE time <= {at(moment.as_of)} AND value IS NOT NULL
), births AS (
  SELECT value, {_EARLIEST} AS made
  FROM happened WHERE rule IN ({listed(rule_names(baseline, "created"))}) GROUP BY value
), deaths AS (
  SELECT value, {_EARLIEST} AS gone
  FROM happened JOIN births USING (value)
  WHERE rule IN ({listed(rule_names(baseline, "gone"))}) AND time >= made.time AND uid <> made.uid GROUP BY value
), objects AS (
  SELECT value, made.key AS key, {peer} AS peer, made, gone, made.teaches AND coalesce(gone.teaches, true) AS teaches,
    coalesce(gone.time - made.time < {span(baseline.window)}, false) AS is_short
  FROM births LEFT JOIN deaths USING (value)
)"""


def _sql(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    options, share = baseline.options, ratio(baseline.options.get("usual_share", USUAL_SHARE))
    count = int(options.get("count", COUNT))
    history = f"ORDER BY time RANGE BETWEEN {span(baseline.history)} PRECEDING AND"
    return f"""{_objects(baseline, moment, matches)}
, marks AS (
  SELECT key, peer, made.time AS time, teaches::INT AS made, 0 AS vanished, NULL::VARCHAR AS value FROM objects
  UNION ALL
  SELECT key, peer, gone.time, 0, teaches::INT, NULL FROM objects WHERE is_short
  UNION ALL
  SELECT key, peer, made.time, 0, 0, value FROM objects WHERE is_short
), compared AS (
  SELECT value, coalesce(sum(made) OVER own, 0) AS made_before, coalesce(sum(vanished) OVER own, 0) AS vanished_before,
    min(CASE WHEN made = 1 THEN time END) OVER everybody AS since,
    coalesce(sum(made) OVER everybody, 0) AS observations, time
  FROM marks WINDOW own AS (PARTITION BY key {history} {_TODAY} PRECEDING),
    everybody AS (PARTITION BY peer {history} to_microseconds(1) PRECEDING)
), hot AS (
  SELECT objects.*, made_before, vanished_before, epoch_us(gone.time) - epoch_us(objects.made.time) AS life
  FROM compared JOIN objects USING (value)
  WHERE since <= compared.time - {span(baseline.warm_up)} AND observations >= {baseline.min_observations}
    AND (made_before < {int(options.get("min_objects", MIN_OBJECTS))}
      OR vanished_before * {share.denominator} < made_before * {share.numerator})
), runs AS (
  SELECT *, sum(CASE WHEN gone.time - before < {span(within(baseline))} THEN 0 ELSE 1 END) OVER (
    PARTITION BY key ORDER BY gone.time, gone.uid, value ROWS UNBOUNDED PRECEDING) AS run
  FROM (SELECT *, lag(gone.time) OVER (PARTITION BY key ORDER BY gone.time, gone.uid, value) AS before FROM hot)
), told AS (
  SELECT key, run, first(gone.uid ORDER BY gone.time, gone.uid, value) AS anchor, min(made.time) AS first,
    max(gone.time) AS last, list(gone.time ORDER BY gone.time, gone.uid, value)[{count}] AS crossed,
    json_object('short_lived', count(*)::BIGINT, 'asked', '>= {count}', 'shortest_seconds', min(life) // 1000000,
      'creator_made', first(made_before ORDER BY gone.time, gone.uid, value)::BIGINT,
      'creator_short_lived', first(vanished_before ORDER BY gone.time, gone.uid, value)::BIGINT)::VARCHAR AS measure
  FROM runs GROUP BY key, run HAVING count(*) >= {count}
), members AS (
  SELECT key, run, count(*)::BIGINT AS member_count,
    list(member ORDER BY member.time, member.uid, member.rule) AS members
  FROM (
    SELECT DISTINCT key, run, unnest([struct_pack(rule := made.rule, uid := made.uid, time := made.time),
      struct_pack(rule := gone.rule, uid := gone.uid, time := gone.time)]) AS member
    FROM runs)
  GROUP BY key, run
)
SELECT key, NULL::VARCHAR AS value, anchor, first, last, crossed, measure, member_count, members[1:{MEMBERS}] AS members
FROM told JOIN members USING (key, run)
"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    now = at(moment.as_of)
    past = f"teaches AND made.time < {now} AND made.time >= {now} - {span(baseline.history)}"
    share = ratio(baseline.options.get("usual_share", USUAL_SHARE))
    return f"""{_objects(baseline, moment, matches)}
, everybody AS (
  SELECT peer, min(made.time) AS since, count(*) AS counted FROM objects WHERE {past} GROUP BY peer
), creators AS (
  SELECT key, peer, count(*) AS made, min(made.time) AS first, max(made.time) AS last,
    count(CASE WHEN is_short AND gone.time < {now} THEN 1 END) AS vanished
  FROM objects WHERE {past} GROUP BY key, peer
)
SELECT key, NULL::VARCHAR AS value, sum(made)::BIGINT AS observations, min(first) AS first, max(last) AS last,
  bool_or({warm(baseline, moment, "since", "counted")}) AS warm,
  MAP {{'since': {sql_iso("min(since)")}, 'counted': max(counted)::VARCHAR,
    'short_lived': sum(vanished)::VARCHAR, 'is_usual': CASE WHEN
      sum(made) >= {int(baseline.options.get("min_objects", MIN_OBJECTS))}
      AND sum(vanished) * {share.denominator} >= sum(made) * {share.numerator} THEN 'yes' ELSE 'no' END}} AS facts
FROM creators JOIN everybody ON creators.peer IS NOT DISTINCT FROM everybody.peer GROUP BY key
"""


def _flaws(baseline: Baseline) -> Iterator[Flaw]:
    both = sorted({*rule_names(baseline, "created")} & {*rule_names(baseline, "gone")})
    if both:
        yield Flaw(
            "gone", f"{', '.join(both)} cannot say that an object was made and that it is gone", "Use two rules."
        )


_RULES = {"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1}

PLUGIN = Kind(
    title="Short-lived",
    describe=(
        "Reports objects that were gone less than `window` after they were made. "
        "The value is the object's uid, the entity who made it. "
        "An object that was made before the logs begin is not short-lived, and one without an end waits. "
        "Creators of which at least `usual_share` of the objects within `history` were short-lived, of at least "
        "`min_objects`, are not reported: builds and scheduled jobs do that. "
        "That is learned up to the start of the day. "
        "Nothing is reported until creations have been observed for `warm_up` and `min_observations` times, by anybody "
        "(with `peers`, by anybody with the same `peers`: a new cluster has a warm-up of its own); "
        "a new creator does alert after that. "
        "Objects of recorded incidents are not learned. "
        "Objects of one creator that were gone less than `within` after each other are one finding, once there are "
        "`count`."
    ),
    schema={
        "created": {**_RULES, "description": "The rules that see an object being made, by name."},
        "gone": {**_RULES, "description": "The rules that see it gone, by name."},
        "count": {
            "type": "integer",
            "minimum": 1,
            "default": COUNT,
            "description": "So many short-lived objects of one creator are a finding.",
        },
        "within": {
            "type": "string",
            "pattern": "^[0-9]+(s|m|h|d)$",
            "default": "1h",
            "description": "The pause after which the next one is another finding.",
        },
        "usual_share": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": USUAL_SHARE,
            "description": "A creator with at least this part of short-lived objects is known for them, 0 to 1.",
        },
        "min_objects": {
            "type": "integer",
            "minimum": 1,
            "default": MIN_OBJECTS,
            "description": "A creator with fewer objects is not known for anything yet.",
        },
    },
    needs=("value",),
    takes=("peers",),
    names_rules=("created", "gone"),
    required=("created", "gone"),
    defaults=lambda block: {"window": "10m"},
    flaws=_flaws,
    is_global=lambda baseline: True,
    sql=_sql,
    learned=_learned,
    reference=_short_lived_slow.reference,
    reach=lambda baseline: baseline.history + baseline.window + within(baseline),
)
