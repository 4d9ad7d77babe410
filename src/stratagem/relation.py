"""The two relations of the second stage: matches go into correlations and baselines, episodes come out.

Both are DuckDB tables (Arrow outside). An evaluator is SQL text over a table of matches: pure, the same on any engine,
and beside each stands a slow reference in plain Python that a property test holds it equal to.

Time is event time. A window of length T that ends with an event at t holds the events in (t - T, t]: two events
exactly T apart are never in one window. Times have microseconds, so that is `RANGE BETWEEN (T - 1 us) PRECEDING AND
CURRENT ROW`. Events of one time are in each other's windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

MATCHES: Mapping[str, str] = {
    "rule": "VARCHAR",
    "uid": "VARCHAR",
    "time": "TIMESTAMPTZ",
    "key": "VARCHAR",
    "value": "VARCHAR",
    "number": "DECIMAL(38,9)",
    "peer": "VARCHAR",
    "teaches": "BOOLEAN",
    "standard": "BOOLEAN",
}
"""Columns of a table of matches, as one analytic sees them: only standing copies, filters applied.

rule     the rule's name as the analytic refers to it (or the name of a correlation, for chains)
uid      `source/event_uid`: one event, across sources
time     event time
key      the group-by (or entity) values as canonical JSON array text; never null: a match without a value for one
         of them is left out, and counted
value    the condition's field (value_count, first_seen, ...) as text; null where it is not asked for or absent
number   the same as an exact number (value_sum, spike of a measure); null where it is none
peer     the peer group's values as JSON array text (rare among peers); null where it is not asked for
teaches  false where the event belongs to a recorded incident, and baselines must not learn from it
standard whether the architecture allows the edge that the event is (new_edge); null where it says nothing about it

An event has one row for each rule that holds on it, and for each element where a field holds an array.
"""

EPISODES: Mapping[str, str] = {
    "key": "VARCHAR",
    "value": "VARCHAR",
    "anchor": "VARCHAR",
    "first": "TIMESTAMPTZ",
    "last": "TIMESTAMPTZ",
    "crossed": "TIMESTAMPTZ",
    "measure": "VARCHAR",
    "member_count": "BIGINT",
    "members": "STRUCT(rule VARCHAR, uid VARCHAR, time TIMESTAMPTZ)[]",
}
"""What an evaluator gives: one row for each finding.

key, value    as in matches; value is null where the analytic has none
anchor        what the finding's id hangs on beside analytic and key: an event's uid, or the text of the episode's
              start bucket (`bucket`). No two episodes of a key share one: where one event may bring several values,
              the value is part of it
first, last   times of the earliest and latest member
crossed       when the condition first held, by event time: the finding's time
measure       what was seen and what was asked, as a JSON object: {"count": 14, "asked": ">= 8"}
member_count  all members
members       the first MEMBERS of them by (time, uid, rule)
"""

MEMBERS = 100
"""Members that an episode lists; all are counted."""


class Match(NamedTuple):
    """A row of MATCHES, for the references."""

    rule: str
    uid: str
    time: datetime
    key: str
    value: str | None = None
    number: Decimal | None = None
    peer: str | None = None
    teaches: bool = True
    standard: bool | None = None


class Member(NamedTuple):
    """One event of an episode."""

    rule: str
    uid: str
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A row of EPISODES."""

    key: str
    value: str | None = None
    anchor: str
    first: datetime
    last: datetime
    crossed: datetime
    measure: str
    member_count: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What an evaluation takes as now. Part of its input: the same moment gives the same episodes."""

    as_of: datetime
    """Nothing later than this has happened; expiry is not compared with it but with event time."""
    watermark: datetime
    """All events up to here have arrived, as far as anybody can know: greatest event time, clamped to ingest time, less
    the lateness of the sources concerned. Absence and silence wait for it."""


def bucket(crossed: datetime, width: timedelta) -> str:
    """The text of the episode's start bucket: `crossed`, cut down to a multiple of `width` since 1970, in seconds.

    The first moments of two episodes of one key are at least a timespan apart, so with `width` = timespan their
    buckets differ.
    """
    micros = (crossed - _EPOCH) // _MICROSECOND
    return str(micros // (width // _MICROSECOND) * (width // _MICROSECOND) // 1_000_000)


def listed(members: Iterable[Member]) -> tuple[Member, ...]:
    """The members that an episode lists, in order; an event counts once for each rule."""
    return tuple(sorted(set(members), key=lambda one: (one.time, one.uid, one.rule))[:MEMBERS])


def columns(relation: Mapping[str, str]) -> str:
    """The column definitions of a CREATE TABLE."""
    return ", ".join(f'"{name}" {kind}' for name, kind in relation.items())


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MICROSECOND = timedelta(microseconds=1)
