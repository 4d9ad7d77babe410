"""`python -m bench.alerts [STRATEGY...]`: alerts a day on a benign estate, before and after `context suggest`.

Three numbers for each strategy: without its filters, with them where nobody has written a context, and with them once
everything that `stratagem context suggest` proposes from the same logs has been accepted. The first two weeks teach.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import benign
from bench.benign import TEACHING, alerts_per_day, referred, renamed, unfiltered
from bench.report import table
from stratagem.context.known import Context
from stratagem.errors import UsageError
from stratagem.strategy.model import Strategy
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
    others = {one.id: one for own in chosen for one in referred(own, known)}
    for own in chosen:
        others.pop(own.id, None)
    bare = [renamed(unfiltered(one), f"{one.id}-bare") for one in chosen]
    first = alerts_per_day([*chosen, *bare], list(others.values()), logs, days)
    second = alerts_per_day(chosen, list(others.values()), logs, days, context)
    return tuple(
        Cost(strategy=one.id, bare=first[f"{one.id}-bare"], before=first[one.id], after=second[one.id])
        for one in chosen
    )


def markdown(found: Sequence[Cost]) -> str:
    """The table."""
    head = ("strategy", "without filters", "with filters", "after `context suggest`")
    body = [(one.strategy, f"{one.bare:.2f}", f"{one.before:.2f}", f"{one.after:.2f}") for one in found]
    return "\n".join(table(head, body))


def main(arguments: list[str] | None = None, say: Callable[[str], None] = print) -> int:
    asked = _parser().parse_args(arguments)
    known, logs = benign.strategies(asked), benign.estate(asked)
    try:
        missing = sorted(set(asked.strategy) - {one.id for one in known})
        if missing:
            raise UsageError(f"there is no strategy {', '.join(missing)} in {asked.strategies}.")
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
    benign.add_arguments(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
