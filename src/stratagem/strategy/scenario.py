"""Scenarios to events: a named base, what differs, and a place on one fixed clock."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from stratagem.clock import NoTime, parse_time
from stratagem.emulate import bases
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels, Malformed, Source
from stratagem.sources.identify import identify
from stratagem.strategy.model import Habit, History, Scenario, ScenarioEvent
from stratagem.strategy.paths import BadPath, put, read_path, remove

CLOCK = datetime(2026, 1, 15, 10, 0, 0, tzinfo=UTC)
"""When every scenario starts."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_NAMING = ("insertid", "qualifier", "auditid", "eventid", "requestid", "correlationid", "uuid")
"""Ends of the paths of fields that do nothing but name an event."""
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
    """The scenario's events under test, canonical, in the order written. Raises BadScenario.

    Event times are moved to CLOCK plus the event's offset; what `set` says about time wins.
    """
    return stage_events(scenario.events, folder=folder)


def stage_events(
    events: Sequence[ScenarioEvent], *, folder: Path | None = None, clock: datetime = CLOCK, salt: str = ""
) -> tuple[Staged, ...]:
    """Events, canonical, in the order written, beginning at `clock`. Raises BadScenario.

    With a `salt` each event has an id that no other salt gives.
    """
    staged: list[Staged] = []
    for number, event in enumerate(events, start=1):
        try:
            staged += _repeated(event, folder, number, clock, salt)
        except (bases.UnknownBase, BadPath, Malformed, BadScenario) as error:
            which = f"event {number}: " if len(events) > 1 else ""
            raise BadScenario(f"{which}{error}") from error
    return tuple(staged)


def stage_history(
    history: History, *, folder: Path | None = None, clock: datetime = CLOCK, salt: str = ""
) -> tuple[Staged, ...]:
    """The events of a history's habits by time, the same for the same seed. Raises BadScenario.

    The history ends at `clock`; a habit with `until` goes on after it.
    """
    staged: list[Staged] = []
    for number, habit in enumerate(history.habits, start=1):
        chance = random.Random(f"{history.seed}/{number}")
        try:
            for place, at in enumerate(sorted(_moments(habit, history.days, chance, clock))):
                drawn = {path: _drawn(choice, place, chance) for path, choice in habit.event.vary.items()}
                fresh = f"{salt}{history.seed}/{number}/{place}"
                staged.append(_stage(habit.event, folder, at, drawn, fresh=fresh))
        except (bases.UnknownBase, BadPath, Malformed, BadScenario) as error:
            raise BadScenario(f"history, event {number}: {error}") from error
    return tuple(sorted(staged, key=lambda one: one.time or clock))


def _repeated(event: ScenarioEvent, folder: Path | None, number: int, clock: datetime, salt: str) -> Iterator[Staged]:
    for turn in range(event.repeat):
        taken = {path: _taken(choice, turn) for path, choice in event.vary.items()}
        at = clock + offset(event.at) + turn * offset(event.every)
        yield _stage(event, folder, at, taken, fresh=f"{salt}{number}/{turn}" if salt or number > 1 or turn else "")


def _taken(choice: Any, turn: int) -> Any:
    return choice.replace("{n}", str(turn)) if isinstance(choice, str) else choice[turn % len(choice)]


def _drawn(choice: Any, place: int, chance: random.Random) -> Any:
    return choice.replace("{n}", str(place)) if isinstance(choice, str) else chance.choice(choice)


