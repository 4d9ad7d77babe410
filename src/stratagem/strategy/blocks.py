"""Blocks to model objects: each reader takes a block whose data fits its schema and notes what else is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stratagem.complaints import closest
from stratagem.places import Located
from stratagem.strategy.model import (
    Habit,
    History,
    Playbook,
    Priority,
    PriorityLevel,
    Scenario,
    ScenarioEvent,
    Telemetry,
)
from stratagem.strategy.notes import Notes
from stratagem.strategy.paths import BadPath, read_path
from stratagem.strategy.priority import title_flaw
from stratagem.strategy.schemas import complaints
from stratagem.strategy.sigma import selection


def check_front_matter(located: Located, notes: Notes) -> frozenset[str]:
    """Note what breaks the front matter's schema; the keys that are not to be used."""
    found = complaints("front_matter", located.value)
    for complaint in found:
        notes.add(
            "S-FRONT", complaint.message, located.place_of(complaint.path, key=complaint.at_key), fix=complaint.fix
        )
    return frozenset(complaint.path.partition(".")[0] for complaint in found)


def scenario(located: Located, notes: Notes) -> Scenario | None:
    """A scenario block; None when it says nothing that could run."""
    data = located.value
    if ("base" in data) == ("events" in data):
        both = "both 'base' and 'events' are" if "base" in data else "neither 'base' nor 'events' is"
        notes.add("S-SCENARIO", f"{both} given", located.start, fix="Give one: base for one event, events for several.")
        return None
    for key in ("set", "unset", "at", "repeat", "every", "vary"):
        if "events" in data and key in data:
            place = located.place_of(key, key=True)
            notes.add("S-SCENARIO", f"'{key}' stands beside 'events'", place, fix="Move it into the events.")
    for key, expect in (("level", "finding"), ("near_miss_of", "silent")):
        if key in data and data["expect"] != expect:
            place = located.place_of(key, key=True)
            notes.add("S-SCENARIO", f"'{key}' has a meaning for 'expect: {expect}' only", place)
    _check_paths(data, located, notes)
    return Scenario(
        name=data["name"],
        expect=data["expect"],
        events=tuple(_event(event) for event in data.get("events", [data])),
        rule=data.get("rule"),
        level=data.get("level"),
        near_miss_of=data.get("near_miss_of"),
        why=data.get("why", ""),
        live=data.get("live", ""),
        emulate=data.get("emulate"),
        history=_history(data.get("history"), located, notes),
        identities={actor: tuple(names) for actor, names in data.get("identities", {}).items()},
        context=_context(data.get("context", {}), located, notes),
        until=data.get("until"),
        line=located.start[0],
    )


def _context(data: Mapping[str, Any], located: Located, notes: Notes) -> Mapping[str, Any]:
    """The documents of a scenario's context, with what breaks their schemas noted."""
    if not data:
        return {}
    from stratagem.context.inline import complaints_of

    for one in complaints_of(data):
        place = located.place_of(f"context.{one.path}", key=one.at_key)
        notes.add("S-SCENARIO", f"context: {one.message}", place, fix=one.fix)
    return data


def _history(data: Mapping[str, Any] | None, located: Located, notes: Notes) -> History | None:
    if data is None:
        return None
    if ("recorded" in data) == ("events" in data):
        both = "both 'events' and 'recorded' are" if "events" in data else "neither 'events' nor 'recorded' is"
        notes.add("S-SCENARIO", f"{both} given in the history", located.place_of("history"), fix="Give one.")
        return None
    if "events" in data and "days" not in data:
        fix = "Say how many days the habits go on."
        notes.add("S-SCENARIO", "the history has no 'days'", located.place_of("history"), fix=fix)
        return None
    habits = [_habit(entry, number, located, notes) for number, entry in enumerate(data.get("events", ()))]
    return History(
        days=data.get("days", 0), seed=data.get("seed", 1), habits=tuple(habits), recorded=data.get("recorded")
    )


def _habit(data: Mapping[str, Any], number: int, located: Located, notes: Notes) -> Habit:
    if ("every" in data) == ("per_day" in data):
        place = located.place_of(f"history.events.{number}")
        notes.add("S-SCENARIO", "a habit needs one of 'every' and 'per_day'", place)
    first, last = data.get("hours", (0, 24))
    days = data.get("days")
    return Habit(
        event=_event(data),
        per_day=data.get("per_day"),
        hours=(first, last),
        weekdays=data.get("weekdays", False),
        days=(days[0], days[1]) if days else None,
        until=data.get("until", "0s"),
    )


