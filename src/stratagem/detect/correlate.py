"""The second stage: standing observations -> each analytic's matches -> its episodes, in DuckDB.

Every analytic is evaluated after those that it uses, whose episodes are matches to it. All in event time: what is later
than the moment has not happened yet, and what is older than the horizon is forgotten.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stratagem.baselines import _decisions as decisions
from stratagem.baselines._contract import Baseline
from stratagem.detect import evaluate
from stratagem.detect.analytics import Analytic
from stratagem.detect.compile import Plan
from stratagem.detect.forget import Limits, limits
from stratagem.detect.matches import of_episodes, of_rule, together, without_key
from stratagem.detect.times import Times
from stratagem.relation import EPISODES, MEMBERS, Moment, columns
from stratagem.sqltext import at, literal

EPISODE_TABLE = {"analytic": "INTEGER", "uid": "VARCHAR", **EPISODES, "events": EPISODES["members"]}
"""Episodes of all analytics: `uid` is that of the match which an episode is to other analytics; `events` are its
members, where they are episodes of others with these episodes' events in their place."""


@dataclass(slots=True)
class Account:
    """What an evaluation came across that gave no finding."""

    matches: Counter[str] = field(default_factory=Counter)
    """By analytic."""
    without_key: Counter[str] = field(default_factory=Counter)
    """Observations that lack a value to group by, by analytic."""
    ahead: int = 0
    """Observations later than the moment."""
    forgotten: int = 0
    """Observations older than the horizon."""
    unlabelled: int = 0
    """Observations that name no cluster, account or tenant: equal names of two of them count as one."""


def create(connection: Any) -> None:
    """Make the empty tables `episodes`, and `taught` (uids of events of recorded incidents)."""
    connection.execute(f"CREATE OR REPLACE TABLE episodes ({columns(EPISODE_TABLE)})")
    connection.execute("CREATE TABLE IF NOT EXISTS taught (uid VARCHAR)")


def teach_not(connection: Any, events: Collection[str]) -> None:
    """Put events (`source/uid`) of recorded incidents into `taught`."""
    connection.execute("CREATE TABLE IF NOT EXISTS taught (uid VARCHAR)")
    connection.execute("INSERT INTO taught SELECT unnest(?::VARCHAR[])", [sorted(events)])


