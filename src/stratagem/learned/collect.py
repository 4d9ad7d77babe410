"""Logs or a lake -> what the baselines of a strategy learned from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.detect.compile import Plan, compile
from stratagem.detect.correlate import in_time, matches, moments
from stratagem.detect.matches import without_key
from stratagem.detect.run import observing
from stratagem.detect.times import Times
from stratagem.engines.local import Job
from stratagem.engines.progress import Report
from stratagem.errors import UsageError
from stratagem.ingest.files import InputFile
from stratagem.learned import ask
from stratagem.learned.model import Snapshot, shown_key
from stratagem.library import Library
from stratagem.relation import Moment
from stratagem.rules.drop import Drop
from stratagem.sources import SOURCES
from stratagem.sqltext import literal
from stratagem.strategy.model import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: a strategy's baselines, or one of them; with `entity` the picture of that entity as well."""

    analytic: str
    """A strategy's id, or strategy#baseline."""
    as_of: datetime | None = None
    """None: just after the last event, or now, whichever is earlier."""
    entity: str | None = None
    """Part of an entity's name; "" is the one with most observations."""


def choose(library: Library, analytic: str) -> tuple[Strategy, tuple[Baseline, ...]]:
    """The strategy and those of its baselines that are meant. Raises UsageError that names what there is."""
    strategy_id, _, name = analytic.partition("#")
    with_baselines = {one.id: one for one in library.strategies if one.baselines}
    strategy = with_baselines.get(strategy_id)
    if strategy is None:
        close = get_close_matches(strategy_id, with_baselines, n=3) or list(with_baselines)[:5]
        hint = f"Strategies with baselines: {', '.join(close)}." if close else "No strategy here has a baseline block."
        raise UsageError(f"no strategy {strategy_id!r} with a baseline. {hint}")
    chosen = tuple(one for one in strategy.baselines if name in ("", one.name))
    if not chosen:
        names = ", ".join(one.name for one in strategy.baselines)
        raise UsageError(f"{strategy_id} has no baseline {name!r}. It has: {names}.")
    return strategy, chosen


def plan_for(library: Library, strategy: Strategy, drops: Sequence[Drop] = ()) -> Plan:
    """A plan of the strategy and of those that it refers to; `drops` are the ingest rules of what is read."""
    known = {one.id: one for one in library.strategies}
    needed: list[Strategy] = []
    waiting = [strategy]
    while waiting:
        one = waiting.pop()
        if one in needed:
            continue
        needed.append(one)
        references = [reference for body in one.baselines for reference in body.rules]
        references += [reference for body in one.correlations for reference in body.rules]
        if any(reference.startswith("tag:") for reference in references):
            return compile(library.rules, library.strategies, SOURCES, (), library.correlations, drops)
        documents = {reference.partition("#")[0] for reference in references if "#" in reference}
        waiting += [known[name] for name in documents if name in known]
    return compile(library.rules, needed, SOURCES, (), library.correlations, drops)


def snapshots(
    library: Library,
    wanted: Wanted,
    drops: Sequence[Drop],
    files: Sequence[InputFile],
    *,
    lake: str | None = None,
    source: str | None = None,
    workers: int | None = None,
    progress: Report | None = None,
    attack_version: str = "",
) -> tuple[Snapshot, ...]:
    """What the logs (or, without any, the lake) taught the baselines, in the document's order."""
    strategy, chosen = choose(library, wanted.analytic)
    plan = plan_for(library, strategy, drops)
    uids = {one.uid for one in chosen}
    numbers = [number for number, one in enumerate(plan.analytics) if one.body.uid in uids]
    if not numbers:
        reasons = "; ".join(f"{one.file}:{one.line}: {one.reason}" for one in plan.rejected)
        raise UsageError(f"{wanted.analytic} did not load: {reasons}")
    now = datetime.now(UTC)
    job = Job(plan=plan, forced=source, detail=False, lake=None if files else lake, attack_version=attack_version)
    times = Times(as_of=wanted.as_of or now)
    with observing(job, files, workers=workers, progress=progress, times=times) as (connection, latest):
        last = max(latest.values(), default=now) + timedelta(microseconds=1)
        as_of = wanted.as_of or min(last, now)
        lateness = {name: SOURCES[name].lateness for name in latest}
        then = moments(plan, replace(times, as_of=as_of), latest, lateness)
        return tuple(_snapshot(plan, number, connection, then[number], wanted.entity) for number in numbers)


def _snapshot(plan: Plan, number: int, connection: Any, moment: Moment, entity: str | None) -> Snapshot:
    analytic = plan.analytics[number]
    assert isinstance(analytic.body, Baseline)
    where = in_time(moment, None)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE taught_matches AS {matches(plan, number, where)}")
    entries = ask.entries(connection, analytic.body, moment, "taught_matches")
    drawn = None
    if entity is not None and (key := _key(entity, [one.key for one in _by_size(entries)])):
        drawn = ask.picture(connection, analytic.body, moment, "taught_matches", key)
    return Snapshot(
        baseline=analytic.body,
        as_of=moment.as_of,
        matches=_count(connection, "SELECT count(*) FROM taught_matches"),
        left_out=sum(_lacking(plan, number, connection)),
        entries=entries,
        picture=drawn,
    )


def _by_size(entries: Iterable[Any]) -> list[Any]:
    return sorted((one for one in entries if one.value is None), key=lambda one: (-one.observations, one.key))


def _key(entity: str, keys: Sequence[str]) -> str | None:
    """The entity that is meant: by its whole name, else by a part of it, the one with most observations first."""
    exact = [key for key in keys if entity in (key, shown_key(key))]
    return next(iter(exact or [key for key in keys if entity in shown_key(key)]), None)


def _lacking(plan: Plan, number: int, connection: Any) -> Iterable[int]:
    """Observations without a field of the entity."""
    for one in plan.analytics[number].inputs:
        if one.rule is not None and (lacks := without_key(one, plan.observed[one.rule])):
            rule = literal(plan.rules[one.rule].uid)
            yield _count(connection, f"SELECT count(*) FROM observed WHERE rule = {rule} AND ({lacks})")


def _count(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def check_key(library: Library, strategy: Strategy, baseline: Baseline, key: Sequence[str]) -> None:
    """Raise UsageError for a key that no entity of the baseline can have."""
    plan = plan_for(library, strategy)
    analytic = next((one for one in plan.analytics if one.body.uid == baseline.uid), None)
    is_scoped = analytic is not None and any(one.is_scoped for one in analytic.inputs)
    parts = [*baseline.entity, *(["its cluster, account or tenant ('' if unknown)"] if is_scoped else [])]
    if len(key) != len(parts):
        raise UsageError(
            f"{baseline.uid} has keys of {len(parts)}: {', '.join(parts)}; {len(key)} given. "
            "Repeat --key for each; `stratagem baseline show --format ndjson` lists keys."
        )
