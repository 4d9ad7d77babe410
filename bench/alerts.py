"""`python -m bench.alerts [STRATEGY...]`: alerts a day on a benign estate, before and after `context suggest`.

Three numbers for each strategy: without its filters, with them where nobody has written a context, and with them once
everything that `stratagem context suggest` proposes from the same logs has been accepted. The first two weeks teach.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.report import table
from bench.sensitivity import BEGIN, HERE, TEACHING, _referred, _renamed, unfiltered
from stratagem import content
from stratagem.context.known import NOTHING, Context
from stratagem.detect.compile import compile
from stratagem.detect.run import run
from stratagem.detect.times import Times
from stratagem.engines.local import Job
from stratagem.errors import UsageError
from stratagem.forecast.alerts import forecast
from stratagem.ingest.files import expand
from stratagem.library import load
from stratagem.sources import SOURCES
from stratagem.strategy.model import Strategy
from stratagem.window import Window
from stratagem.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Alerts a day of one strategy."""

    strategy: str
    bare: float
    """Without its filters."""
    before: float
    """With them, and without context."""
    after: float
    """With them, and with the context that history proposes."""


def suggested(logs: Path, home: Path) -> Workspace:
    """A workspace in `home` whose context is all that `context suggest` proposes from the logs."""
    (home / "stratagem.toml").touch()
    (home / "context").mkdir()
    workspace = Workspace(home)
    workspace.write_context(workspace.suggest_context([logs]))
    return Workspace(home)


def costs(
    chosen: Sequence[Strategy], known: Sequence[Strategy], logs: Path, days: int, context: Context
) -> tuple[Cost, ...]:
    """What each strategy costs; `known` are those that references may lead to."""
    others = {one.id: one for own in chosen for one in _referred(own, known)}
    for own in chosen:
        others.pop(own.id, None)
    bare = [_renamed(unfiltered(one), f"{one.id}-bare") for one in chosen]
    first = _per_day([*chosen, *bare], list(others.values()), logs, days, NOTHING)
    second = _per_day(chosen, list(others.values()), logs, days, context)
    return tuple(
        Cost(strategy=one.id, bare=first[f"{one.id}-bare"], before=first[one.id], after=second[one.id])
        for one in chosen
    )


def _per_day(
    strategies: Sequence[Strategy], others: Sequence[Strategy], logs: Path, days: int, context: Context
) -> dict[str, float]:
    start, end = BEGIN + TEACHING, BEGIN + timedelta(days=days)
    plan = replace(compile((), [*strategies, *others], SOURCES), context=context)
    job = Job(plan=plan, window=Window(None, end), detail=False)
    result = run(job, expand([str(logs)]), workers=1, times=Times(as_of=end, learn_until=start))
    # What was found while it learned is no alert; rules that look at one event alone do not learn.
    found = [one for one in result.findings if one.time >= start]
    return {name: one.per_day for name, one in forecast(found, strategies, start, end).items()}


def markdown(found: Sequence[Cost]) -> str:
    """The table."""
    head = ("strategy", "without filters", "with filters", "after `context suggest`")
    body = [(one.strategy, f"{one.bare:.2f}", f"{one.before:.2f}", f"{one.after:.2f}") for one in found]
    return "\n".join(table(head, body))


def main(arguments: list[str] | None = None, say: Callable[[str], None] = print) -> int:
    asked = _parser().parse_args(arguments)
    folder = asked.strategies or content.folder("strategies")
    known = load([folder], [], None, {}).strategies
    logs = asked.estate or HERE / "data" / f"estate-{asked.people}-{asked.days}"
    if not logs.is_dir():
        Workspace().estate(logs, days=asked.days, people=asked.people, nodes=max(10, asked.people // 5))
    try:
        missing = sorted(set(asked.strategy) - {one.id for one in known})
        if missing:
            raise UsageError(f"there is no strategy {', '.join(missing)} in {folder}.")
        chosen = [one for one in known if (one.id in asked.strategy if asked.strategy else one.baselines)]
        with tempfile.TemporaryDirectory(prefix="stratagem-suggested-") as home:
            context = suggested(logs, Path(home)).context
        told = f"{len(context.names)} names and {len(context.networks.ranges)} ranges proposed"
        say(f"{datetime.now(UTC).date()}, {asked.people} people, {asked.days - TEACHING.days} days; {told}\n")
        say(markdown(costs(chosen, known, logs, asked.days, context)))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.alerts", description="Benign alerts a day, by context.")
    parser.add_argument("strategy", nargs="*", help="strategies' ids (default: all with a baseline)")
    parser.add_argument("--strategies", type=Path, metavar="DIR", help="default: the packaged ones")
    parser.add_argument("--estate", type=Path, metavar="DIR", help="an estate that is there (default: one is made)")
    parser.add_argument("--days", type=int, default=28, help="of the estate, two weeks of which teach (default 28)")
    parser.add_argument("--people", type=int, default=200, help="of the estate (default 200)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
