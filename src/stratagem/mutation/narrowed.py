"""What of a mutant has to run: only what its change can reach, and only where its rules hold on other events.

A strategy that correlates or learns is dear to run; most of what it says of a mutant is what it said before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from stratagem.baselines._contract import Baseline
from stratagem.rules.correlation import Correlation
from stratagem.rules.matcher import compile as compiled
from stratagem.rules.model import Rule
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import takes
from stratagem.sources import SOURCES
from stratagem.sources._contract import Native
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.proof import reporters
from stratagem.strategy.scenario import Staged, stage_history
from stratagem.strategy.sigma import rule_name

Analytic = Correlation | Baseline


def changed_rules(strategy: Strategy, made: Strategy) -> tuple[tuple[Rule, Rule], ...]:
    """The rules that differ, as they were and as they are."""
    return tuple((old, new) for old, new in zip(strategy.rules, made.rules, strict=True) if old != new)


def _analytics(strategy: Strategy) -> tuple[Analytic, ...]:
    return (*strategy.correlations, *strategy.baselines)


def reached(strategy: Strategy, made: Strategy) -> frozenset[str]:
    """The names of the rules and analytics whose findings the change can touch; a changed priority touches all."""
    analytics = _analytics(made)
    if strategy.priority != made.priority:
        return frozenset([*(rule_name(one) for one in made.rules), *(one.name for one in analytics)])
    found = {rule_name(new) for _, new in changed_rules(strategy, made)}
    before = _analytics(strategy)
    found |= {new.name for old, new in zip(before, analytics, strict=True) if old != new}
    while more := {one.name for one in analytics if found & _names(one, made) and one.name not in found}:
        found |= more
    return frozenset(found)


def only(strategy: Strategy, made: Strategy, names: frozenset[str]) -> Strategy:
    """The mutant with the analytics of these names, what they use, and rules that report on their own."""
    analytics = _analytics(made)
    kept = {one.name for one in analytics if one.name in names}
    while more := {name for one in analytics if one.name in kept for name in _names(one, made)} - kept:
        kept |= more
    kept |= {rule_name(one) for one in reporters(strategy) if isinstance(one, Rule)} & names
    return replace(
        made,
        rules=tuple(one for one in made.rules if rule_name(one) in kept),
        correlations=tuple(one for one in made.correlations if one.name in kept),
        baselines=tuple(one for one in made.baselines if one.name in kept),
    )


def _names(one: Analytic, strategy: Strategy) -> frozenset[str]:
    """What the analytic names: of its own document by its name there. A tag may mean any rule."""
    mentioned = {name.removeprefix(f"{strategy.id}#") for name in (*one.rules, *_texts(one))}
    if any(name.startswith("tag:") for name in one.rules):
        mentioned |= {rule_name(rule) for rule in strategy.rules}
    return frozenset(mentioned)


def _texts(one: Analytic) -> Sequence[str]:
    """A kind's own keys may name rules (of silence: what is to come)."""
    if not isinstance(one, Baseline):
        return ()
    values = [value for value in one.options.values() if isinstance(value, str | list | tuple)]
    return [str(text) for value in values for text in ([value] if isinstance(value, str) else value)]


class Events:
    """The events of one strategy's scenarios, history included, and which of them a rule holds on."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` holds event bases of the workspace's own."""
        self._folder = folder
        self._known: dict[str, tuple[Staged, ...]] = {}
        self._compiled: dict[int, tuple[Rule, Callable[[str, Native], bool]]] = {}

    def differ(self, scenario: Scenario, staged: Sequence[Staged], rules: Sequence[tuple[Rule, Rule]]) -> bool:
        """Does one of the changed rules hold on other events of the scenario than before?"""
        if scenario.history is not None and scenario.history.recorded is not None:
            return True  # Events of a file: nobody has looked at them here.
        for event in (*staged, *self._history(scenario)):
            for old, new in rules:
                if self._holds(old)(event.source, event.native) != self._holds(new)(event.source, event.native):
                    return True
        return False

    def _holds(self, rule: Rule) -> Callable[[str, Native], bool]:
        """The rule with its filters as one question to an event of a source."""
        if id(rule) not in self._compiled:
            self._compiled[id(rule)] = (rule, _question(rule))  # The rule is kept, so that its id stays its own.
        return self._compiled[id(rule)][1]

    def _history(self, scenario: Scenario) -> tuple[Staged, ...]:
        if scenario.history is None:
            return ()
        key = repr(scenario.history)
        if key not in self._known:
            self._known[key] = stage_history(scenario.history, folder=self._folder)
        return self._known[key]


def _question(rule: Rule) -> Callable[[str, Native], bool]:
    @cache
    def of(source: str) -> tuple[Callable[[Native], bool], list[Callable[[Native], bool]]]:
        resolver = Resolver.for_source(SOURCES[source])
        return compiled(rule.condition, resolver), [compiled(one.condition, resolver) for one in rule.filters]

    def holds(source: str, native: Native) -> bool:
        if not takes(SOURCES[source].logsources, rule.logsource, native):
            return False
        condition, filters = of(source)
        return condition(native) and not any(one(native) for one in filters)

    return holds
