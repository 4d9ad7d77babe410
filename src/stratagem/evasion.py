"""What of a strategy's positive scenarios is still caught when whoever attacks writes differently.

Each way changes only what an attacker is free to choose (`facts/free_values.yml`); what the attack needs stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from stratagem import facts
from stratagem.rules.resolve import Resolver
from stratagem.sources import SOURCES
from stratagem.strategy.model import Scenario, ScenarioEvent, Strategy
from stratagem.strategy.proof import Behaviour, run_tests
from stratagem.strategy.scenario import BadScenario, stage, stage_events

SLOWER = 10
"""Splitting over time leaves so many times as much between events."""
IDENTITIES = 5
"""Splitting over principals takes turns between so many."""
_PADDING = "-" + "0" * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One positive scenario, tried in another way."""

    strategy: str
    file: str
    line: int
    scenario: str
    way: str
    caught: bool
    changed: tuple[str, ...]
    """The paths, or what of the timing, that were changed."""


def evade(strategy: Strategy, *, behaviour: Behaviour, folder: Path | None = None) -> tuple[Attempt, ...]:
    """Every way on every positive scenario that it can be tried on, in document order.

    `folder` holds event bases of the workspace's own. A change that makes another kind of event of it is no attempt.
    """
    return tuple(
        attempt
        for scenario in strategy.scenarios
        if scenario.expect == "finding"
        for way, make in WAYS.items()
        if (attempt := _try(strategy, scenario, way, make, behaviour, folder)) is not None
    )


def rates(attempts: Sequence[Attempt]) -> dict[str, tuple[int, int]]:
    """Way -> (caught, tried), in the order of WAYS."""
    found: dict[str, tuple[int, int]] = {}
    for way in WAYS:
        own = [one.caught for one in attempts if one.way == way]
        if own:
            found[way] = (sum(own), len(own))
    return found


def _try(
    strategy: Strategy,
    scenario: Scenario,
    way: str,
    make: Callable[[Scenario, Path | None], Made | None],
    behaviour: Behaviour,
    folder: Path | None,
) -> Attempt | None:
    try:
        stage(scenario, folder=folder)
        made = make(scenario, folder)
        if made is None:
            return None
        stage(made.scenario, folder=folder)
    except BadScenario:
        return None
    changed = replace(strategy, scenarios=(made.scenario,))
    result = next(one for one in run_tests([changed], names=["*"], folder=folder, behaviour=behaviour))
    return Attempt(
        strategy=strategy.id,
        file=strategy.file,
        line=scenario.line,
        scenario=scenario.name,
        way=way,
        caught=any(hit.filtered_by is None for hit in result.fired),
        changed=made.changed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The scenario in another way, and what differs."""

    scenario: Scenario
    changed: tuple[str, ...]


def _free(change: Callable[[str], str]) -> Callable[[Scenario, Path | None], Made | None]:
    """A way that writes every free value differently."""

    def make(scenario: Scenario, folder: Path | None) -> Made | None:
        def one(event: ScenarioEvent, native: Mapping[str, Any]) -> tuple[ScenarioEvent, list[str]]:
            found = dict(_texts(event, native, _facts(event).get("free", ())))
            told = {path: change(text) for path, text in found.items() if change(text) != text}
            return replace(event, set={**event.set, **told}), list(told)

        return _each(scenario, folder, one)

    return make


def _dropped(scenario: Scenario, folder: Path | None) -> Made | None:
    def one(event: ScenarioEvent, native: Mapping[str, Any]) -> tuple[ScenarioEvent, list[str]]:
        resolver = Resolver.for_source(SOURCES[event.base.partition("/")[0]])
        paths = [path for path in _facts(event).get("optional", ()) if resolver.find(native, path) is not None]
        kept = {path: value for path, value in event.set.items() if not path.startswith(tuple(paths))}
        return replace(event, set=kept if paths else event.set, unset=(*event.unset, *paths)), paths

    return _each(scenario, folder, one)


def _others(scenario: Scenario, folder: Path | None) -> Made | None:
    if len(scenario.events) == 1 and scenario.events[0].repeat == 1:
        return None
    turn = 0

    def one(event: ScenarioEvent, native: Mapping[str, Any]) -> tuple[ScenarioEvent, list[str]]:
        nonlocal turn
        found = dict(_texts(event, native, _facts(event).get("principal", ())))
        if event.repeat == 1:
            turn += 1
            told = {path: f"{text}{turn % IDENTITIES}" for path, text in found.items()}
            return replace(event, set={**event.set, **told}), list(told)
        vary = {path: [f"{text}{number}" for number in range(IDENTITIES)] for path, text in found.items()}
        return replace(event, vary={**event.vary, **vary}), list(vary)

    return _each(scenario, folder, one)


def _slower(scenario: Scenario, folder: Path | None) -> Made | None:
    if len(scenario.events) == 1 and scenario.events[0].repeat == 1:
        return None
    events = tuple(replace(one, at=_stretched(one.at), every=_stretched(one.every)) for one in scenario.events)
    until = _stretched(scenario.until) if scenario.until else None
    return Made(scenario=replace(scenario, events=events, until=until), changed=(f"time between events x {SLOWER}",))


def _stretched(span: str) -> str:
    return f"{int(span[:-1]) * SLOWER}{span[-1]}"


WAYS: Mapping[str, Callable[[Scenario, Path | None], Made | None]] = {
    "rename": _free(lambda text: f"renamed-{len(text)}"),
    "case": _free(str.swapcase),
    "drop": _dropped,
    "pad": _free(lambda text: text + _PADDING),
    "split over principals": _others,
    "split over time": _slower,
}
"""The ways that are tried. None where a scenario does not offer itself to one."""


def _each(
    scenario: Scenario,
    folder: Path | None,
    change: Callable[[ScenarioEvent, Mapping[str, Any]], tuple[ScenarioEvent, list[str]]],
) -> Made | None:
    events, told = [], []
    for event in scenario.events:
        native = stage_events([replace(event, repeat=1)], folder=folder)[0].native
        made, paths = change(event, native)
        events.append(made)
        told += paths
    if not told:
        return None
    return Made(scenario=replace(scenario, events=tuple(events)), changed=tuple(dict.fromkeys(told)))


def _texts(event: ScenarioEvent, native: Mapping[str, Any], paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The paths that hold text in the event as it is."""
    for path in paths:
        value: Any = native
        for step in path.replace("[0]", ".0").split("."):
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and step == "0" and value:
                value = value[0]
            else:
                value = None
        if isinstance(value, str) and value and path not in event.vary:
            yield path, value


def _facts(event: ScenarioEvent) -> Mapping[str, Sequence[str]]:
    return _by_source().get(event.base.partition("/")[0], {})


@cache
def _by_source() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return {entry["source"]: entry for entry in facts.load("free_values")["sources"]}
