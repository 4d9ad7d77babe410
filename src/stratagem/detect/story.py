"""What a lake knows about one finding, and about one event's way through the stages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.detect import stored
from stratagem.detect.compile import Plan
from stratagem.detect.correlate import create, in_time, matches
from stratagem.detect.heads import pluck
from stratagem.detect.history import tables
from stratagem.detect.lane import Lane
from stratagem.detect.matches import key_fields
from stratagem.detect.model import Location
from stratagem.detect.reading import Event, filtered
from stratagem.errors import UsageError
from stratagem.events.finding_id import finding_uid
from stratagem.events.query import connect
from stratagem.lake.store import Lake
from stratagem.relation import Moment
from stratagem.sources._contract import Labels, Source
from stratagem.sources._json import decode
from stratagem.sqltext import literal

_SHOWN = 20
"""Learned values that are shown; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is known: what it is about, and what is said."""

    step: str
    says: str


def of_finding(plan: Plan, lake: Lake, uid: str) -> list[Line]:
    """A stored finding: what it was grouped by, measured, made of, and what the baseline had learned by then.

    Raises UsageError where the lake has no such finding.
    """
    connection = _opened(plan, lake)
    rows = connection.execute("SELECT * FROM log WHERE finding = ? ORDER BY step, is_current", [uid])
    names = [column[0] for column in rows.description]
    told = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    if not told:
        raise UsageError(f"the lake {lake.uri} has no finding {uid!r}. Correlations' and baselines' are kept there.")
    return list(_finding_lines(plan, connection, told))


def _finding_lines(plan: Plan, connection: Any, told: list[dict[str, Any]]) -> Iterator[Line]:
    last = told[-1]
    analytic = next((one for one in plan.analytics if one.body.uid == last["analytic"]), None)
    title = f"{last['analytic']}: {analytic.body.title}" if analytic else f"{last['analytic']} (no longer in the plan)"
    yield Line(step="analytic", says=title)
    if analytic:
        for name, text in key_fields(analytic, last["key"], last["value"]).items():
            yield Line(step="key", says=f"{name} = {text}")
    for name, value in json.loads(last["measure"]).items():
        yield Line(step="measure", says=f"{name} = {value}")
    yield Line(
        step="time", says=f"crossed {_when(last['crossed'])}, from {_when(last['first'])} to {_when(last['last'])}"
    )
    yield Line(step="members", says=f"{last['member_count']} in all, the first {len(last['events'])}:")
    places = _places(connection, [one["uid"] for one in last["events"]])
    for one in last["events"]:
        yield Line(
            step="member", says=f"{_when(one['time'])} {one['rule']} {one['uid']} {places.get(one['uid'], '')}".rstrip()
        )
    if analytic and isinstance(analytic.body, Baseline):
        yield from _learned(plan, connection, analytic.body, last)
    for row in told:
        yield Line(step="history", says=_history(row))


def _history(row: Mapping[str, Any]) -> str:
    if row["is_current"]:
        return f"step {row['step']}: found, {row['member_count']} events"
    instead = f", superseded by {row['superseded_by']}" if row["superseded_by"] else ""
    return f"step {row['step']}: withdrawn{instead}"


def _learned(plan: Plan, connection: Any, body: Baseline, row: Mapping[str, Any]) -> Iterator[Line]:
    """What the baseline had learned about the key when it crossed."""
    number = [one.body.uid for one in plan.analytics].index(body.uid)
    moment = Moment(as_of=row["crossed"].astimezone(UTC), watermark=row["crossed"].astimezone(UTC))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matches AS {matches(plan, number, in_time(moment, None))}")
    sql = KINDS[body.kind].learned(body, moment, "matches")
    rows = connection.execute(
        f"SELECT value, observations, warm, facts FROM ({sql}) WHERE key = {literal(row['key'])} "
        "ORDER BY value IS NOT NULL, observations DESC, value"
    ).fetchall()
    for value, observations, warm, facts in rows[:_SHOWN]:
        known = ", ".join(f"{name} {text}" for name, text in facts.items())
        yield Line(
            step="learned",
            says=f"{value or 'the entity'}: {observations} observations, {'warm' if warm else 'not warm yet'}"
            + (f" ({known})" if known else ""),
        )
    if len(rows) > _SHOWN:
        yield Line(step="learned", says=f"and {len(rows) - _SHOWN} more")


def of_event(plan: Plan, lake: Lake, uid: str, sources: Mapping[str, Source]) -> list[Line]:
    """An event's way: parsed, matched, filtered, observed, found, withdrawn. Raises UsageError for an unknown event."""
    source, _, name = uid.partition("/")
    reader = lake.connect()
    try:
        rows = reader.execute(
            'SELECT source, event_uid, raw_data, time, file, "offset", "index", cluster, account, tenant, region '
            'FROM copies WHERE event_uid = ? OR (source = ? AND event_uid = ?) ORDER BY source, file, "offset"',
            [uid, source, name],
        ).fetchall()
        standing = reader.execute(
            'SELECT source, event_uid, file, "offset", "index" FROM events '
            "WHERE event_uid = ? OR (source = ? AND event_uid = ?)",
            [uid, source, name],
        ).fetchall()
    finally:
        reader.close()
    if not rows:
        raise UsageError(f"the lake {lake.uri} has no event {uid!r}. Give its id, or source/id.")
    return list(_event_lines(plan, _opened(plan, lake), rows, set(standing), sources))


