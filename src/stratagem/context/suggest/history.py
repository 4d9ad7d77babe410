"""What history shows of each principal: how much, how regularly, what it does, with which programs, from where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

COPIED = """
CREATE OR REPLACE TEMP TABLE copied AS SELECT
  principal, source, time, day, activity_id, http_request.user_agent AS user_agent, api.operation AS operation,
  resources AS resources, actor.session.uid_alt AS session_name, session, src_endpoint.ip AS ip,
  actor.user.name AS name, actor.user.uid_alt AS alternative
FROM events WHERE principal IS NOT NULL
"""
# In a step of its own: DuckDB 2.0 fails (an internal error) on such expressions over members that it reads from files.
SEEN = """
CREATE OR REPLACE TEMP TABLE seen AS SELECT
  principal, source, time, day, activity_id, ip, name, alternative,
  nullif(regexp_extract(user_agent, '^[^/ (]+'), '') AS agent,
  contains(user_agent, 'Terraform/') AS by_terraform,
  concat_ws(' ', operation, resources[1].type) AS operation,
  coalesce(session_name, session) AS session,
  resources[1].namespace AS namespace
FROM copied
"""
"""The narrow copy that the questions below are asked of."""

_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The history as a whole."""

    first: datetime
    last: datetime
    events: int

    @property
    def days(self) -> int:
        """Calendar days from the first event to the last, both included."""
        return (self.last.date() - self.first.date()).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One principal's history. Texts are ordered, the most frequent first."""

    principal: str
    sources: tuple[str, ...]
    events: int
    first: datetime
    last: datetime
    days: frozenset[date]
    """Days on which it acted."""
    busiest: int
    """Events on its busiest day."""
    hours: int
    """Hours of the day, UTC, in which it acts at some time."""
    reads: int
    agents: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    operation_count: int = 0
    sessions: int = 0
    instance_sessions: int = 0
    """Sessions that bear the id of a machine (`i-...`)."""
    session_names: tuple[str, ...] = ()
    namespaces: int = 0
    ips: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()

    @property
    def provider(self) -> str:
        return self.principal.partition(":")[0]

    @property
    def scope(self) -> str:
        return self.principal.split(":", 2)[1]

    @property
    def durable(self) -> str:
        return self.principal.split(":", 2)[-1]

    @property
    def regularity(self) -> float:
        """Share of the days from first to last on which it acted; of the weekdays, where it rests on weekends."""
        every = [self.first.date() + timedelta(days=n) for n in range((self.last.date() - self.first.date()).days + 1)]
        if all(day.weekday() < 5 for day in self.days):
            every = [day for day in every if day.weekday() < 5]
        return len(self.days) / max(len(every), 1)

    @property
    def read_share(self) -> float:
        return self.reads / self.events


def span(connection: Any) -> Span | None:
    """The history in the view `events`, after making `seen` of it; None where there is none."""
    connection.execute(COPIED)
    connection.execute(SEEN)
    connection.execute("DROP TABLE copied")
    first, last, events = connection.execute("SELECT min(time), max(time), count(*) FROM seen").fetchone()
    return Span(first=first, last=last, events=events) if events else None


def profiles(connection: Any) -> tuple[Profile, ...]:
    """Every principal of `seen` with its history, by name."""
    days: dict[str, dict[date, int]] = defaultdict(dict)
    for principal, day, count in _rows(connection, "SELECT principal, day, count(*) FROM seen GROUP BY ALL"):
        days[principal][day] = count
    lists = {name: _most(connection, name) for name in ("agent", "operation", "session", "ip", "name", "alternative")}
    terraform = {row[0] for row in _rows(connection, "SELECT DISTINCT principal FROM seen WHERE by_terraform")}
    found = _rows(
        connection,
        "SELECT principal, list_sort(list(DISTINCT source)), count(*), min(time), max(time), "
        "count(DISTINCT hour(time)), count(*) FILTER (activity_id = 2), count(DISTINCT operation), "
        "count(DISTINCT session), count(DISTINCT session) FILTER (regexp_full_match(session, 'i-[0-9a-f]{8,17}')), "
        "count(DISTINCT namespace) FROM seen GROUP BY principal ORDER BY principal",
    )
    return tuple(
        Profile(
            principal=row[0],
            sources=tuple(row[1]),
            events=row[2],
            first=row[3],
            last=row[4],
            days=frozenset(days[row[0]]),
            busiest=max(days[row[0]].values()),
            hours=row[5],
            reads=row[6],
            operation_count=row[7],
            sessions=row[8],
            instance_sessions=row[9],
            namespaces=row[10],
            agents=(*(("Terraform",) if row[0] in terraform else ()), *lists["agent"].get(row[0], ())),
            operations=lists["operation"].get(row[0], ()),
            session_names=lists["session"].get(row[0], ()),
            ips=lists["ip"].get(row[0], ()),
            names=lists["name"].get(row[0], ()),
            alternatives=lists["alternative"].get(row[0], ()),
        )
        for row in found
    )


def _most(connection: Any, column: str) -> dict[str, tuple[str, ...]]:
    """The most frequent values of a column, for each principal."""
    rows = _rows(
        connection,
        f"SELECT principal, {column} FROM (SELECT principal, {column}, count(*) AS n FROM seen "
        f"WHERE nullif({column}, '') IS NOT NULL GROUP BY ALL) "
        f"QUALIFY row_number() OVER (PARTITION BY principal ORDER BY n DESC, {column}) <= {_SHOWN} "
        f"ORDER BY principal, n DESC, {column}",
    )
    found: dict[str, list[str]] = defaultdict(list)
    for principal, value in rows:
        found[principal].append(value)
    return {principal: tuple(values) for principal, values in found.items()}


def _rows(connection: Any, sql: str) -> Iterable[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A source address: who acts from it, and when."""

    ip: str
    events: int
    days: frozenset[date]
    first: datetime
    last: datetime
    busiest: int
    principals: tuple[str, ...]

    regularity = Profile.regularity


def addresses(connection: Any) -> tuple[Address, ...]:
    """Every source address of `seen`."""
    counts: dict[str, dict[date, int]] = defaultdict(dict)
    for ip, day, count in _rows(connection, "SELECT ip, day, count(*) FROM seen WHERE ip IS NOT NULL GROUP BY ALL"):
        counts[ip][day] = count
    rows = _rows(
        connection,
        "SELECT ip, count(*), min(time), max(time), list_sort(list(DISTINCT principal)) FROM seen "
        "WHERE ip IS NOT NULL GROUP BY ip ORDER BY ip",
    )
    return tuple(
        Address(
            ip=ip,
            events=events,
            days=frozenset(counts[ip]),
            busiest=max(counts[ip].values()),
            first=first,
            last=last,
            principals=tuple(principals),
        )
        for ip, events, first, last, principals in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """A registry that images come from, as workloads name it."""

    host: str
    images: int
    namespaces: frozenset[str]
    days: frozenset[date]
    first: datetime
    last: datetime
    busiest: int
    events: int
    repositories: tuple[str, ...] = ()
    by: Mapping[str, int] = field(default_factory=dict)
    """Principal -> how often it wrote a workload with an image from here."""

    regularity = Profile.regularity