def _event(data: Mapping[str, Any]) -> ScenarioEvent:
    return ScenarioEvent(
        base=data["base"],
        set=dict(data.get("set", {})),
        unset=tuple(data.get("unset", ())),
        at=data.get("at", "0s"),
        repeat=data.get("repeat", 1),
        every=data.get("every", "1s"),
        vary=dict(data.get("vary", {})),
    )


def _check_paths(data: Mapping[str, Any], located: Located, notes: Notes) -> None:
    events = [(f"events.{number}.", event) for number, event in enumerate(data.get("events", ()))] or [("", data)]
    habits = data.get("history", {}).get("events", ())
    events += [(f"history.events.{number}.", event) for number, event in enumerate(habits)]
    for prefix, event in events:
        named = [(f"{prefix}set.{path}", path) for path in event.get("set", {})]
        named += [(f"{prefix}vary.{path}", path) for path in event.get("vary", {})]
        named += [(f"{prefix}unset.{number}", path) for number, path in enumerate(event.get("unset", ()))]
        for where, path in named:
            try:
                read_path(path)
            except BadPath as error:
                fix = 'Dotted, [n] for a list item, "quotes" around a key with dots.'
                notes.add("S-SCENARIO", str(error), located.place_of(where, key=True), fix=fix)


def priority(located: Located, notes: Notes) -> Priority:
    """A priority block; a `when` that cannot be read is noted, and its level then never holds."""
    data = located.value
    if flaw := title_flaw(data["title"]):
        notes.add("S-PRIORITY", flaw, located.place_of("title"), fix="Write {field.path}, or no braces.")
    return Priority(
        title=data["title"],
        levels=tuple(priority_levels(data["levels"], located, notes)),
        key=tuple(data.get("key", ())),
        budget_per_day=data.get("budget_per_day"),
    )


def priority_levels(
    levels: list[Mapping[str, Any]], located: Located, notes: Notes, *, code: str = "S-PRIORITY"
) -> Iterator[PriorityLevel]:
    """The entries of `levels`, in order."""
    always = False
    for number, entry in enumerate(levels):
        if always:
            place = located.place_of(f"levels.{number}", key=True)
            notes.warn(code, "this level is never reached: the one above always holds", place)
        always = always or "when" not in entry
        when = None
        if "when" in entry:
            when = selection(entry["when"], located, f"levels.{number}.when", notes, code)
            if when is None:
                continue
        yield PriorityLevel(level=entry["level"], when=when, because=entry.get("because", ""))


def telemetry(located: Located, notes: Notes) -> tuple[Telemetry, ...]:
    """A telemetry block."""
    return tuple(Telemetry(**entry) for entry in located.value)


def playbook(located: Located, notes: Notes) -> Playbook:
    """A playbook block. A plain sentence in a list is an entry that has only `text`."""
    data = located.value
    lists = {
        key: tuple({"text": entry} if isinstance(entry, str) else entry for entry in data.get(key, ()))
        for key in ("questions", "evidence", "steps")
    }
    return Playbook(use=data.get("use"), **lists)


def check_references(scenarios: list[Scenario], rules: list[str], notes: Notes) -> None:
    """Note names that are used twice, and references to scenarios and rules that do not exist."""
    positive = [scenario.name for scenario in scenarios if scenario.expect == "finding"]
    seen: dict[str, int] = {}
    for scenario in scenarios:
        place = (scenario.line, 1)
        if scenario.name in seen:
            message = f"scenario name '{scenario.name}' is taken by line {seen[scenario.name]}"
            notes.add("S-SCENARIO", message, place)
        seen.setdefault(scenario.name, scenario.line)
        if scenario.near_miss_of is not None and scenario.near_miss_of not in positive:
            message = f"near_miss_of names no positive scenario: '{scenario.near_miss_of}'"
            notes.add("S-SCENARIO", message + closest(scenario.near_miss_of, positive), place)
        if scenario.rule is not None and scenario.rule not in rules:
            known = f"The document has: {', '.join(rules) or 'no rule'}."
            message = f"no rule named '{scenario.rule}'{closest(scenario.rule, rules)}"
            notes.add("S-SCENARIO", message, place, fix=known)


READERS: Mapping[str, Callable[[Located, Notes], Any]] = {
    "priority": priority,
    "telemetry": telemetry,
    "playbook": playbook,
}
"""The kinds that a document has once."""
