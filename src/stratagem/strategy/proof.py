"""Does a strategy do what its page says? Every scenario runs; a strategy that nothing proves fails.

The way of an event is the real one: its source recognises it, brings it to the canonical shape, answers for the
rules' logsources; then rules, filters (expiry in event time) and the priority block, by the reference semantics.
Strategies that correlate or learn are proven by whoever can run them: `behaviour` (stratagem.proving).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Rule
from stratagem.rules.reads import tested
from stratagem.rules.reference import matches
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import takes
from stratagem.sources import SOURCES
from stratagem.strategy.model import LEVELS, STATUSES, Scenario, Strategy
from stratagem.strategy.priority import evaluate, placeholders
from stratagem.strategy.scenario import BadScenario, Staged, stage
from stratagem.strategy.sigma import rule_name

_ORDER = ("risk_only", *LEVELS)
_NO_RULE_FIRES = "no rule fires"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that matched one event of a scenario. `filtered_by` names the filter that took the match out."""

    rule: str
    level: str
    because: str = ""
    title: str = ""
    filtered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """What one scenario came to. `scenario` is "" for a strategy that has none."""

    __test__ = False  # not a class of tests, whatever its name says to pytest

    strategy: str
    file: str
    line: int
    scenario: str
    expect: str
    passed: bool
    fired: tuple[Fired, ...] = ()
    reason: str = ""
    """Why it failed, and what to do."""
    near_miss_of: str | None = None
    steps: tuple[Any, ...] = field(default=())
    """`rules.explain` trees of the rules that should have fired and did not."""


Behaviour = Callable[[Strategy, Scenario], tuple[Fired, ...]]
"""What a strategy with correlations or baselines reports of a scenario. Raises BadScenario."""


def run_tests(
    strategies: Iterable[Strategy],
    *,
    names: Sequence[str] | None = None,
    folder: Path | None = None,
    behaviour: Behaviour | None = None,
) -> tuple[TestResult, ...]:
    """Run the scenarios of the strategies; `names` are patterns that scenario names must match (`*` works).

    `folder` holds event bases of the workspace's own. Without `behaviour`, scenarios that need it fail and say so.
    """
    return tuple(result for strategy in strategies for result in _test(strategy, names, folder, behaviour))


def is_behaviour(strategy: Strategy) -> bool:
    """Does the strategy look at more than one event at a time."""
    return bool(strategy.correlations or strategy.baselines)


def needs_run(strategy: Strategy) -> bool:
    """Does a scenario of it take more than one event by itself: others beside it, or the context."""
    return is_behaviour(strategy) or names_context(strategy) or any(one.context for one in strategy.scenarios)


def names_context(strategy: Strategy) -> bool:
    """Does a filter or the priority block name a `context.*` field."""
    named = [name for one in strategy.filters for name in tested(one.condition)]
    if strategy.priority is not None:
        named += placeholders(strategy.priority.title)
        named += [name for level in strategy.priority.levels if level.when for name in tested(level.when)]
    return any(name.startswith("context.") for name in named)


def effective_status(strategy: Strategy, results: Iterable[TestResult]) -> str:
    """The lower of the author's intent and what proof allows.

    Without a rule: draft. `live` needs every scenario to pass, a positive one and a near miss among them; else shadow.
    """
    allowed = "draft" if not _detects(strategy) else "shadow" if unproven(strategy, results) else "live"
    return min(strategy.status, allowed, key=STATUSES.index)


def unproven(strategy: Strategy, results: Iterable[TestResult]) -> tuple[str, ...]:
    """What the proof of a strategy lacks; nothing where it is proven."""
    own = [result for result in results if result.strategy == strategy.id]
    lacks = [] if _detects(strategy) else ["it has no rule, correlation or baseline that loads"]
    lacks += [
        f"scenario '{one.scenario}' fails: {one.reason}" if one.scenario else one.reason
        for one in own
        if not one.passed
    ]
    if not any(one.expect == "finding" for one in own):
        lacks.append("no scenario expects a finding")
    if not any(one.expect == "silent" and one.near_miss_of for one in own):
        lacks.append("no silent scenario is a near miss")
    return tuple(lacks)