def _event_lines(
    plan: Plan, connection: Any, rows: list[Any], standing: set[Any], sources: Mapping[str, Source]
) -> Iterator[Line]:
    for row in rows:
        source, uid, _, time, file, offset, index = row[:7]
        copy = "" if (source, uid, file, offset, index) in standing else ", another copy stands for it"
        yield Line(step="parsed", says=f"{source}/{uid} at {_when(time)}, {file}:{offset}:{index}{copy}")
    for row in rows:
        if (row[0], row[1], *row[4:7]) in standing and row[0] in sources:
            yield from _matched(plan, row, sources)
    for source, uid in sorted({(row[0], row[1]) for row in rows}):
        seen = connection.execute(
            "SELECT rule, list(time) FROM observed WHERE source = ? AND event_uid = ? GROUP BY rule ORDER BY rule",
            [source, uid],
        ).fetchall()
        for rule, _ in seen:
            yield Line(step="observed", says=f"{rule}, for {', '.join(_users(plan, rule))}")
        found = connection.execute(
            "SELECT finding, analytic, is_current, superseded_by FROM log WHERE analytic <> '' "
            "AND list_contains(list_transform(events, lambda one: one.uid), ?) QUALIFY "
            "row_number() OVER (PARTITION BY uid ORDER BY step DESC, is_current DESC) = 1 ORDER BY finding",
            [f"{source}/{uid}"],
        ).fetchall()
        for finding, analytic, is_current, instead in found:
            gone = f", superseded by {instead}" if instead else ""
            yield Line(step="found" if is_current else "withdrawn", says=f"{finding} of {analytic}{gone}")
    yield Line(step="alerted", says="not known: alerts are not kept yet")


def _matched(plan: Plan, row: Any, sources: Mapping[str, Source]) -> Iterator[Line]:
    source, uid, raw, time, file, offset, index, *labels = row
    lane = Lane(source, sources[source], plan)
    native = decode(raw.encode())
    event = Event(
        native=native,
        raw=raw.encode(),
        uid=uid,
        uid_hash=0,
        time=time.astimezone(UTC).isoformat(),
        location=Location(file=file, offset=offset, index=index),
        labels=Labels(*labels),
    )
    values = tuple(pluck(native, path) for path in lane.source.dispatch)
    matched = [position for position in lane.candidates(values) if lane.test(position)(native)]
    if not matched:
        yield Line(step="matched", says="no rule on records")
    for position in matched:
        rule = plan.rules[lane.rules[position]]
        taken = filtered(lane, position, event)
        finding = finding_uid(rule.strategy or rule.uid, rule.uid, "", f"{source}/{uid}")
        if taken is not None:
            yield Line(step="filtered", says=f"{rule.uid}, by {taken}")
        elif lane.rules[position] in plan.quiet:
            yield Line(step="matched", says=f"{rule.uid}, which reports through {', '.join(_users(plan, rule.uid))}")
        else:
            yield Line(step="matched", says=f"{rule.uid}, finding {finding}")


def _users(plan: Plan, rule: str) -> list[str]:
    """The analytics that use a rule."""
    return [
        one.body.uid
        for one in plan.analytics
        if any(each.rule is not None and plan.rules[each.rule].uid == rule for each in one.inputs)
    ]


def _opened(plan: Plan, lake: Lake) -> Any:
    """A connection with the views `observed` and `log`."""
    matches_table, found = tables(lake)
    if not matches_table.exists() or not found.exists():
        raise UsageError(f"the lake {lake.uri} keeps no findings. Run over it with a correlation or a baseline first.")
    connection = connect()
    rows = matches_table.select(connection, matches_table.files())
    connection.execute(f"CREATE TEMP VIEW stored AS SELECT * EXCLUDE (filename), false AS is_new FROM ({rows})")
    create(connection)
    stored.stand(plan, connection)
    connection.execute(f"CREATE TEMP VIEW log AS {found.select(connection, found.files())}")
    return connection


def _places(connection: Any, uids: list[str]) -> dict[str, str]:
    rows = connection.execute(
        'SELECT source || \'/\' || event_uid, file, "offset", "index" FROM observed '
        "WHERE (source || '/' || event_uid) IN (SELECT unnest(?))",
        [uids],
    ).fetchall()
    return {uid: f"{file}:{offset}" + (f":{index}" if index else "") for uid, file, offset, index in rows}


def _when(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
