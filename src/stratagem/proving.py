"""Scenarios of strategies that correlate or learn: their events are written as log files, and run as any log is.

The history teaches, the events under test are reported, and what they must give is the strategy's findings from the
moment at which the test begins.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from stratagem.baselines._contract import Baseline
from stratagem.context import inline
from stratagem.context.entry import Lists
from stratagem.context.identities import Name
from stratagem.context.known import Context
from stratagem.detect.compile import Plan, compile
from stratagem.detect.model import Finding
from stratagem.detect.run import RunResult, run
from stratagem.detect.times import Times
from stratagem.engines.local import Job
from stratagem.errors import ContentError
from stratagem.ingest.files import expand
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Filter
from stratagem.sources import SOURCES
from stratagem.sources._json import encode
from stratagem.strategy import parse
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.proof import Fired
from stratagem.strategy.scenario import CLOCK, BadScenario, Staged, offset, stage, stage_history

Analytic = TypeVar("Analytic", Correlation, Baseline)

_REMEMBERED: dict[str, tuple[Fired, ...]] = {}
"""What scenarios gave in this process, by the content of all that decides it."""


class Prover:
    """Runs scenarios of strategies with correlations or baselines; `strategies` are all that references may lead to."""

    def __init__(
        self, strategies: Sequence[Strategy], *, folder: Path | None = None, lists: Lists | None = None
    ) -> None:
        """`folder` holds event bases of the workspace's own, `lists` are those that the strategies were read with."""
        self._known = {strategy.id: strategy for strategy in strategies}
        self._folder = folder
        self._lists = lists or {}

    def fired(self, strategy: Strategy, scenario: Scenario) -> tuple[Fired, ...]:
        """What the strategy reports of the scenario's events; remembered, because lint and test ask alike.

        Raises BadScenario.
        """
        if self._folder is not None or (scenario.history and scenario.history.recorded):
            return self._fired(strategy, scenario)  # Files decide too.
        key = hashlib.sha256(repr((self.with_references(strategy), scenario)).encode()).hexdigest()
        if key not in _REMEMBERED:
            _REMEMBERED[key] = self._fired(strategy, scenario)
        return _REMEMBERED[key]

    def _fired(self, strategy: Strategy, scenario: Scenario) -> tuple[Fired, ...]:
        found = self.findings(strategy, scenario)
        reported = [
            Fired(
                rule=finding.rule_uid.rpartition("#")[2],
                level=finding.level,
                because=finding.level_because,
                title=finding.title,
            )
            for finding in tested(strategy, found.findings)
            if scenario.rule in (None, finding.rule_uid.rpartition("#")[2])
        ]
        removed = found.summary["findings"]["filtered"]["by_filter"]
        own = {one.name for rule in strategy.rules for one in rule.filters}
        return (
            *reported,
            *(Fired(rule="", level="", filtered_by=name) for name in removed if not reported and name in own),
        )

    def variants(
        self, strategy: Strategy, scenario: Scenario, variants: Sequence[Strategy]
    ) -> tuple[tuple[Fired, ...] | None, ...]:
        """What variants of the strategy report of the scenario's events, all from one reading of them.

        None for a variant of which something does not load. Raises BadScenario.
        """
        renamed = [_renamed(one, f"{strategy.id}~{number}") for number, one in enumerate(variants)]
        refused = {str(one.rule_id).partition("#")[0] for one in self._plan(strategy, renamed).rejected}
        sound = [one for one in renamed if one.id not in refused]
        found = self.findings(strategy, scenario, sound).findings
        told: dict[str, list[Fired]] = {one.id: [] for one in sound}
        for finding in found:
            if finding.analytic_uid in told and finding.time >= CLOCK:
                name = finding.rule_uid.rpartition("#")[2]
                if scenario.rule in (None, name):
                    told[finding.analytic_uid].append(Fired(rule=name, level=finding.level))
        return tuple(tuple(told[one.id]) if one.id in told else None for one in renamed)

    def rereads(self, scenario: Scenario) -> bool:
        """Does the scenario bring lists of its own, with which the document is read anew? Variants are then no use."""
        return bool(_context(scenario).lists)

    def _plan(self, strategy: Strategy, also: Sequence[Strategy]) -> Plan:
        return compile((), (*self.with_references(strategy), *also), SOURCES)

    def findings(self, strategy: Strategy, scenario: Scenario, also: Sequence[Strategy] = ()) -> RunResult:
        """The run over the scenario's events; `also` are further strategies to run. Raises BadScenario."""
        staged = stage(scenario, folder=self._folder)
        context = _context(scenario)
        if context.lists:
            strategy = with_lists(strategy, {**self._lists, **context.lists})
        plan = replace(self._plan(strategy, also), context=context)
        refused = [one for one in plan.rejected if one.file == strategy.file]
        if refused:
            raise BadScenario(f"{refused[0].title}: {refused[0].reason}")
        with tempfile.TemporaryDirectory(prefix="stratagem-scenario-") as home:
            paths = [str(path) for path in self._write(Path(home), strategy, scenario, staged)]
            return run(Job(plan=plan, detail=False), expand(paths), workers=1, times=_times(scenario, staged))

    def _write(self, home: Path, strategy: Strategy, scenario: Scenario, staged: Sequence[Staged]) -> Iterator[Path]:
        events: list[Staged] = list(staged)
        history = scenario.history
        if history is not None:
            events += stage_history(history, folder=self._folder)
            if history.recorded is not None:
                recorded = Path(strategy.file).parent / history.recorded
                if not recorded.exists():
                    raise BadScenario(f"no recorded history {recorded}")
                yield recorded
        by_source: dict[str, list[bytes]] = defaultdict(list)
        for event in events:
            by_source[event.source].append(encode(event.native))
        for source, lines in by_source.items():
            place = home / f"{source}.jsonl"
            place.write_bytes(b"\n".join(lines) + b"\n")
            yield place

    def with_references(self, strategy: Strategy) -> tuple[Strategy, ...]:
        """The strategy, and those that its analytics refer to, however far."""
        found = {strategy.id: strategy}
        waiting = [strategy]
        while waiting:
            for other in self._referred(waiting.pop()):
                if other.id not in found:
                    found[other.id] = other
                    waiting.append(other)
        return tuple(found.values())

    def _referred(self, strategy: Strategy) -> Iterator[Strategy]:
        names = [name for one in strategy.correlations for name in one.rules]
        names += [name for one in strategy.baselines for name in one.rules]
        for name in names:
            kind, _, rest = name.partition(":")
            if kind == "tag":
                yield from (other for other in self._known.values() if any(rest in rule.tags for rule in other.rules))
            elif "#" in name and name.partition("#")[0] in self._known:
                yield self._known[name.partition("#")[0]]


