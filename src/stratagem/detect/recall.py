"""Observing a lake's events again, for rules that were not observed when they came."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

from stratagem.arrays import records
from stratagem.detect.compile import Plan
from stratagem.detect.heads import pluck
from stratagem.detect.informed import asks_context, beside, taken_out_by
from stratagem.detect.model import Location
from stratagem.detect.observe import Observer
from stratagem.detect.reading import Event, Reading
from stratagem.events.project import without_nulls
from stratagem.lake.store import Lake
from stratagem.rules import matcher
from stratagem.rules.model import Filter
from stratagem.rules.resolve import PLAIN
from stratagem.sources._contract import Labels, Malformed, Source
from stratagem.sources._json import decode

_ROWS = 8192
_PLACE = 'file, "offset", "index"'


def recall(plan: Plan, rules: Collection[int], lake: Lake, sources: Mapping[str, Source], folder: Path) -> None:
    """Write into `folder` what these rules of the plan find in the lake's events, every copy of them."""
    only = replace(plan, observed={rule: asks for rule, asks in plan.observed.items() if rule in rules})
    observer = Observer(only, sources, folder)
    connection = lake.connect()
    try:
        _records(only, connection, sources, observer)
        _columns(only, connection, observer)
    finally:
        observer.close()
        connection.close()


def _records(plan: Plan, connection: Any, sources: Mapping[str, Source], observer: Observer) -> None:
    wanted = sorted(
        source
        for source, rules in plan.routes.items()
        if source in sources and not plan.observed.keys().isdisjoint(rules)
    )
    reading = Reading(plan=plan, sources=sources, observer=observer)
    for source in wanted:
        lane = reading.lane(source)
        rows = connection.execute(
            f"SELECT raw_data, event_uid, time, {_PLACE}, cluster, account, tenant, region FROM copies "
            "WHERE source = ?",
            [source],
        )
        while some := rows.fetchmany(_ROWS):
            for raw, uid, time, file, offset, index, *labels in some:
                try:
                    native = decode(raw.encode())
                    values = tuple(pluck(native, path) for path in lane.source.dispatch)
                    matched = [
                        position
                        for position in lane.candidates(values)
                        if lane.rules[position] in plan.observed and lane.test(position)(native)
                    ]
                except (Malformed, RecursionError):
                    continue
                if matched:
                    place = Location(file=file, offset=offset, index=index)
                    event = Event(
                        native, raw.encode(), uid, 0, time.astimezone(UTC).isoformat(), place, Labels(*labels)
                    )
                    reading.hit(lane, matched, event)
            reading.settle()
            reading.tally.hits.clear()


def _columns(plan: Plan, connection: Any, observer: Observer) -> None:
    """The rules on columns."""
    tests = [
        (rule, matcher.compile(plan.rules[rule].condition, PLAIN), _filters(plan, rule))
        for rule in plan.on_columns
        if rule in plan.observed
    ]
    if not tests:
        return
    reader = connection.execute("SELECT * EXCLUDE (raw_data) FROM copies").to_arrow_reader(_ROWS)
    for batch in reader:
        for row in records(batch):
            columns = without_nulls(row)
            place = Location(file=columns["file"], offset=columns["offset"], index=columns["index"])
            labels = Labels(*(columns.get(name) for name in Labels._fields))
            for rule, holds, filters in tests:
                if holds(columns) and not _is_taken_out(plan, rule, filters, columns, labels):
                    observer.take_columns(rule, columns["source"], columns, labels, columns["event_uid"], 0, place, 0)


def _filters(plan: Plan, rule: int) -> list[tuple[Filter, Callable[[Any], bool]]]:
    return [(one, matcher.compile(one.condition, PLAIN)) for one in plan.rules[rule].filters]


def _is_taken_out(
    plan: Plan,
    rule: int,
    filters: Sequence[tuple[Filter, Callable[[Any], bool]]],
    columns: Mapping[str, Any],
    labels: Labels,
) -> bool:
    time, seen = columns["time"].astimezone(UTC), columns
    if any(asks_context(one) for one, _ in filters):
        seen = beside(columns, plan.context, columns, labels, time, plan.rules[rule].strategy)
    return taken_out_by(filters, seen, time) is not None
