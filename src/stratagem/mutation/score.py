"""Run the scenarios over a strategy's mutants: who notices which, and which live on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stratagem.context.entry import Lists
from stratagem.mutation.make import mutants
from stratagem.mutation.model import Mutant, Mutation, Outcome
from stratagem.mutation.narrowed import Events, changed_rules, only, reached
from stratagem.proving import Prover
from stratagem.rules.model import Rule
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.proof import fire, judge, names_context, needs_run, run_tests
from stratagem.strategy.scenario import Staged, stage

TOGETHER = 24
"""Mutants of a strategy that correlates or learns are run so many at a time over one reading of the events."""


def mutate(strategy: Strategy, prover: Prover, *, lists: Lists, folder: Path | None = None) -> Mutation:
    """What the strategy's scenarios notice. `folder` holds event bases of the workspace's own."""
    failed = [one for one in run_tests([strategy], folder=folder, behaviour=prover.fired) if not one.passed]
    if failed:
        reason = f"scenario '{failed[0].scenario}' fails as it is" if failed[0].scenario else failed[0].reason
        return Mutation(strategy=strategy.id, file=strategy.file, skipped=reason)
    made = list(mutants(strategy, lists))
    staged = [(scenario, stage(scenario, folder=folder)) for scenario in strategy.scenarios]
    if needs_run(strategy):
        outcomes = _by_running(strategy, made, staged, prover, folder)
    else:
        outcomes = [Outcome(mutant=one, killed_by=_noticed(one.made, staged)) for one in made]
    return Mutation(strategy=strategy.id, file=strategy.file, outcomes=tuple(outcomes))


def _noticed(made: Strategy, staged: Sequence[tuple[Scenario, tuple[Staged, ...]]]) -> str | None:
    """The first scenario that no longer comes out as it says."""
    for scenario, events in staged:
        if judge(made, scenario, events, fire(made, scenario, events)):
            return scenario.name
    return None


def _by_running(
    strategy: Strategy,
    made: Sequence[Mutant],
    staged: Sequence[tuple[Scenario, tuple[Staged, ...]]],
    prover: Prover,
    folder: Path | None,
) -> list[Outcome]:
    """Scenario by scenario, each over the mutants that none before has noticed.

    A mutant that does not load, because its clauses depend on one another, is no mutant.
    """
    lone = any(name.startswith("tag:") for one in strategy.correlations for name in one.rules)
    cases = [_case(strategy, one.made) for one in made]
    events_of = Events(folder)
    killed: dict[int, str] = {}
    unsound: set[int] = set()
    narrow = not names_context(strategy)  # What the context says of an event, nobody can ask of a rule alone.
    for scenario, events in staged:
        if prover.rereads(scenario):
            continue
        usual = prover.fired(strategy, scenario)
        left = [
            number
            for number, case in enumerate(cases)
            if number not in killed
            and number not in unsound
            and not (narrow and case.rules_alone and not events_of.differ(scenario, events, case.rules))
        ]
        # Rules that are found by a tag would be found in every mutant of one reading.
        size = 1 if lone else TOGETHER
        for start in range(0, len(left), size):
            some = left[start : start + size]
            found = prover.variants(strategy, scenario, [cases[number].part for number in some])
            for number, fired in zip(some, found, strict=True):
                if fired is None:
                    unsound.add(number)
                    continue
                untouched = tuple(one for one in usual if one.rule not in cases[number].names)
                if judge(made[number].made, scenario, events, (*fired, *untouched)):
                    killed[number] = scenario.name
    return [
        Outcome(mutant=one, killed_by=killed.get(number)) for number, one in enumerate(made) if number not in unsound
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What of a mutant runs, whose findings it replaces, and whether it differs in rules alone."""

    part: Strategy
    names: frozenset[str]
    rules: tuple[tuple[Rule, Rule], ...]
    rules_alone: bool


def _case(strategy: Strategy, made: Strategy) -> _Case:
    names = reached(strategy, made)
    rules_alone = (strategy.priority, strategy.correlations, strategy.baselines) == (
        made.priority,
        made.correlations,
        made.baselines,
    )
    rules = changed_rules(strategy, made)
    return _Case(part=only(strategy, made, names), names=names, rules=rules, rules_alone=rules_alone)