def evaluate_all(
    plan: Plan,
    connection: Any,
    moments: Sequence[Moment],
    horizon: datetime | None,
    took: Callable[[str, float], None] = lambda uid, seconds: None,
) -> Account:
    """Fill `episodes` from `observed` (standing observations); `moments` has one moment an analytic.

    `took` is told how long each analytic took.
    """
    account = Account()
    create(connection)
    rules = _count_times(connection, moments[0].as_of, horizon, account) if moments else frozenset()
    has_incidents = _one(connection, "SELECT count(*) FROM taught") > 0
    bounds = limits(plan, horizon)
    for number, analytic in enumerate(plan.analytics):
        begun, uid = time.monotonic(), analytic.body.uid
        account.matches[uid] = 0
        if may_match(plan, connection, analytic, rules, "episodes"):
            where = in_time(moments[number], bounds.edges[number])
            count_left_out(plan, connection, analytic, where, account, rules)
            select = matches(plan, number, where, has_incidents=has_incidents)
            account.matches[uid] = _add_episodes(connection, analytic, number, moments[number], select, bounds)
        took(uid, time.monotonic() - begun)
    for table in ("matches", "fresh"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    return account


def _add_episodes(connection: Any, analytic: Analytic, number: int, moment: Moment, select: str, bounds: Limits) -> int:
    """Add what an analytic finds in the matches that `select` gives. Gives how many they are."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matches AS {select}")
    found = _one(connection, "SELECT count(*) FROM matches")
    if found:
        settled = bounds.settled[number]
        since = f"WHERE crossed >= {at(settled)}" if settled else ""
        made = episodes(analytic, number, moment)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM ({made}) {since}")
        connection.execute(f"INSERT INTO episodes {with_events(analytic)}")
    return found


def may_match(plan: Plan, connection: Any, analytic: Analytic, rules: Collection[str], *known: str) -> bool:
    """Whether an analytic can have a match where `rules` have observations and the tables `known` hold episodes.

    Binding an analytic's statements costs about as much as running them over 10,000 observations, and most analytics of
    a library see nothing in most logs. Without a match none has an episode.
    """
    if any(one.rule is not None and plan.rules[one.rule].uid in rules for one in analytic.inputs):
        return True
    used = ", ".join(str(one.analytic) for one in analytic.inputs if one.analytic is not None)
    return bool(used) and any(
        connection.execute(f"SELECT 1 FROM {table} WHERE analytic IN ({used}) LIMIT 1").fetchall() for table in known
    )


def matches(
    plan: Plan,
    number: int,
    where: str,
    observed: str = "observed",
    known: str = "episodes",
    *,
    has_incidents: bool = True,
) -> str:
    """The SELECT of an analytic's matches over observations, `taught` and earlier episodes; `where` is on `time`.

    Where `taught` is known to be empty (not `has_incidents`), no event is looked for in it.
    """
    is_taught = "(source || '/' || event_uid) NOT IN (SELECT uid FROM taught)" if has_incidents else "true"
    parts = []
    for one in plan.analytics[number].inputs:
        if one.rule is not None:
            standing = (
                f"(SELECT source, event_uid, time, values, {is_taught} AS teaches "
                f"FROM {observed} WHERE rule = {literal(plan.rules[one.rule].uid)} AND {where})"
            )
            parts.append(of_rule(one, plan.observed[one.rule], standing, has_flows=bool(plan.context.flows)))
        elif one.analytic is not None:
            those = (
                f"(SELECT * FROM (SELECT *, crossed AS time FROM {known} WHERE analytic = {one.analytic}) "
                f"WHERE {where})"
            )
            parts.append(of_episodes(one, plan.analytics[one.analytic], those))
    return together(parts)


def episodes(
    analytic: Analytic, number: int, moment: Moment, table: str = "matches", *, sums: str | None = None
) -> str:
    """The SELECT of an analytic's episodes over its matches, as EPISODE_TABLE has them but for `events`.

    `sums` are what stands for earlier matches of a baseline (see `Kind.sums`).
    """
    body = analytic.body
    if isinstance(body, Baseline):
        select = decisions.episodes(body, moment, table, sums)
    else:
        select = evaluate.sql(body, moment, table)
    listed = ", ".join(f'"{name}"' for name in EPISODES)
    uid = f"'episode/' || {literal(body.uid)} || '/' || md5(key || coalesce(chr(31) || value, '')) || '/' || anchor"
    return f"SELECT {number} AS analytic, {uid} AS uid, {listed} FROM ({select})"


def with_events(analytic: Analytic, fresh: str = "fresh", known: str = "episodes") -> str:
    """The SELECT of fresh episodes with the events behind them."""
    if all(one.analytic is None for one in analytic.inputs):
        return f"SELECT *, members AS events FROM {fresh}"
    return f"""
WITH flat AS (SELECT uid AS top, unnest(members) AS one FROM {fresh}
), reached AS (
  SELECT top, one FROM flat WHERE one.uid NOT LIKE 'episode/%'
  UNION SELECT top, unnest({known}.events) FROM flat JOIN {known} ON {known}.uid = one.uid
), listed AS (
  SELECT top AS uid, list(one ORDER BY one.time, one.uid, one.rule)[1:{MEMBERS}] AS events FROM reached GROUP BY top
)
SELECT {fresh}.*, events FROM {fresh} LEFT JOIN listed USING (uid)
"""


def in_time(moment: Moment, horizon: datetime | None) -> str:
    """The condition on `time` of what has happened and is not forgotten."""
    until = f"time <= {at(moment.as_of)}"
    return f"{until} AND time >= {at(horizon)}" if horizon else until


def count(plan: Plan, connection: Any, as_of: datetime, horizon: datetime | None) -> Account:
    """Count the observations in `affected`, those of a run into a lake, that are not evaluated."""
    account = Account()
    rules = _count_times(connection, as_of, horizon, account, "affected")
    where = in_time(Moment(as_of=as_of, watermark=as_of), horizon)
    for analytic in plan.analytics:
        count_left_out(plan, connection, analytic, where, account, rules, "affected")
    return account


def _count_times(
    connection: Any, as_of: datetime, horizon: datetime | None, account: Account, observed: str = "observed"
) -> frozenset[str]:
    """Count what is not evaluated because of its time. Gives the rules that have observations."""
    old = f"time < {at(horizon)}" if horizon else "false"
    ahead = f"time > {at(as_of)}"
    sql = (
        f"SELECT rule, count(*) FILTER ({ahead}), count(*) FILTER ({old}), "
        f"count(*) FILTER (concat(cluster, account, tenant) = '') FROM {observed} GROUP BY rule"
    )
    rows = connection.execute(sql).fetchall()
    account.ahead, account.forgotten, account.unlabelled = (sum(row[place] for row in rows) for place in (1, 2, 3))
    return frozenset(row[0] for row in rows)


def count_left_out(
    plan: Plan,
    connection: Any,
    analytic: Analytic,
    where: str,
    account: Account,
    rules: Collection[str] | None = None,
    observed: str = "observed",
) -> None:
    """Count the observations that an analytic cannot group; `rules` are those that have any, where that is known."""
    for one in analytic.inputs:
        if one.rule is None or (rules is not None and plan.rules[one.rule].uid not in rules):
            continue
        if not (lacks := without_key(one, plan.observed[one.rule])):
            continue
        rule = literal(plan.rules[one.rule].uid)
        sql = f"SELECT count(*) FROM {observed} WHERE rule = {rule} AND {where} AND ({lacks})"
        if count := _one(connection, sql):
            account.without_key[analytic.body.uid] += count


def moments(
    plan: Plan, times: Times, latest: Mapping[str, datetime], lateness: Mapping[str, Any]
) -> tuple[Moment, ...]:
    """Each analytic's moment. `latest` is the greatest event time of each source that gave events.

    An analytic waits for the slowest of its sources; one whose sources all gave nothing waits for ever.
    """
    as_of = times.as_of
    if times.arrived is not None:
        return (Moment(as_of=as_of, watermark=min(times.arrived, as_of)),) * len(plan.analytics)
    found: list[Moment] = []
    for number in range(len(plan.analytics)):
        ready = [
            min(latest[source], as_of) - lateness[source] for source in sources_of(plan, number, latest) & latest.keys()
        ]
        found.append(Moment(as_of=as_of, watermark=min(ready, default=datetime.min.replace(tzinfo=as_of.tzinfo))))
    return tuple(found)


def sources_of(plan: Plan, number: int, every: Collection[str]) -> frozenset[str]:
    """The sources whose events an analytic sees, through others too; a rule on columns sees those of `every` source."""
    found: set[str] = set()
    for one in plan.analytics[number].inputs:
        if one.analytic is not None:
            found |= sources_of(plan, one.analytic, every)
        elif one.rule in plan.on_columns:
            found |= set(every)
        else:
            found |= {source for source, rules in plan.routes.items() if one.rule in rules}
    return frozenset(found)


def _one(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])
