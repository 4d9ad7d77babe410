"""Evaluating again only what new observations can have changed.

A key is evaluated again over the stretch of time that its new (or late, or withdrawn) matches reach, widened to the
episodes that it meets; everything else stands as it was. The result is that of an evaluation from scratch: that is the
invariant, and property tests hold it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.detect import condense
from stratagem.detect.analytics import ACTOR, Analytic, version
from stratagem.detect.compile import Plan
from stratagem.detect.correlate import EPISODE_TABLE, episodes, in_time, matches, may_match, with_events
from stratagem.detect.forget import Limits, limits
from stratagem.detect.reach import Reach, is_global, reach
from stratagem.relation import Moment, columns
from stratagem.rules.correlation import Correlation, CorrelationType
from stratagem.sqltext import at, span

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the stored episodes were made of: a later evaluation starts from there."""

    as_of: datetime
    horizon: datetime | None = None
    analytics: Mapping[str, str] = field(default_factory=dict)
    """Digest by uid: another digest, and everything is evaluated again."""
    watermarks: Mapping[str, datetime] = field(default_factory=dict)
    taught: str = ""
    """Digest of the incidents' events: baselines learn anew when it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What all analytics of one evaluation share."""

    plan: Plan
    connection: Any
    limits: Limits
    has_incidents: bool

    def in_time(self, number: int, moment: Moment) -> str:
        """The condition on `time` of what an analytic's episodes are made of."""
        return in_time(moment, self.limits.edges[number])

    def matches(self, number: int, where: str, observed: str = "observed", known: str = "episodes") -> str:
        """The SELECT of an analytic's matches; `where` is on `time`."""
        return matches(self.plan, number, where, observed, known, has_incidents=self.has_incidents)


_CHANGES = {**EPISODE_TABLE, "is_current": "BOOLEAN", "superseded_by": "VARCHAR"}
"""Episodes that came or changed (`is_current`), and those that are gone, with the uid of the one in their place."""