def _renamed(strategy: Strategy, name: str) -> Strategy:
    """The strategy under another id, with all that is its own."""
    prefix = f"{strategy.id}#"

    def own(reference: str) -> str:
        return f"{name}#{reference.removeprefix(prefix)}" if reference.startswith(prefix) else reference

    def moved(one: Analytic) -> Analytic:
        aliases = {field: {own(rule): path for rule, path in by.items()} for field, by in one.aliases.items()}
        return replace(one, uid=own(one.uid), strategy=name, rules=tuple(map(own, one.rules)), aliases=aliases)

    return replace(
        strategy,
        id=name,
        rules=tuple(replace(one, uid=own(one.uid), strategy=name) for one in strategy.rules),
        correlations=tuple(map(moved, strategy.correlations)),
        baselines=tuple(map(moved, strategy.baselines)),
    )


def _context(scenario: Scenario) -> Context:
    """What is known while the scenario runs. Raises BadScenario."""
    try:
        said = inline.read(scenario.context)
    except ContentError as error:
        problems = "; ".join(f"context, {one.file}: {one.message}" for one in error.problems)
        raise BadScenario(problems) from error
    return replace(said, names=(*said.names, *names(scenario.identities))) if scenario.identities else said


def with_lists(strategy: Strategy, lists: Lists) -> Strategy:
    """The strategy as its document reads with other lists; what an overlay changed stays.

    Rules of which the document can no longer be read stay as they are.
    """
    read = parse.load_folder(strategy.file, lists)[0].strategy
    rules = {rule.uid: rule for rule in read.rules}
    filters = {one.name: one.condition for one in read.filters}

    def renewed(one: Filter) -> Filter:
        return replace(one, condition=filters.get(one.name, one.condition))

    return replace(
        strategy,
        rules=tuple(
            replace(
                rule,
                condition=rules[rule.uid].condition if rule.uid in rules else rule.condition,
                filters=tuple(renewed(one) for one in rule.filters),
            )
            for rule in strategy.rules
        ),
        filters=tuple(renewed(one) for one in strategy.filters),
    )


def names(identities: Mapping[str, Sequence[str]]) -> Iterator[Name]:
    """Who is who, as scenarios and techniques say it."""
    for actor, principals in identities.items():
        for said in principals:
            yield Name(principal=said.removesuffix("*"), is_prefix=said.endswith("*"), actor=actor, written=said)


def tested(strategy: Strategy, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The strategy's findings from the test's beginning on."""
    for finding in findings:
        if finding.analytic_uid == strategy.id and finding.time >= CLOCK:
            yield finding


def _times(scenario: Scenario, staged: Sequence[Staged]) -> Times:
    """The test is looked at once all its events have arrived, and a day after the last one where it does not say."""
    last = max((event.time for event in staged if event.time), default=CLOCK)
    as_of = CLOCK + offset(scenario.until) if scenario.until else last + timedelta(days=1)
    return Times(as_of=as_of, learn_until=CLOCK, arrived=as_of if scenario.until else None)