def _moments(habit: Habit, days: int, chance: random.Random, clock: datetime) -> Iterator[datetime]:
    """When a habit happens. A rate of 0.3 a day is one day in three or so, never a third of an event."""
    start, end = clock - timedelta(days=days), clock + offset(habit.until)
    if habit.per_day is None:
        step = offset(habit.event.every)
        found = (start + turn * step for turn in range((end - start) // step + 1))
    else:
        count = round((end - start) / timedelta(days=1)) + 1
        found = (moment for day in range(count) for moment in _of_day(habit, start + timedelta(days=day), chance))
    first, last = habit.days or (0, days + 10_000)
    for moment in found:
        is_day = first <= (moment - start) // timedelta(days=1) < last and (not habit.weekdays or moment.weekday() < 5)
        if moment < end and is_day and habit.hours[0] <= moment.hour < habit.hours[1]:
            yield moment


def _of_day(habit: Habit, start: datetime, chance: random.Random) -> Iterator[datetime]:
    """Moments of the 24 hours from `start`, spread over the habit's hours."""
    rate = habit.per_day or 0.0
    count = int(rate) + (chance.random() < rate % 1)
    midnight = start.replace(hour=0, minute=0, second=0)
    width = (habit.hours[1] - habit.hours[0]) * 3600
    for _ in range(count):
        moment = midnight + timedelta(hours=habit.hours[0], seconds=chance.randrange(max(1, width)))
        yield moment if moment >= start else moment + timedelta(days=1)


def _stage(
    event: ScenarioEvent, folder: Path | None, at: datetime, changes: Mapping[str, Any], *, fresh: str
) -> Staged:
    source_id = event.base.partition("/")[0]
    base = bases.load(event.base, folder=folder)
    if source_id not in SOURCES:
        raise BadScenario(f"base '{event.base}' belongs to no source. There are: {', '.join(SOURCES)}.")
    source = SOURCES[source_id]
    record = _plain(source.canonical(base)[0])
    move(record, source, at)
    if fresh:
        _rename(record, source, f"{event.base}/{fresh}")
    for path, value in {**event.set, **changes}.items():
        put(record, read_path(path), copy.deepcopy(value))
    for path in event.unset:
        remove(record, read_path(path))
    recognised = identify(record)
    if recognised != source_id:
        raise BadScenario(f"with these changes the event is {recognised or 'unknown'}, no longer {source_id}")
    native, labels = source.canonical(record)
    return Staged(source=source_id, native=native, labels=labels, time=moment(source.time(native)))


def _rename(record: dict[str, Any], source: Source, name: str) -> None:
    """Give the record an event id of its own: copies of one event count once.

    An id may be made of several fields, of which some say when or where. Events without a field that does nothing but
    name them differ by their time.
    """
    named = [path for path in source.uid_fields if path.lower().endswith(_NAMING)]
    first = [path for path in source.uid_fields[:1] if path not in source.time_fields]
    for path in (*named, *first)[:1]:
        with suppress(BadPath):
            put(record, tuple(path.split(".")), str(uuid5(NAMESPACE_URL, name)))


def offset(at: str) -> timedelta:
    """`90s`, `5m`, `2h` or `1d` as a time span."""
    return timedelta(**{_UNITS[at[-1]]: int(at[:-1])})


def moment(value: str | int | float | None) -> datetime | None:
    """An event time as sources give it in UTC; None where it cannot be read."""
    try:
        return parse_time(value)
    except NoTime:
        return None


def move(record: dict[str, Any], source: Source, to: datetime) -> None:
    """Shift the record's own times so that the event happens at `to`, to the second; their distances stay."""
    now = moment(source.time(record))
    if now is None:
        return
    span = to - now.replace(microsecond=0)
    for path in dict.fromkeys((*source.head, *source.time_fields)):
        steps = tuple(path.split("."))
        holder: Any = record
        for step in steps[:-1]:
            holder = holder.get(step) if isinstance(holder, dict) else None
        if not isinstance(holder, dict):
            continue
        value = holder.get(steps[-1])
        if isinstance(value, str):
            holder[steps[-1]] = _shifted(value, span)
        elif isinstance(value, int | float) and not isinstance(value, bool) and path in source.time_fields:
            holder[steps[-1]] = value + int(span.total_seconds()) * _ticks(value)


def _ticks(number: int | float) -> int:
    """How many of what a number since 1970 counts make a second, by its size."""
    return next((ticks for limit, ticks in ((10**11, 1), (10**14, 10**3), (10**17, 10**6)) if number < limit), 10**9)


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
