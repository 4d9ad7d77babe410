"""The one object that Python users, the command line and the web call. Each method is one user's wish."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from stratagem import content
from stratagem.context.entry import Lists
from stratagem.detect.compile import Plan, compile
from stratagem.detect.model import Finding
from stratagem.detect.run import RunResult, run
from stratagem.detect.times import Times
from stratagem.detect.verdicts import Incidents
from stratagem.detect.verdicts import read as read_verdicts
from stratagem.engines.local import Job, scan
from stratagem.engines.progress import Report
from stratagem.errors import ContentError, Problem, Severity, UsageError
from stratagem.ingest.files import expand
from stratagem.library import Library, load, lowered, parse_strategies
from stratagem.proving import Prover
from stratagem.rules.model import Rule
from stratagem.sources import SOURCES
from stratagem.sources._contract import Source
from stratagem.strategy.model import Strategy
from stratagem.window import Window

if TYPE_CHECKING:
    from stratagem.baselines._contract import Decision
    from stratagem.context.known import Context
    from stratagem.context.suggest.proposal import Suggestions
    from stratagem.coverage.model import Coverage
    from stratagem.detect.story import Line
    from stratagem.emulate.estate import Estate
    from stratagem.emulator import Emulator, Looked
    from stratagem.evasion import Attempt
    from stratagem.forecast.backtest import Backtest
    from stratagem.forecast.tune import Tuning
    from stratagem.health.model import Health
    from stratagem.learned.diff import Change
    from stratagem.learned.model import Snapshot
    from stratagem.mutation.model import Mutation
    from stratagem.quiet.model import Quiet
    from stratagem.rules.drop import Drop
    from stratagem.rules.explain import Step
    from stratagem.strategy.importer import Draft
    from stratagem.strategy.proof import TestResult

__all__ = ["Finding", "RunResult", "Workspace"]

ATTACK_VERSION = "18.1"
Paths = Sequence[str | Path]


class Workspace:
    """A folder with `strategies/`, `overlays/` and `context/`, or (root None) the packaged content alone."""

    def __init__(self, root: Path | None = None, *, attack_version: str = ATTACK_VERSION) -> None:
        """`attack_version` is a pinned version, or the path of a table that `attack.refresh` wrote.

        The sources that the workspace declares are known from here on. Raises ContentError with all that is wrong.
        """
        self.root = root
        self.attack_version = attack_version
        if root is not None and (root / "sources").is_dir():
            _declare(root / "sources")

    def run(
        self,
        paths: Paths,
        *,
        strategies: Path | str | None = None,
        rules: Path | str | None = None,
        source: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
        lake: str | None = None,
        strict: bool = False,
        workers: int | None = None,
        progress: Report | None = None,
        detail: bool = True,
        as_of: datetime | None = None,
        learn_until: datetime | None = None,
        horizon: timedelta | None = None,
    ) -> RunResult:
        """Findings in the logs at `paths`, and the account of every record read.

        Without `strategies` and `rules` the workspace's strategies run, else the packaged ones; `rules` alone runs only
        those. `source` says what the logs are, whatever they look like. Events in [start, end) are evaluated.
        With `detail` false, findings do without the record itself, and those of plain Sigma rules also without its
        actor, address and resources: many times quicker where thousands match. Raises UsageError for a path, folder or
        source that is not there. Correlations and baselines take `as_of` for now, and report nothing
        from before `learn_until`. Of a `lake`, findings older than `horizon` stand as they are, and what the
        others do not reach is dropped. `strict` changes no result here: what it makes of one is the shell's exit code.
        """
        started, now = time.monotonic(), as_of or datetime.now(UTC)
        if source is not None:
            SOURCES[source]
        library = self._library(strategies, rules)
        plan = self._plan_of(library)
        plan = replace(plan, context=self.context)
        window = Window(start, end) if start or end else None
        job = Job(plan=plan, forced=source, window=window, lake=lake, detail=detail, attack_version=self.attack_version)
        result = run(
            job,
            expand(map(str, paths)),
            workers=workers,
            progress=progress,
            started=started,
            problems=library.problems,
            times=Times(as_of=now, learn_until=learn_until, horizon=now - horizon if horizon and lake else None),
            incidents=self._incidents,
        )
        if library.unproven:
            told = {name: list(lacks) for name, lacks in library.unproven.items()}
            result = replace(result, summary={**result.summary, "lowered_to_shadow": told})
        return result

    def demo(self, folder: Path, *, progress: Report | None = None) -> RunResult:
        """Write the demo story's logs into `folder` and run the packaged strategies over them."""
        from stratagem.emulate.story import write_story

        write_story(folder)
        return self.run([folder], strategies=content.folder("strategies"), progress=progress)

    def estate(
        self,
        folder: Path,
        *,
        seed: int = 1,
        days: int = 28,
        people: int = 2000,
        nodes: int = 200,
        attacks: Sequence[str] = (),
    ) -> Estate:
        """Write a month of logs of a made-up company below `folder`: benign, but for the techniques in `attacks`."""
        from stratagem.emulate.estate import write_estate

        return write_estate(folder, seed=seed, days=days, people=people, nodes=nodes, attacks=attacks)

    def emulator(self, home: Path, labs: Mapping[str, Sequence[str]] | None = None) -> Emulator:
        """Techniques to detonate, with their runs kept below `home`; `labs` are targets that live ones may touch."""
        from stratagem.emulator import Emulator

        return Emulator(
            home=home, labs=labs or {}, strategies=lambda: self._library(None, None).strategies, look=self._look
        )

    def _look(self, asked: Looked) -> Sequence[Finding]:
        """The findings of some strategies; what lies before the start teaches."""
        from stratagem.proving import names

        library = self._library(None, None)
        prover = Prover(library.strategies)
        wanted = _chosen(library.strategies, asked.strategies)
        together = {other.id: other for one in wanted for other in prover.with_references(one)}
        plan = compile((), tuple(together.values()), SOURCES)
        known = (*self.context.names, *names(asked.identities))
        plan = replace(plan, context=replace(self.context, names=known))
        times = Times(as_of=asked.end, learn_until=asked.start, arrived=asked.end)
        with self._past(asked.paths, asked.lake, asked.end) as files:
            job = Job(plan=plan, attack_version=self.attack_version)
            return run(job, expand(map(str, files)), workers=1, times=times).findings

    def lint(self, paths: Paths | None = None) -> tuple[Problem, ...]:
        """Everything wrong with strategies by file and line; without `paths` also with the workspace's ingest rules."""
        from stratagem.strategy.lint import lint

        parsed = parse_strategies(self._documents(paths), self.lists)
        prover = self._prover(one.strategy for one in parsed)
        found = lint(parsed, attack_version=self.attack_version, bases=self._bases, behaviour=prover.fired)
        return found if paths else (*self._ingest[1], *found)

    def test(self, paths: Paths | None = None) -> tuple[TestResult, ...]:
        """Run every scenario of the strategies."""
        parsed = parse_strategies(self._documents(paths), self.lists)
        strategies = [one.strategy for one in parsed]
        return self._proven(strategies, self._prover(strategies))

    def mutate(
        self, paths: Paths | None = None, *, each: Callable[[Mutation], None] = lambda found: None
    ) -> tuple[Mutation, ...]:
        """Change the conditions of the strategies one by one, and see which changes their scenarios notice.

        `each` is called after every strategy. The scores are kept for `coverage`.
        """
        from stratagem import scores
        from stratagem.mutation.score import mutate

        strategies = [one.strategy for one in parse_strategies(self._documents(paths), self.lists)]
        prover = self._prover(strategies)
        told = []
        for strategy in strategies:
            found = mutate(strategy, prover, lists=self.lists, folder=self._bases)
            if not found.skipped:
                killed = sum(one.killed for one in found.outcomes)
                kept = {"mutants": len(found.outcomes), "killed": killed}
                scores.keep(self._score_key(strategy, prover), kept)
            told.append(found)
            each(found)
        return tuple(told)

    def evade(self, paths: Paths | None = None) -> tuple[Attempt, ...]:
        """Write what positive scenarios leave to an attacker's choice differently, and see what is still caught.

        The scores are kept for `coverage`.
        """
        from stratagem import scores
        from stratagem.evasion import evade

        strategies = [one.strategy for one in parse_strategies(self._documents(paths), self.lists)]
        prover = self._prover(strategies)
        told: list[Attempt] = []
        for strategy in strategies:
            found = evade(strategy, behaviour=prover.fired, folder=self._bases)
            kept = {"attempts": len(found), "caught": sum(one.caught for one in found)}
            scores.keep(self._score_key(strategy, prover), kept)
            told += found
        return tuple(told)

    def _score_key(self, strategy: Strategy, prover: Prover) -> str:
        from stratagem import scores

        return scores.key(prover.with_references(strategy), self.lists, self._bases)

    def backtest(
        self,
        paths: Paths = (),
        *,
        start: datetime,
        end: datetime,
        lake: str | None = None,
        strategies: Path | str | None = None,
        against: Path | str | None = None,
        only: Sequence[str] = (),
        workers: int | None = None,
        progress: Report | None = None,
    ) -> Backtest:
        """Alerts a day that the strategies would have given in [start, end) of past logs or of a lake.

        What lies before `start` teaches. `against` is a folder of strategies, or another workspace, to compare with.
        `only` names the strategies that are asked for. Raises UsageError for a strategy that is not known.
        """
        from stratagem.forecast.backtest import backtest

        library = self._library(strategies, None)
        chosen = _chosen(library.strategies, only)
        before = None
        if against is not None:
            other = Workspace(Path(against)) if (Path(against) / "strategies").is_dir() else None
            found = other._library(None, None) if other else self._library(against, None)
            before = [one for one in found.strategies if not only or one.id in only]
        with self._past(paths, lake, end) as files:
            replay = self._replay(files, library.strategies, start, end, workers, progress)
            return backtest(replay, chosen, start, end, against=before)

    def tune(
        self,
        strategy: str,
        paths: Paths = (),
        *,
        start: datetime,
        end: datetime,
        lake: str | None = None,
        strategies: Path | str | None = None,
        workers: int | None = None,
        progress: Report | None = None,
    ) -> Tuning:
        """The filters that would have removed most findings of a strategy and lose no validated true positive."""
        from stratagem.forecast.tune import tune

        library = self._library(strategies, None)
        (chosen,) = _chosen(library.strategies, [strategy])
        with self._past(paths, lake, end) as files:
            findings = self._replay(files, library.strategies, start, end, workers, progress)([chosen])
        prover = self._prover(library.strategies)

        def prove(changed: Strategy) -> tuple[TestResult, ...]:
            return self._proven([changed], prover)

        return tune(chosen, findings, prove, today=end.date(), true_positives=self._incidents.findings)

    def health(self, lake: str, *, as_of: datetime | None = None, strategies: Path | str | None = None) -> Health:
        """How well a lake is fed, source by source and scope by scope, and what each strategy can see of it.

        `as_of` is the moment that is judged; by default that of the newest event. Raises UsageError for an empty lake.
        """
        from stratagem.health.check import check
        from stratagem.health.gather import latest
        from stratagem.lake import runs
        from stratagem.lake.store import Lake

        library = self._library(strategies, None)
        plan = compile((), library.strategies, SOURCES, drops=self.drops)
        place = Lake(lake)
        connection = place.connect(threads=2)
        try:
            moment = as_of or latest(connection)
            if moment is None:
                raise UsageError(f"{lake} holds no event yet. Fill it: stratagem run PATH --lake {lake}")
            return check(connection, plan, self.context, moment, runs.last(place))
        finally:
            connection.close()

    def verdict(self, finding: str, verdict: str, *, by: str, reason: str = "", events: Sequence[str] = ()) -> Path:
        """Record what somebody found out about a finding: true_positive, benign_true_positive or false_positive.

        Events of a true positive no longer teach baselines; `events` (`source/uid`) are needed where the finding is
        in no lake. Returns the file that it was appended to. Raises UsageError outside a workspace.
        """
        from stratagem.detect.verdicts import record

        if self.root is None:
            raise UsageError("a verdict is kept in a workspace. Make one: stratagem init FOLDER")
        return record(
            self.root / "verdicts", finding, verdict, by=by, reason=reason, at=datetime.now(UTC), events=events
        )

    def why(
        self,
        strategy: str,
        paths: Paths = (),
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        lake: str | None = None,
        strategies: Path | str | None = None,
        workers: int | None = None,
        progress: Report | None = None,
    ) -> Quiet:
        """Why a strategy reports nothing in [start, end) of logs or of a lake.

        For correlations and baselines what lies before `start` teaches. Raises UsageError for an unknown strategy.
        """
        from stratagem.learned.collect import plan_for
        from stratagem.quiet.causes import Asked, why_quiet

        library = self._library(strategies, None)
        (chosen,) = _chosen(library.strategies, [strategy])
        plan = replace(plan_for(library, chosen, self.drops), context=self.context)

        def prove() -> tuple[TestResult, ...]:
            return self._proven([chosen], self._prover(library.strategies))

        with self._past(paths, lake, end) as files:
            asked = Asked(strategy=chosen, plan=plan, start=start, end=end)
            return why_quiet(asked, expand(map(str, files)), prove, workers=workers, progress=progress)

    def coverage(
        self, *, strategies: Path | str | None = None, lake: str | None = None, as_of: datetime | None = None
    ) -> Coverage:
        """Technique by platform by source: what is claimed, and what of it is proven and (with a lake) fed.

        With `as_of` it is about the commit of the workspace's git repository that was live then, and the lake as it
        was. Raises UsageError where there is no such commit.
        """
        if as_of is None:
            return self._coverage(strategies, lake, None)
        from stratagem.coverage import past

        with TemporaryDirectory(prefix="stratagem-past-") as home:
            found = past.restore(self.root, Path(strategies) if strategies else None, as_of, Path(home))
            then = Workspace(Path(home), attack_version=self.attack_version)
            told = then._coverage(None, lake, as_of)
            changed = found.of({one.id: one.file for one in then._library(None, None).strategies})
            return replace(told, commit=found.commit, changed=changed)

    def _coverage(self, strategies: Path | str | None, lake: str | None, as_of: datetime | None) -> Coverage:
        from stratagem import scores
        from stratagem.attack import load as load_attack
        from stratagem.coverage.check import check
        from stratagem.coverage.model import Coverage

        library = self._library(strategies, None)
        plan = compile((), library.strategies, SOURCES)
        prover = self._prover(library.strategies)
        results = self._proven(library.strategies, prover)
        measured = {one.id: scores.load(self._score_key(one, prover)) for one in library.strategies}
        health = self.health(lake, as_of=as_of, strategies=strategies) if lake else None
        attack = load_attack(self.attack_version)
        made = check(plan, attack, results, health, measured)
        return Coverage(
            attack_version=attack.version,
            cells=made.cells,
            unplaced=made.unplaced,
            proven=datetime.now(UTC),
            lake=lake,
            as_of=health.as_of if health else as_of,
        )

    def coverage_picture(self, found: Coverage) -> str:
        """The coverage as SVG."""
        from stratagem.attack import load as load_attack
        from stratagem.coverage.picture import svg

        return svg(found, load_attack(self.attack_version))

    @contextmanager
    def _past(self, paths: Paths, lake: str | None, end: datetime | None) -> Iterator[Paths]:
        """Log files of the past: those given, and a lake's events written out for the time being."""
        if lake is None:
            yield paths
            return
        from stratagem.lake.replay import replay
        from stratagem.lake.store import Lake

        with tempfile.TemporaryDirectory(prefix="stratagem-replay-") as home:
            yield [*paths, *replay(Lake(lake), Path(home), end=end)]

    def _replay(
        self,
        files: Paths,
        known: Sequence[Strategy],
        start: datetime,
        end: datetime,
        workers: int | None,
        progress: Report | None,
    ) -> Callable[[Sequence[Strategy]], Sequence[Finding]]:
        """What runs strategies over past files. References may lead to the strategies that are `known`."""

        def replay(strategies: Sequence[Strategy]) -> Sequence[Finding]:
            wanted = {one.id for one in strategies}
            others = [one for one in known if one.id not in wanted]
            referring = any(one.correlations or one.baselines for one in strategies)
            plan = compile((), [*strategies, *(others if referring else ())], SOURCES, drops=self.drops)
            plan = replace(plan, context=self.context)
            job = Job(plan=plan, window=Window(None, end), attack_version=self.attack_version)
            times, incidents = Times(as_of=end, learn_until=start), self._incidents
            found = expand(map(str, files))
            return run(job, found, workers=workers, progress=progress, times=times, incidents=incidents).findings

        return replay

    def explain(
        self,
        analytic: str,
        event: Mapping[str, Any] | str | bytes,
        *,
        strategies: Path | str | None = None,
        rules: Path | str | None = None,
    ) -> Step:
        """Why a strategy (its id), one rule (`strategy#rule`) or a Sigma rule (its id) fires on an event, or does not.

        `strategies` and `rules` are the folders to look in, as for `run`.
        Raises UsageError for an analytic or an event that is not known.
        """
        from stratagem.detect.why import explain

        library = self._library(strategies, rules)
        return explain(analytic, event, self._analytic(analytic, library))

    def baselines(
        self,
        analytic: str,
        paths: Paths = (),
        *,
        lake: str | None = None,
        as_of: datetime | None = None,
        entity: str | None = None,
        strategies: Path | str | None = None,
        source: str | None = None,
        workers: int | None = None,
        progress: Report | None = None,
    ) -> tuple[Snapshot, ...]:
        """What logs (or, without any, a lake) taught a strategy's baselines (its id), or `strategy#baseline`.

        As of `as_of`, or just after the last event. With `entity`, a part of an entity's name, its picture over time
        comes along; "" is the entity with most observations. Raises UsageError for names that are not known.
        """
        from stratagem.lake.store import Lake
        from stratagem.learned.collect import Wanted, snapshots

        if not paths and (lake is None or not Lake(lake).exists()):
            raise UsageError(f"there is no lake {lake}." if lake else "give logs or a lake to learn from.")
        return snapshots(
            self._library(strategies, None),
            Wanted(analytic=analytic, as_of=as_of, entity=entity),
            self.drops,
            expand(map(str, paths)) if paths else (),
            lake=lake,
            source=source,
            workers=workers,
            progress=progress,
            attack_version=self.attack_version,
        )

    def baseline_diff(self, before: Path, after: Path | None = None, **learning: Any) -> tuple[Change, ...]:
        """What two exports say differently; without `after`, an export and what logs teach now.

        `learning` are `paths` and the other arguments of `baselines`.
        """
        from stratagem.learned import diff, export

        old = export.load(before)
        if after is not None:
            return diff.diff(old, export.load(after))
        now = {
            uid: entities
            for strategy in sorted({uid.partition("#")[0] for uid in old})
            for uid, entities in export.known(self.baselines(strategy, **learning)).items()
            if uid in old
        }
        return diff.diff(old, now)

    def accept(
        self,
        analytic: str,
        key: Sequence[str],
        *,
        value: str | None = None,
        owner: str,
        reason: str,
        expires: datetime,
        strategies: Path | str | None = None,
    ) -> tuple[Path, str]:
        """Write into the workspace that an entity (and value) of `strategy#baseline` is fine until `expires`.

        Gives the file and what was written. Raises UsageError outside a workspace and for names that are not known.
        """
        from stratagem.baselines._contract import Acceptance
        from stratagem.baselines._decisions import key_text

        strategy, name = self._baseline(analytic, key, strategies)
        decision = Acceptance(
            baseline=name, key=key_text(key), value=value, owner=owner, reason=reason, expires=expires
        )
        return self._decide(strategy, decision)

    def reset_baseline(
        self,
        analytic: str,
        key: Sequence[str] | None = None,
        *,
        start: datetime,
        owner: str,
        reason: str,
        strategies: Path | str | None = None,
    ) -> tuple[Path, str]:
        """Write into the workspace that from `start` on nothing counts that was before; of one entity, or of all.

        Gives the file and what was written. Raises UsageError as `accept` does.
        """
        from stratagem.baselines._contract import Reset
        from stratagem.baselines._decisions import key_text

        strategy, name = self._baseline(analytic, key, strategies)
        text = key_text(key) if key is not None else None
        return self._decide(strategy, Reset(baseline=name, key=text, start=start, owner=owner, reason=reason))

    def _baseline(self, analytic: str, key: Sequence[str] | None, strategies: Path | str | None) -> tuple[str, str]:
        """The strategy and the name of the one baseline that is meant, whose keys have as many parts as `key`."""
        from stratagem.learned.collect import check_key, choose

        library = self._library(strategies, None)
        strategy, chosen = choose(library, analytic)
        if len(chosen) > 1:
            names = ", ".join(f"{strategy.id}#{one.name}" for one in chosen)
            raise UsageError(f"{analytic} has several baselines. Choose one: {names}.")
        if key is not None:
            check_key(library, strategy, chosen[0], key)
        return strategy.id, chosen[0].name

    def _decide(self, strategy: str, decision: Decision) -> tuple[Path, str]:
        from stratagem.baselines._decisions import append, text

        if self._decisions is None:
            raise UsageError("decisions are written into a workspace, and this is none. Start one: stratagem init DIR")
        return append(self._decisions, strategy, decision), text(decision)

    def explain_finding(
        self, uid: str, lake: str | None, *, strategies: Path | str | None = None, rules: Path | str | None = None
    ) -> list[Line]:
        """What a lake knows of a correlation's or baseline's finding: members, counts, what had been learned.

        Raises UsageError without a lake, and for a finding that is not there.
        """
        from stratagem.detect.story import of_finding

        return of_finding(self._plan(strategies, rules), _lake(lake), uid)

    def trace(
        self, event: str, lake: str | None, *, strategies: Path | str | None = None, rules: Path | str | None = None
    ) -> list[Line]:
        """An event's way through the stages. Raises UsageError without a lake, and for an event that is not there."""
        from stratagem.detect.story import of_event

        return of_event(self._plan(strategies, rules), _lake(lake), event, SOURCES)

    def _plan(self, strategies: Path | str | None, rules: Path | str | None) -> Plan:
        return self._plan_of(self._library(strategies, rules))

    def _plan_of(self, library: Library) -> Plan:
        return compile(library.rules, library.strategies, SOURCES, library.rejected, library.correlations, self.drops)

    def import_file(self, path: Path) -> Draft:
        """A draft strategy from a prose report or a Sigma rule."""
        from stratagem.strategy.importer import import_any

        return import_any(path)

    def new(self, strategy_id: str, area: str, *, owner: str = "") -> Path:
        """Start a strategy document in this workspace; never overwrites."""
        from stratagem.strategy.new import scaffold

        file = (self.root or Path()) / "strategies" / area / f"{strategy_id}.md"
        if file.exists():
            raise UsageError(f"{file} exists and is left as it is. Choose another name.")
        text = scaffold(strategy_id, area=area, owner=owner)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def init(self, folder: Path) -> tuple[Path, ...]:
        """Lay out a new workspace in `folder`; files that exist are left and reported as a UsageError."""
        from stratagem.skeleton import lay_out

        return lay_out(folder)

    def sources(self) -> tuple[tuple[str, Source], ...]:
        """Every log source by id."""
        return tuple(SOURCES.items())

    def identify(self, paths: Paths) -> Iterator[tuple[str, Mapping[str, int], str]]:
        """For each file: its name, events by source, and why the rest (or all of it) was not recognised."""
        job = Job(plan=Plan(rules=(), routes={}))
        for file in expand(map(str, paths)):
            tallies = [tally for tally, _ in scan(job, [file], workers=1)]
            sources, quarantined, excluded = (
                sum((getattr(tally, name) for tally in tallies), Counter[str]())
                for name in ("sources", "quarantined", "excluded")
            )
            reasons = [*quarantined.most_common(3), *excluded.most_common(1)]
            why = "; ".join(f"{reason} ({count})" if count > 1 else reason for reason, count in reasons)
            yield file.name, dict(sources), why or ("" if sources else "empty")

    @cached_property
    def context(self) -> Context:
        """The workspace's `context/`. Raises ContentError with everything that is wrong with its files."""
        from stratagem.context.load import load

        return load(self._context_folder)

    @cached_property
    def drops(self) -> tuple[Drop, ...]:
        """The workspace's ingest rules: what is dropped before it is stored or matched.

        Raises ContentError with everything that is wrong with `ingest.yml`.
        """
        drops, problems = self._ingest
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        if errors:
            raise ContentError(errors)
        return drops

    @cached_property
    def _ingest(self) -> tuple[tuple[Drop, ...], tuple[Problem, ...]]:
        file = self.root / "ingest.yml" if self.root else None
        if file is None or not file.is_file():
            return (), ()
        from stratagem.rules.drops import read_drops

        return read_drops(file, self.lists, SOURCES, now=datetime.now(UTC))

    def check_context(self, paths: Paths = (), *, lake: str | None = None) -> tuple[Problem, ...]:
        """What is wrong with the files of `context/`, and what in them does nothing.

        `paths` or `lake` are events to compare with: then also what no event meets, and what estate.yml lacks.
        """
        from stratagem.context import usage
        from stratagem.context.load import read_context

        context, problems = read_context(self._context_folder)
        found = [*problems, *usage.ended(context, datetime.now(UTC))]
        texts = (file.read_text("utf-8", "replace") for file in self._rule_files())
        found += usage.unread_lists(context, "\n".join(texts))
        if paths or lake:
            with self._history(paths, lake) as connection:
                found += usage.unmet(context, connection)
        return tuple(found)

    def suggest_context(self, paths: Paths = (), *, lake: str | None = None, people: bool = False) -> Suggestions:
        """Entries that history would add to `context/`, with evidence, and what was left out. Writes nothing."""
        from stratagem.context.suggest.ask import suggest

        if not paths and not lake:
            raise UsageError("say where history is: logs, or --lake URI.")
        context = self.context
        with self._history(paths, lake) as connection:
            return suggest(connection, context, with_people=people)

    def context_diff(self, found: Suggestions) -> str:
        """The suggestions as a unified diff of the workspace's files."""
        from stratagem.context.suggest.diff import unified

        return unified(self._context_changes(found), self.root or Path())

    def write_context(self, found: Suggestions) -> tuple[Path, ...]:
        """Write the suggestions into the files of `context/`; the files written. What people wrote stays."""
        changes = self._context_changes(found)
        for path, (_, text) in changes.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tuple(sorted(changes))

    def _context_changes(self, found: Suggestions) -> Mapping[Path, tuple[str, str]]:
        from stratagem.context.suggest.diff import changed

        return changed((self.root or Path()) / "context", found.proposals, datetime.now(UTC).date())

    @contextmanager
    def _history(self, paths: Paths, lake: str | None) -> Iterator[Any]:
        """A connection with the view `events`: of the lake, or of one that is made of the logs and thrown away."""
        from stratagem.lake.store import Lake

        with ExitStack() as stack:
            if paths:
                lake = stack.enter_context(TemporaryDirectory(prefix="stratagem-history-"))
                job = Job(plan=Plan(rules=(), routes={}), lake=lake, attack_version=self.attack_version)
                run(job, expand(map(str, paths)))
            assert lake is not None
            connection = Lake(lake).connect()
            stack.callback(connection.close)
            yield connection

    def _rule_files(self) -> Iterator[Path]:
        """Every file of the workspace, or of the package, that may hold rules."""
        folders = [self._strategies, *((self.root / "overlays", self.root / "sigma") if self.root else ())]
        return (file for folder in folders for ending in ("md", "yml", "yaml") for file in folder.rglob(f"*.{ending}"))

    @property
    def _context_folder(self) -> Path | None:
        return self.root / "context" if self.root else None

    @property
    def lists(self) -> Lists:
        """The lists of the context, for Sigma's `|expand`."""
        return self.context.lists if self.root else {}

    def _prover(self, strategies: Iterable[Strategy]) -> Prover:
        """What runs scenarios of these strategies; references may also lead to the workspace's others."""
        known = {one.id: one for one in self._library(None, None).strategies}
        known |= {one.id: one for one in strategies}
        return Prover(tuple(known.values()), folder=self._bases, lists=self.lists)

    def _proven(self, strategies: Sequence[Strategy], prover: Prover) -> tuple[TestResult, ...]:
        """What the strategies' scenarios gave."""
        from stratagem.strategy.proof import run_tests

        return run_tests(strategies, folder=self._bases, behaviour=prover.fired)

    @property
    def _incidents(self) -> Incidents:
        """What the workspace's verdicts say that baselines must not learn from."""
        return read_verdicts(self.root / "verdicts") if self.root else Incidents()

    def _library(self, strategies: Path | str | None, rules: Path | str | None) -> Library:
        folders = [Path(strategies)] if strategies else [] if rules else [self._strategies]
        overlays = self.root / "overlays" if self.root else None
        plain = [Path(rules)] if rules else []
        return self._decided(
            lowered(load(folders, plain, overlays, self.lists, prove=self._unproven, bases=self._bases))
        )

    def _unproven(self, strategies: Sequence[Strategy]) -> Mapping[str, tuple[str, ...]]:
        """What the proof of each live strategy lacks; packaged ones as they came are proven by the release's tests."""
        from stratagem.strategy.proof import unproven

        overlaid = {file.stem for file in (self.root / "overlays").glob("*.y*ml")} if self.root else set()
        packaged = content.folder("strategies")
        wanted = [
            one
            for one in strategies
            if one.status == "live" and (one.id in overlaid or not Path(one.file).is_relative_to(packaged))
        ]
        if not wanted:
            return {}
        prover = Prover(tuple(strategies), folder=self._bases, lists=self.lists)
        results = self._proven(wanted, prover)
        return {one.id: lacks for one in wanted if (lacks := unproven(one, results))}

    def _decided(self, library: Library) -> Library:
        """The library with what the workspace decided about its baselines."""
        if self._decisions is None or not self._decisions.is_dir():
            return library
        from stratagem.baselines import _decisions

        strategies, problems = _decisions.apply(library.strategies, self._decisions)
        return replace(library, strategies=strategies, problems=(*library.problems, *problems))

    @property
    def _decisions(self) -> Path | None:
        return self.root / "baselines" if self.root else None

    @property
    def _bases(self) -> Path | None:
        """The workspace's own event bases, which scenarios may start from beside the packaged ones."""
        own = self.root / "bases" if self.root else None
        return own if own and own.is_dir() else None

    @property
    def _strategies(self) -> Path:
        """The workspace's own strategies where it has any, else the packaged ones."""
        own = self.root / "strategies" if self.root else None
        return own if own and any(own.rglob("*.md")) else content.folder("strategies")

    def _documents(self, paths: Paths | None) -> tuple[Path, ...]:
        found = tuple(Path(path) for path in paths) if paths else (self._strategies,)
        missing = [str(path) for path in found if not path.exists()]
        if missing:
            raise UsageError(f"no such file or folder: {', '.join(missing)}")
        return found

    def _analytic(self, analytic: str, library: Library) -> tuple[Rule, ...]:
        """The rules that `analytic` names: a strategy's id, `strategy#rule`, a rule's id, or a rule file."""
        if Path(analytic).is_file():
            only = load([], [Path(analytic)], None, self.lists) if analytic.endswith((".yml", ".yaml")) else None
            only = only or load([Path(analytic)], [], None, self.lists)
            return (*only.rules, *(rule for strategy in only.strategies for rule in strategy.rules))
        rules = [*library.rules, *(rule for strategy in library.strategies for rule in strategy.rules)]
        named = tuple(rule for rule in rules if analytic in (rule.uid, rule.strategy))
        if not named:
            raise UsageError(_unknown(analytic, [rule.strategy or rule.uid for rule in rules]))
        return named


def _declare(folder: Path) -> None:
    from stratagem.events.vocabulary import COLUMNS
    from stratagem.sources._declared.read import load
    from stratagem.sources.declare import declare

    declare(load(folder, {column.path: column.type for column in COLUMNS if column.given_by == "projection"}))


def _chosen(strategies: Sequence[Strategy], only: Sequence[str]) -> list[Strategy]:
    """The strategies with these ids, or all. Raises UsageError."""
    known = [one.id for one in strategies]
    for name in only:
        if name not in known:
            raise UsageError(_unknown(name, known))
    return [one for one in strategies if not only or one.id in only]


def _lake(uri: str | None) -> Any:
    from stratagem.lake.store import Lake

    if uri is None:
        raise UsageError("which lake? Give --lake URI: findings of single rules are explained with their event.")
    return Lake(uri)


def _unknown(analytic: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(analytic, known, n=3)
    hint = f"Did you mean {', '.join(close)}?" if close else "Give a strategy's id, or the path of a rule file."
    return f"no strategy or rule {analytic!r}. {hint}"
