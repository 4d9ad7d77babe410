"""A strategy over logs -> why it reports nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from stratagem.detect.compile import OCSF, Plan
from stratagem.detect.correlate import moments
from stratagem.detect.model import Finding
from stratagem.detect.reading import OUTSIDE
from stratagem.detect.run import RunResult, observing, run
from stratagem.detect.times import Times
from stratagem.detect.uses import met_by, rules_of, sources_of
from stratagem.engines.local import Job
from stratagem.engines.progress import Report
from stratagem.forecast.alerts import UNSAID
from stratagem.health.dropped import blinded
from stratagem.ingest.files import InputFile
from stratagem.ingest.replay import replayable
from stratagem.quiet.clauses import unmet
from stratagem.quiet.measures import near
from stratagem.quiet.model import Cause, Quiet, Why
from stratagem.quiet.sample import sample
from stratagem.sources import SOURCES
from stratagem.strategy.model import Strategy
from stratagem.strategy.proof import TestResult, unproven
from stratagem.window import Window

_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A strategy, the plan of it and what it refers to, and the span of events that are looked at."""

    strategy: Strategy
    plan: Plan
    start: datetime | None = None
    end: datetime | None = None

    @property
    def is_behaviour(self) -> bool:
        return any(one.body.strategy == self.strategy.id for one in self.plan.analytics)

    @property
    def window(self) -> Window | None:
        """For correlations and baselines, what lies before the start teaches."""
        start = None if self.is_behaviour else self.start
        return Window(start, self.end) if start or self.end else None


def why_quiet(
    asked: Asked,
    files: Sequence[InputFile],
    prove: Callable[[], Sequence[TestResult]],
    *,
    workers: int | None = None,
    progress: Report | None = None,
) -> Quiet:
    """Run the strategy over files, and say what kept it quiet. `prove` runs its scenarios."""
    times = Times(as_of=asked.end or datetime.now(UTC), learn_until=asked.start if asked.is_behaviour else None)
    job = Job(plan=asked.plan, window=asked.window, detail=False)
    with replayable(files) as kept:
        result = run(job, kept, workers=workers, progress=progress, times=times)
        own = [one for one in result.findings if one.analytic_uid == asked.strategy.id]
        causes = [
            *_not_loaded(asked),
            *_silent(asked, result),
            *_dropped(asked, result, times.as_of),
            *_filtered(asked, result),
        ]
        if not own:
            seen = _Seen(matched=_filtered_rules(asked, result))
            if asked.is_behaviour:
                seen.look(asked, job, kept, times, workers)
            causes += [*seen.causes, *_unmet(asked, result, kept, seen.matched), *_learned_only(result)]
    causes += _found(own)
    causes += _unproven(asked.strategy, prove())
    order = list(Why)
    causes.sort(key=lambda cause: order.index(cause.why))
    return Quiet(
        strategy=asked.strategy.id,
        events=result.summary["events"]["total"],
        findings=len(own),
        causes=tuple(causes),
    )


def _not_loaded(asked: Asked) -> Iterator[Cause]:
    for one in asked.plan.rejected:
        if one.file == asked.strategy.file:
            yield Cause(why=Why.NOT_LOADED, says=f"{one.title} ({one.file}:{one.line}) did not load: {one.reason}")


def _silent(asked: Asked, result: RunResult) -> Iterator[Cause]:
    """Sources of it that gave no event."""
    counts: Mapping[str, int] = result.summary["events"]["by_source"]
    total = result.summary["events"]["total"]
    sources = sources_of(asked.plan, asked.strategy)
    missing = [source for source in sources if not counts.get(source)]
    if not missing:
        return
    others = ", ".join(
        f"{count:,} of {source}" for source, count in sorted(counts.items(), key=lambda one: -one[1])[:4]
    )
    outside = result.summary["excluded_reasons"].get(OUTSIDE, 0)
    said = f"no event of {' or '.join(missing)} among the {total:,} events read" + (f": {others}" if others else "")
    said += f"; {outside:,} lie outside the span" if outside else ""
    unread = result.summary["quarantined"]["count"]
    said += f"; {unread:,} records could not be read" if unread else ""
    yield Cause(why=Why.NO_EVENTS, says=said, counts={"events": total, "outside": outside, "quarantined": unread})


def _dropped(asked: Asked, result: RunResult, as_of: datetime) -> Iterator[Cause]:
    """Ingest rules that take away what the strategy's rules could hold on; a lake has lost it already."""
    used = rules_of(asked.plan, asked.strategy)
    counts: Mapping[str, int] = result.summary.get("dropped", {}).get("by_rule", {})
    told: dict[str, str] = {}
    for source in sources_of(asked.plan, asked.strategy):
        rules = [asked.plan.rules[index] for index in sorted(met_by(asked.plan, used, source))]
        for one in blinded(asked.plan, source, rules, as_of):
            told.setdefault(one.drop, str(one))
    for name, message in told.items():
        count = counts.get(name, 0)
        says = f"{message}; {count:,} of the records that were read now"
        yield Cause(why=Why.DROPPED, says=says, counts={"dropped": count})