def _detects(strategy: Strategy) -> bool:
    return bool(strategy.rules or is_behaviour(strategy))


def reporters(strategy: Strategy) -> tuple[Rule | Correlation | Baseline, ...]:
    """What of the strategy reports on its own: rules and correlations that another of its blocks uses do not."""
    analytics: list[Correlation | Baseline] = [*strategy.correlations, *strategy.baselines]
    used = {name for one in analytics if not one.generate for name in one.rules}
    rules = (rule for rule in strategy.rules if rule_name(rule) not in used)
    return (*rules, *(one for one in analytics if one.name not in used))


def _test(
    strategy: Strategy, names: Sequence[str] | None, folder: Path | None, behaviour: Behaviour | None
) -> Iterator[TestResult]:
    if names is None:
        yield from _unread(strategy)
        if not any(block.kind == "scenario" for block in strategy.blocks):
            reason = "nothing proves this strategy: it has no scenario. Write one under Validation."
            yield _failure(strategy, 1, reason)
    for scenario in strategy.scenarios:
        if names is None or any(fnmatchcase(scenario.name, name) for name in names):
            yield _run(strategy, scenario, folder, behaviour)


def _unread(strategy: Strategy) -> Iterator[TestResult]:
    """A failure for each block that could not be read: a test that is skipped in silence proves nothing."""
    read = {one.line for one in strategy.scenarios} | {one.line for one in strategy.rules}
    read |= {one.line for one in strategy.correlations} | {one.line for one in strategy.baselines}
    for block in strategy.blocks:
        if block.kind in ("scenario", "sigma", "correlation", "baseline") and block.line not in read:
            reason = f"this {block.kind} block cannot be read: stratagem lint {strategy.file}"
            name = block.data.get("name") if isinstance(block.data, dict) else None
            yield _failure(strategy, block.line, reason, scenario=str(name or f"{block.kind} block"))


def _failure(strategy: Strategy, line: int, reason: str, *, scenario: str = "") -> TestResult:
    return TestResult(
        strategy=strategy.id,
        file=strategy.file,
        line=line,
        scenario=scenario,
        expect="",
        passed=False,
        reason=reason,
    )


def _run(strategy: Strategy, scenario: Scenario, folder: Path | None, behaviour: Behaviour | None) -> TestResult:
    fired: tuple[Fired, ...] = ()
    steps: tuple[Any, ...] = ()
    try:
        events = stage(scenario, folder=folder)
        fired = _fired(strategy, scenario, events, behaviour)
    except BadScenario as error:
        reason = str(error)
    else:
        reason = judge(strategy, scenario, events, fired)
        if reason == _NO_RULE_FIRES and not is_behaviour(strategy):
            steps = tuple(_explain(_tried(strategy, scenario), events))
            reason += _first_failure(steps)
    return TestResult(
        strategy=strategy.id,
        file=strategy.file,
        line=scenario.line,
        scenario=scenario.name,
        expect=scenario.expect,
        passed=not reason,
        fired=fired,
        reason=reason,
        near_miss_of=scenario.near_miss_of,
        steps=steps,
    )


def fire(strategy: Strategy, scenario: Scenario, events: Sequence[Staged]) -> tuple[Fired, ...]:
    """What the strategy's rules say, each by itself, to the events of a scenario; `is_behaviour` needs more."""
    rules = _tried(strategy, scenario)
    return tuple(hit for event in events for rule in rules for hit in _fire(strategy, rule, event))


def _tried(strategy: Strategy, scenario: Scenario) -> list[Rule]:
    """The rules of which the scenario speaks: the one that it names, else all."""
    return [rule for rule in strategy.rules if scenario.rule in (None, rule_name(rule))]


def _fired(
    strategy: Strategy, scenario: Scenario, events: Sequence[Staged], behaviour: Behaviour | None
) -> tuple[Fired, ...]:
    if not needs_run(strategy):
        return fire(strategy, scenario, events)
    if behaviour is None:
        raise BadScenario("the strategy correlates, learns or asks the context, and nothing here can run that")
    return behaviour(strategy, scenario)