def advance(
    plan: Plan, connection: Any, moments: Sequence[Moment], horizon: datetime | None, before: State | None
) -> State:
    """Bring the table `episodes` up to date, and say in `changes` what that changed.

    Tables: `observed`, all standing observations; `affected`, those (standing or not) of events of which a copy came
    since `before`; `taught`; `episodes`, as `before` left them. None evaluates everything. `retold` lists
    the analytics that are new, or others than before: that an episode of theirs came says nothing of the last events.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE retold (analytic INTEGER)")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE changes ({columns(_CHANGES)})")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE moved ({columns(EPISODE_TABLE)})")
    taught = _taught(connection)
    asked = Asked(plan=plan, connection=connection, limits=limits(plan, horizon), has_incidents=bool(taught))
    before = before if before is not None and _goes_on(before, moments, horizon) else None
    digests: dict[str, str] = {}
    rules = frozenset(_values(connection, "SELECT rule FROM observed UNION SELECT rule FROM affected"))
    stored = frozenset(_values(connection, "SELECT DISTINCT analytic FROM episodes"))
    for number, analytic in enumerate(plan.analytics):
        uid = analytic.body.uid
        digests[uid] = _digest(plan, analytic, digests)
        is_same = (
            before is not None and before.analytics.get(uid) == digests[uid] and _is_kept(analytic, taught, before)
        )
        if not is_same:
            connection.execute(f"INSERT INTO retold VALUES ({number})")
        if number not in stored and not may_match(plan, connection, analytic, rules, "episodes", "moved"):
            continue
        if before is None or not is_same or is_global(analytic.body):
            _replace_all(asked, number, moments[number])
        else:
            _replace_some(asked, number, moments[number], before)
    return State(
        as_of=max((moment.as_of for moment in moments), default=_EVER),
        horizon=horizon,
        analytics=digests,
        watermarks={one.body.uid: moment.watermark for one, moment in zip(plan.analytics, moments, strict=True)},
        taught=taught,
    )


def _goes_on(before: State, moments: Sequence[Moment], horizon: datetime | None) -> bool:
    """Whether time only moved on: what was ahead of it may have come, and what is behind the horizon stays."""
    back = any(moment.as_of < before.as_of for moment in moments)
    return not back and (before.horizon == horizon or (horizon is not None and horizon > (before.horizon or _EVER)))


def _is_kept(analytic: Analytic, taught: str, before: State) -> bool:
    return before.taught == taught or not isinstance(analytic.body, Baseline)


def _taught(connection: Any) -> str:
    uids = _values(connection, "SELECT DISTINCT uid FROM taught ORDER BY uid")
    return _hash(uids) if uids else ""


def _values(connection: Any, sql: str) -> list[Any]:
    return [row[0] for row in connection.execute(sql).fetchall()]


def _digest(plan: Plan, analytic: Analytic, known: Mapping[str, str]) -> str:
    """Of everything that an analytic's episodes depend on beside the events.

    Of the context these are who an actor is, the architecture, and the lists, which stand in rules' conditions by now.
    """
    parts = [repr(analytic.body)]
    for one in analytic.inputs:
        if one.rule is not None:
            parts.append(version(plan.rules[one.rule], plan.observed[one.rule], plan.context))
            if ACTOR in (*one.key, *one.value, *one.peer):
                parts.append(repr(plan.context.names))
            if one.edge:
                parts.append(repr((plan.context.flows, plan.context.networks)))
        elif one.analytic is not None:
            parts.append(known[plan.analytics[one.analytic].body.uid])
    return _hash(parts)


def _hash(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _replace_all(asked: Asked, number: int, moment: Moment) -> None:
    select = asked.matches(number, asked.in_time(number, moment))
    asked.connection.execute(f"CREATE OR REPLACE TEMP TABLE matches AS {select}")
    _replace(asked, number, moment, inside="true")


def _replace_some(asked: Asked, number: int, moment: Moment, before: State) -> None:
    analytic = asked.plan.analytics[number]
    if not _touch(asked, number, moment, before):
        return
    far = reach(analytic.body)
    _widen(asked.connection, number, far)
    inside = "EXISTS (SELECT 1 FROM felt WHERE felt.key = one.key AND one.crossed >= since AND one.crossed <= until)"
    if condense.applies(asked.plan, number):
        condense.gather(asked.matches, asked.connection, number, analytic, asked.in_time(number, moment))
        _replace(asked, number, moment, inside=inside, sums="sums")
        return
    first, last = asked.connection.execute("SELECT min(since), max(until) FROM felt").fetchall()[0]
    where = (
        f"{asked.in_time(number, moment)} AND time >= {at(first)} - {span(far.back)} "
        f"AND time <= {at(last)} + {span(far.ahead)}"
    )
    asked.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE matches AS SELECT m.* FROM ({asked.matches(number, where)}) m JOIN felt "
        f"ON m.key = felt.key AND m.time >= since - {span(far.back)} AND m.time <= until + {span(far.ahead)}"
    )
    _replace(asked, number, moment, inside=inside)


def _touch(asked: Asked, number: int, moment: Moment, before: State) -> bool:
    """Make `touched` (key, first, last): what came, what is gone, and what time alone has made due. Is there any."""
    body, connection = asked.plan.analytics[number].body, asked.connection
    where = asked.in_time(number, moment)
    due = [f"SELECT key, time FROM ({asked.matches(number, where, 'affected', 'moved')})"]
    if moment.as_of > before.as_of:
        due.append(f"SELECT key, time FROM ({asked.matches(number, f'{where} AND time > {at(before.as_of)}')})")
    if isinstance(body, Correlation) and body.type is CorrelationType.ABSENCE:
        marked = before.watermarks.get(body.uid, _EVER)
        if marked != moment.watermark:
            wait = 2 * body.timespan
            since = max(min(marked, moment.watermark), _EVER + wait) - wait
            due.append(f"SELECT key, time FROM ({asked.matches(number, f'{where} AND time >= {at(since)}')})")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS SELECT key, min(time) AS first, max(time) AS last FROM "
        f"({' UNION ALL '.join(due)}) GROUP BY key"
    )
    return bool(connection.execute("SELECT 1 FROM touched LIMIT 1").fetchall())


def _widen(connection: Any, number: int, far: Reach) -> None:
    """Make `felt` (key, since, until): where episodes of a key may cross that are others now."""
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE felt AS WITH own AS (
  SELECT key, first, last + {span(far.after)} AS until FROM touched
)
SELECT own.key, least(any_value(own.first), min(met.crossed)) AS since,
  greatest(any_value(until), max(met.last), max(met.crossed)) AS until
FROM own LEFT JOIN (SELECT key, crossed, last FROM episodes WHERE analytic = {number}) met
  ON met.key = own.key AND met.crossed <= until AND greatest(met.last, met.crossed) >= own.first - {span(far.before)}
GROUP BY own.key
"""
    )


def _replace(asked: Asked, number: int, moment: Moment, *, inside: str, sums: str | None = None) -> None:
    """Evaluate `matches`; put its episodes in the place of the stored ones, and tell the difference in `changes`."""
    analytic, connection = asked.plan.analytics[number], asked.connection
    if settled := asked.limits.settled[number]:
        inside = f"{inside} AND one.crossed >= {at(settled)}"
    made = episodes(analytic, number, moment, sums=sums)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM ({made}) one WHERE {inside}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE renewed AS {with_events(analytic)}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE stale AS SELECT * FROM episodes one WHERE analytic = {number} AND {inside}"
    )
    same = "(SELECT * FROM renewed INTERSECT SELECT * FROM stale)"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE unchanged AS SELECT uid FROM {same}")
    connection.execute(
        "INSERT INTO changes SELECT *, true, NULL FROM renewed WHERE uid NOT IN (SELECT uid FROM unchanged)"
    )
    connection.execute(
        """
INSERT INTO changes SELECT stale.*, false, (
  SELECT min_by(other.uid, other.crossed) FROM renewed other WHERE other.key = stale.key
    AND other.value IS NOT DISTINCT FROM stale.value AND other.first <= stale.last AND other.last >= stale.first
) FROM stale WHERE uid NOT IN (SELECT uid FROM renewed)
"""
    )
    for table in ("stale", "renewed"):
        connection.execute(f"INSERT INTO moved SELECT * FROM {table} WHERE uid NOT IN (SELECT uid FROM unchanged)")
    # One that crossed before the horizon may come to cross after it, in the same bucket.
    connection.execute("DELETE FROM episodes WHERE uid IN (SELECT uid FROM stale UNION SELECT uid FROM renewed)")
    connection.execute("INSERT INTO episodes SELECT * FROM renewed")
