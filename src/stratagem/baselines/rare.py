"""A value that its entity hardly ever has, and that its peers hardly have either.

Two phases: first each entity by itself, then how many entities of a peer group had the value within the history. For
that an entity's events with the value are joined to spells, the times in which at least one of them is in the history;
how many spells cover an event is a running sum over their begins and ends, exact at every moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stratagem.baselines import _slow
from stratagem.baselines._contract import Baseline, Kind
from stratagem.baselines._text import learned_values, measure, observed, ratio, runs, taught, value_sums
from stratagem.relation import Episode, Match, Moment
from stratagem.sqltext import at, span

MAX_SHARE, MAX_PEER_SHARE, MIN_PEERS = 0.01, 0.1, 5


def _sql(baseline: Baseline, moment: Moment, matches: str, sums: str | None = None) -> str:
    share = ratio(baseline.options.get("max_share", MAX_SHARE))
    known, same = f"(PARTITION BY key {_history(baseline)})", f"(PARTITION BY key, value {_history(baseline)})"
    among = f""",
    {taught(f"(PARTITION BY peer, key {_history(baseline)})", None)} > 0 AS is_peer,
    {taught(f"(PARTITION BY peer, key, value {_history(baseline)})", None)} > 0 AS has"""
    return f"""
WITH seen AS ({observed(moment, matches, "value IS NOT NULL", sums)}
), own AS (
  SELECT *, min(CASE WHEN teaches THEN time END) OVER known AS since, {taught("known", sums)} AS observations,
    {taught("same", sums)} AS times{among if baseline.peers else ""}
  FROM seen WINDOW known AS {known}, same AS {same}
), rare AS (
  SELECT * FROM own
  WHERE uid IS NOT NULL AND since <= time - {span(baseline.warm_up)} AND observations >= {baseline.min_observations}
    AND times::HUGEINT * {share.denominator} <= observations::HUGEINT * {share.numerator}
){_among_peers(baseline) if baseline.peers else _alone()}{runs("hot", baseline.window)}"""


def _history(baseline: Baseline) -> str:
    return f"ORDER BY time RANGE BETWEEN {span(baseline.history)} PRECEDING AND to_microseconds(1) PRECEDING"


def _alone() -> str:
    return """, hot AS (
  SELECT rule, uid, time, key, value, json_object('times', times, 'observations', observations)::VARCHAR AS measure
  FROM rare
)"""


def _among_peers(baseline: Baseline) -> str:
    share = ratio(baseline.options.get("max_peer_share", MAX_PEER_SHARE))
    return f""", holders AS ({_covered(baseline, ("peer", "value"))}
), circles AS ({_covered(baseline, ("peer",))}
), compared AS (
  SELECT rare.*, coalesce(holders.spells, 0) - has::INT AS with_it, coalesce(circles.spells, 0) - is_peer::INT AS peers
  FROM rare JOIN holders USING (peer, value, time) JOIN circles USING (peer, time)
), hot AS (
  SELECT rule, uid, time, key, value, json_object('times', times, 'observations', observations,
    'peers_with_it', with_it::BIGINT, 'peers', peers::BIGINT)::VARCHAR AS measure
  FROM compared
  WHERE peers >= {int(baseline.options.get("min_peers", MIN_PEERS))}
    AND with_it::HUGEINT * {share.denominator} <= peers::HUGEINT * {share.numerator}
)"""


def _covered(baseline: Baseline, group: tuple[str, ...]) -> str:
    """SQL: for each time at which a rare event of a group happens, the spells of the group's entities that cover it."""
    by, history = ", ".join(group), span(baseline.history)
    return f"""
  SELECT {by}, time, spells FROM (
    SELECT {by}, time, probes, sum(change) OVER (PARTITION BY {by} ORDER BY time RANGE UNBOUNDED PRECEDING) AS spells
    FROM (
      SELECT {by}, time, sum(change) AS change, bool_or(probe) AS probes FROM (
        SELECT {by}, unnest([begins, ends]) AS time, unnest([1, -1]) AS change, false AS probe FROM (
          SELECT {by}, key, min(time) + to_microseconds(1) AS begins,
            max(time) + {history} + to_microseconds(1) AS ends
          FROM (
            SELECT *, sum(CASE WHEN time - before <= {history} THEN 0 ELSE 1 END) OVER (
              PARTITION BY {by}, key ORDER BY time, uid ROWS UNBOUNDED PRECEDING) AS spell
            FROM (
              SELECT *, lag(time) OVER (PARTITION BY {by}, key ORDER BY time, uid) AS before
              FROM (SELECT DISTINCT {by}, key, time, uid FROM seen WHERE teaches AND peer IS NOT NULL)))
          GROUP BY {by}, key, spell)
        UNION ALL
        SELECT {by}, time, 0, true FROM rare WHERE peer IS NOT NULL
      ) GROUP BY {by}, time))
  WHERE probes"""