def _fire(strategy: Strategy, rule: Rule, event: Staged) -> Iterator[Fired]:
    source = SOURCES[event.source]
    if not takes(source.logsources, rule.logsource, event.native):
        return
    resolver = Resolver.for_source(source)
    if not matches(rule.condition, event.native, resolver):
        return
    level, because, title = rule.level, "", rule.title
    if strategy.priority is not None:
        level, because, title = evaluate(strategy.priority, event.native, resolver, default=rule.level)
    active = (each for each in rule.filters if event.time is None or not each.is_over(event.time))
    removed_by = next((each.name for each in active if matches(each.condition, event.native, resolver)), None)
    yield Fired(rule=rule_name(rule), level=level, because=because, title=title, filtered_by=removed_by)


def judge(strategy: Strategy, scenario: Scenario, events: tuple[Staged, ...], fired: tuple[Fired, ...]) -> str:
    """Why the scenario fails, given what fired on its events; empty where it comes out as it says."""
    reported = [hit for hit in fired if hit.filtered_by is None]
    names = ", ".join(dict.fromkeys(hit.rule for hit in reported))
    match scenario.expect:
        case "silent" if reported:
            return f"should stay silent, but rule {names} fires. Narrow the rule, or add a filter."
        case "missed" if reported:
            return f"the page is stale: this evasion is detected now (rule {names}). Make it 'expect: finding'."
        case "finding" if not reported:
            return _why_silent(strategy, scenario, events, fired)
        case "finding":
            return _wrong_level(scenario, reported)
    return ""


def _why_silent(strategy: Strategy, scenario: Scenario, events: tuple[Staged, ...], fired: tuple[Fired, ...]) -> str:
    if fired:
        names = ", ".join(dict.fromkeys(str(hit.filtered_by) for hit in fired))
        return f"filter {names} loses a validated true positive. Narrow the filter."
    if is_behaviour(strategy):
        return _NO_RULE_FIRES + _kept_apart(strategy, events)
    rules = _tried(strategy, scenario)
    if not rules:
        return f"no rule named '{scenario.rule}' loads" if scenario.rule else "the strategy has no rule that loads"
    if not any(
        takes(SOURCES[event.source].logsources, rule.logsource, event.native) for event in events for rule in rules
    ):
        asked = ", ".join(dict.fromkeys(str(rule.logsource) for rule in rules))
        came = ", ".join(dict.fromkeys(event.source for event in events))
        return f"the rules ask for logsource {asked}, and the events are of {came}"
    return _NO_RULE_FIRES


def _kept_apart(strategy: Strategy, events: Sequence[Staged]) -> str:
    """How many of the events under test each observed rule holds on: the first thing to look at."""
    counts = {
        rule_name(rule): sum(any(True for _ in _fire(strategy, rule, event)) for event in events)
        for rule in strategy.rules
    }
    told = ", ".join(f"{name} on {count} of {len(events)}" for name, count in counts.items())
    return f"; of the events under test, rules hold: {told}" if told else ""


def _wrong_level(scenario: Scenario, reported: list[Fired]) -> str:
    top = max(reported, key=lambda hit: _ORDER.index(hit.level) if hit.level in _ORDER else -1)
    if scenario.level is None or scenario.level in (hit.level for hit in reported):
        return ""
    because = f" ({top.because})" if top.because else ""
    return f"the level is {top.level}{because}, not {scenario.level}"


def _explain(rules: list[Rule], events: tuple[Staged, ...]) -> Iterator[Any]:
    from stratagem.rules.explain import explain

    for event in events:
        source = SOURCES[event.source]
        for rule in rules:
            if takes(source.logsources, rule.logsource, event.native):
                yield explain(rule, event.native, Resolver.for_source(source))


def _first_failure(steps: Sequence[Any]) -> str:
    for step in steps:
        for leaf in _leaves(step):
            if not leaf.passed:
                return f": {leaf.label}: {leaf.reason}" if leaf.reason else f": {leaf.label}"
    return ""


def _leaves(step: Any) -> Iterator[Any]:
    if step.children:
        for child in step.children:
            yield from _leaves(child)
    else:
        yield step
