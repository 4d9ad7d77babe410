"""The benign estate that strategies' alerts a day are measured on; its first two weeks teach."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from stratagem import content
from stratagem.context.known import NOTHING, Context
from stratagem.detect.compile import compile
from stratagem.detect.run import run
from stratagem.detect.times import Times
from stratagem.emulate.estate.attacks import QUIET_DAYS
from stratagem.emulate.estate.calendar import FIRST
from stratagem.engines.local import Job
from stratagem.forecast.alerts import forecast
from stratagem.ingest.files import expand
from stratagem.library import load
from stratagem.sources import SOURCES
from stratagem.strategy.model import Strategy
from stratagem.window import Window
from stratagem.workspace import Workspace

TEACHING = timedelta(days=QUIET_DAYS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which strategies there are, and the estate."""
    parser.add_argument(
        "--strategies",
        type=Path,
        metavar="DIR",
        default=content.folder("strategies"),
        help="default: the packaged ones",
    )
    parser.add_argument("--estate", type=Path, metavar="DIR", help="an estate that is there (default: one is made)")
    parser.add_argument("--days", type=int, default=28, help="of the estate, two weeks of which teach (default 28)")
    parser.add_argument("--people", type=int, default=200, help="of the estate (default 200)")


def strategies(asked: argparse.Namespace) -> tuple[Strategy, ...]:
    """Those of the folder that was asked for."""
    return load([asked.strategies], [], None, {}).strategies


def estate(asked: argparse.Namespace) -> Path:
    """The logs of the estate that was asked for, made where they are not there yet."""
    logs: Path = asked.estate or Path(__file__).parent / "data" / f"estate-{asked.people}-{asked.days}"
    if not logs.is_dir():
        Workspace().estate(logs, days=asked.days, people=asked.people, nodes=max(10, asked.people // 5))
    return logs


def alerts_per_day(
    strategies: Sequence[Strategy], others: Sequence[Strategy], logs: Path, days: int, context: Context = NOTHING
) -> dict[str, float]:
    """What each strategy, by id, would have reported on the estate's days after the first two weeks."""
    start, end = FIRST + TEACHING, FIRST + timedelta(days=days)
    plan = replace(compile((), [*strategies, *others], SOURCES), context=context)
    times = Times(as_of=end, learn_until=start)
    job = Job(plan=plan, window=Window(None, end), detail=False)
    result = run(job, expand([str(logs)]), workers=1, times=times)
    return {name: one.per_day for name, one in forecast(result.findings, strategies, start, end).items()}


def unfiltered(strategy: Strategy) -> Strategy:
    """The strategy as it is where nobody has said what is known."""
    return replace(strategy, rules=tuple(replace(rule, filters=()) for rule in strategy.rules))


def renamed(strategy: Strategy, name: str) -> Strategy:
    """The strategy under another id, so that it runs beside the one that it was made from."""

    def uid(old: str) -> str:
        return name + old.removeprefix(strategy.id)

    return replace(
        strategy,
        id=name,
        rules=tuple(replace(one, uid=uid(one.uid), strategy=name) for one in strategy.rules),
        correlations=tuple(replace(one, uid=uid(one.uid), strategy=name) for one in strategy.correlations),
        baselines=tuple(replace(one, uid=uid(one.uid), strategy=name) for one in strategy.baselines),
    )


def referred(strategy: Strategy, known: Sequence[Strategy]) -> list[Strategy]:
    """The strategies that its analytics name, and theirs."""
    found = {strategy.id: strategy}
    waiting = [strategy]
    while waiting:
        one = waiting.pop()
        names = {name.partition("#")[0] for body in one.correlations for name in body.rules}
        names |= {name.partition("#")[0] for body in one.baselines for name in body.rules}
        new = [other for other in known if other.id in names and other.id not in found]
        found |= {other.id: other for other in new}
        waiting += new
    return list(found.values())