def _filtered(asked: Asked, result: RunResult) -> Iterator[Cause]:
    own = {one.name for rule in asked.strategy.rules for one in rule.filters}
    removed = {
        name: count for name, count in result.summary["findings"]["filtered"]["by_filter"].items() if name in own
    }
    if removed:
        total = sum(removed.values())
        each = ", ".join(f"'{name}' {count:,}" for name, count in sorted(removed.items(), key=lambda one: -one[1]))
        says = f"{total:,} matches were taken out by filters: {each}"
        yield Cause(why=Why.FILTERED, says=says, counts=removed)


def _unmet(asked: Asked, result: RunResult, files: Sequence[InputFile], matched: set[str]) -> Iterator[Cause]:
    """Rules that matched nothing at all although events came, for each source that gave some."""
    counts: Mapping[str, int] = result.summary["events"]["by_source"]
    used = rules_of(asked.plan, asked.strategy)
    wanting = [
        (source, asked.plan.rules[index])
        for source in sources_of(asked.plan, asked.strategy)
        for index in asked.plan.routes.get(source, ())
        if counts.get(source) and index in used and asked.plan.rules[index].uid not in matched
    ]
    if not wanting:
        return
    kept = sample(files, {source for source, _ in wanting}, asked.window)
    for source, rule in wanting:
        if rule.logsource.product == OCSF:
            says = f"{rule.name or rule.title}: holds on the columns of none of {counts[source]:,} events of {source}"
            yield Cause(why=Why.NO_MATCH, says=says, counts={"events": counts[source]})
        else:
            yield from unmet(rule, source, SOURCES[source], kept.natives(source), counts[source])


def _filtered_rules(asked: Asked, result: RunResult) -> set[str]:
    """The rules that hold on events which a filter then took out."""
    removed = set(result.summary["findings"]["filtered"]["by_filter"])
    return {rule.uid for rule in asked.plan.rules if any(one.name in removed for one in rule.filters)}


@dataclass(slots=True)
class _Seen:
    """What the second stage saw: rules with matches, and how near each analytic came."""

    matched: set[str]
    causes: list[Cause] = field(default_factory=list)

    def look(self, asked: Asked, job: Job, files: Sequence[InputFile], times: Times, workers: int | None) -> None:
        """Look at everything once more, this time into the tables between the stages."""
        with observing(job, files, workers=workers, times=times) as (connection, latest):
            self.matched |= {rule for (rule,) in connection.execute("SELECT DISTINCT rule FROM observed").fetchall()}
            last = max(latest.values(), default=times.as_of) + timedelta(microseconds=1)
            as_of = asked.end or min(last, times.as_of)
            lateness = {name: SOURCES[name].lateness for name in latest}
            then = moments(asked.plan, replace(times, as_of=as_of), latest, lateness)
            for number, one in enumerate(asked.plan.analytics):
                if one.body.strategy == asked.strategy.id and not _has_episodes(connection, number):
                    self.causes += near(asked.plan, number, connection, then[number])


def _has_episodes(connection: Any, number: int) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM episodes WHERE analytic = {number} LIMIT 1").fetchall())


def _learned_only(result: RunResult) -> Iterator[Cause]:
    learned = result.summary.get("analytics", {}).get("learned_only", 0)
    if learned:
        says = f"{learned:,} findings lie before the span, where events only teach"
        yield Cause(why=Why.LEARNED_ONLY, says=says, counts={"learned_only": learned})


def _found(own: Sequence[Finding]) -> Iterator[Cause]:
    if not own:
        return
    first, last = min(one.time for one in own), max(one.time for one in own)
    count = "1 finding" if len(own) == 1 else f"{len(own):,} findings"
    when = f"from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    if all(one.level in UNSAID for one in own):
        says = f"{count} {when}, all at a level that is recorded and alerts nobody"
        yield Cause(why=Why.LOW_LEVEL, says=says, counts={"findings": len(own)})
    else:
        yield Cause(why=Why.NOT_QUIET, says=f"{count} {when}", counts={"findings": len(own)})


def _unproven(strategy: Strategy, results: Sequence[TestResult]) -> Iterator[Cause]:
    lacks = unproven(strategy, results)
    if lacks:
        more = f"; and {len(lacks) - _REASONS} more" if len(lacks) > _REASONS else ""
        says = f"nothing proves that it works: {'; '.join(lacks[:_REASONS])}{more}"
        yield Cause(why=Why.NEVER_VALIDATED, says=says, counts={"reasons": len(lacks)})