def _learned(baseline: Baseline, moment: Moment, matches: str) -> str:
    if not baseline.peers:
        return learned_values(baseline, moment, matches)
    known = f"""time < {at(moment.as_of)} AND time >= {at(moment.as_of)} - {span(baseline.history)}
      AND teaches AND value IS NOT NULL AND peer IS NOT NULL"""
    return f"""
WITH values AS ({learned_values(baseline, moment, matches)}
), homes AS (SELECT DISTINCT key, value, peer FROM {matches} WHERE {known}
), holders AS (SELECT peer, value, count(DISTINCT key) AS entities FROM homes GROUP BY peer, value
), told AS (
  SELECT key, value, max(entities) - 1 AS others FROM homes JOIN holders USING (peer, value) GROUP BY key, value
)
SELECT values.* REPLACE (CASE WHEN value IS NULL THEN facts
    ELSE MAP {{'peers_with_it': coalesce(others, 0)::VARCHAR}} END AS facts)
FROM values LEFT JOIN told USING (key, value)"""


def _reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    rows = _slow.observed(moment, [match for match in matches if match.value is not None])
    share = ratio(baseline.options.get("max_share", MAX_SHARE))
    hot = []
    for row in rows:
        history = _slow.known(baseline, rows, row)
        own = [one for one in history if one.key == row.key]
        times = sum(one.value == row.value for one in own)
        if _slow.is_warm(baseline, own, row) and times <= share * len(own):
            facts = {"times": times, "observations": len(own)}
            if not baseline.peers:
                hot.append((row, measure(**facts)))
            elif (peers := _peers(baseline, history, row)) is not None:
                hot.append((row, measure(**facts, **peers)))
    return _slow.runs(hot, baseline.window)


def _peers(baseline: Baseline, history: Sequence[Match], row: Match) -> Mapping[str, int] | None:
    """How many peers have the row's value; None where it is not rare among them."""
    group = [one for one in history if one.peer == row.peer and one.key != row.key and row.peer is not None]
    peers = len({one.key for one in group})
    with_it = len({one.key for one in group if one.value == row.value})
    if peers < baseline.options.get("min_peers", MIN_PEERS):
        return None
    is_rare = with_it <= ratio(baseline.options.get("max_peer_share", MAX_PEER_SHARE)) * peers
    return {"peers_with_it": with_it, "peers": peers} if is_rare else None


_SHARE = {"type": "number", "minimum": 0, "maximum": 1}

PLUGIN = Kind(
    title="Rare",
    describe=(
        "Reports an event with a value that at most `max_share` of its entity's events within `history` had, and, "
        "where `peers` is given, that at most `max_peer_share` of the other entities with the same `peers` had. "
        "An entity alerts once it has been observed for `warm_up` and `min_observations` times, and a peer group once "
        "it has `min_peers` other entities; in a cold start both stay silent. "
        "Events of recorded incidents are not learned, neither for the entity nor for its peers. "
        "Rare events of one value less than `window` apart are one finding."
    ),
    schema={
        "max_share": {
            **_SHARE,
            "default": MAX_SHARE,
            "description": "The part of the entity's events that may have the value, 0 to 1.",
        },
        "max_peer_share": {
            **_SHARE,
            "default": MAX_PEER_SHARE,
            "description": "The part of its peers that may have the value, 0 to 1.",
        },
        "min_peers": {
            "type": "integer",
            "minimum": 1,
            "default": MIN_PEERS,
            "description": "A group with fewer other entities says nothing.",
        },
    },
    needs=("value",),
    takes=("peers",),
    is_global=lambda baseline: bool(baseline.peers),
    sql=_sql,
    sums=value_sums,
    learned=_learned,
    reference=_reference,
)
