"""Scenarios to events: a named base, what differs, and a place on one fixed clock."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from stratagem.emulate import bases
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels, Malformed, Source
from stratagem.sources.identify import identify
from stratagem.strategy.model import Scenario, ScenarioEvent
from stratagem.strategy.paths import BadPath, put, read_path, remove

CLOCK = datetime(2026, 1, 15, 10, 0, 0, tzinfo=UTC)
"""When every scenario starts."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?")


class BadScenario(ValueError):
    """A scenario whose events cannot be made; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """An event ready for the rules. `time` is None where the event has none that can be read."""

    source: str
    native: Mapping[str, Any]
    labels: Labels
    time: datetime | None


def stage(scenario: Scenario, *, folder: Path | None = None) -> tuple[Staged, ...]:
    """The scenario's events, canonical, in the order written. Raises BadScenario.

    Event times are moved to CLOCK plus the event's offset; what `set` says about time wins.
    """
    staged = []
    for number, event in enumerate(scenario.events, start=1):
        try:
            staged.append(_stage(event, folder))
        except (bases.UnknownBase, BadPath, Malformed, BadScenario) as error:
            which = f"event {number}: " if len(scenario.events) > 1 else ""
            raise BadScenario(f"{which}{error}") from error
    return tuple(staged)


def _stage(event: ScenarioEvent, folder: Path | None) -> Staged:
    source_id = event.base.partition("/")[0]
    base = bases.load(event.base, folder=folder)
    if source_id not in SOURCES:
        raise BadScenario(f"base '{event.base}' belongs to no source. There are: {', '.join(SOURCES)}.")
    source = SOURCES[source_id]
    record = _plain(source.canonical(base)[0])
    _move(record, source, CLOCK + offset(event.at))
    for path, value in event.set.items():
        put(record, read_path(path), copy.deepcopy(value))
    for path in event.unset:
        remove(record, read_path(path))
    recognised = identify(record)
    if recognised != source_id:
        raise BadScenario(f"with these changes the event is {recognised or 'unknown'}, no longer {source_id}")
    native, labels = source.canonical(record)
    return Staged(source=source_id, native=native, labels=labels, time=moment(source.time(native)))


def offset(at: str) -> timedelta:
    """`90s`, `5m`, `2h` or `1d` as a time span."""
    return timedelta(**{_UNITS[at[-1]]: int(at[:-1])})


def moment(value: str | int | float | None) -> datetime | None:
    """An event time as sources give it (ISO 8601 text or epoch seconds) in UTC; None where it cannot be read."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        return None if value is None else datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _move(record: dict[str, Any], source: Source, to: datetime) -> None:
    """Shift the record's own times so that the event happens at `to`, to the second; their distances stay."""
    now = moment(source.time(record))
    if now is None:
        return
    span = to - now.replace(microsecond=0)
    for path in source.head:
        steps = tuple(path.split("."))
        holder: Any = record
        for step in steps[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
        if isinstance(holder, dict) and isinstance(value := holder.get(steps[-1]), str):
            holder[steps[-1]] = _shifted(value, span)


def _shifted(value: str, span: timedelta) -> str:
    match = _STAMP.fullmatch(value)
    if match is None:
        return value
    separator = value[10]
    there = datetime.fromisoformat(match[1]) + span
    return there.isoformat(sep=separator) + (match[2] or "") + (match[3] or "")


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """A copy that may be changed, whatever mapping types the source used."""
    return {key: copy.deepcopy(value) for key, value in record.items()}
