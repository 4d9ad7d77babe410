"""Commands that look at past logs: what a strategy would have reported, and what would have made it quieter."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from stratagem.cli import _past, progress, times
from stratagem.cli.options import FormatName, Output, Quiet, Strategies
from stratagem.cli.session import begin
from stratagem.detect.verdicts import VERDICTS
from stratagem.errors import UsageError

Paths = Annotated[list[str] | None, typer.Argument(metavar="[PATH]", help="Files, folders or globs of past logs.")]
From = Annotated[
    str | None, typer.Option("--from", metavar="T", help="Report from here on; earlier events only teach. Default: 7d.")
]
To = Annotated[str | None, typer.Option("--to", metavar="T", help="Events before this time. Default: now.")]
LakeUri = Annotated[str | None, typer.Option("--lake", metavar="URI", help="Replay the events of this Delta lake.")]
OVER = 1


def backtest(
    ctx: typer.Context,
    paths: Paths = None,
    start: From = None,
    end: To = None,
    lake: LakeUri = None,
    strategies: Strategies = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Compare with the strategies of this folder, or of this workspace."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--strategy", metavar="ID", help="Only this one; repeatable.")
    ] = None,
    fail_over_budget: Annotated[
        bool, typer.Option("--fail-over-budget", help="Exit with 1 where a strategy is over its budget_per_day.")
    ] = False,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Replay past logs and forecast alerts a day, for each strategy and entity, before and after a change."""
    session = begin(ctx, strategies=strategies, format=format_name, quiet=quiet)
    first, last = _span(start, end)
    _asked(paths, lake)
    with progress.shown(session) as report:
        found = session.workspace().backtest(
            paths or (),
            start=first,
            end=last,
            lake=lake,
            strategies=session.settings.strategies,
            against=against,
            only=only or (),
            progress=report,
        )
    session.show(_past.backtest(found), file)
    over = [one.after.strategy for one in found.changes if one.after and one.after.is_over]
    span = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    session.note(f"{span}: {found.alerts_per_day:.1f} alerts a day. Over their budget: {', '.join(over) or 'none'}.")
    raise typer.Exit(OVER if over and fail_over_budget else 0)


def tune(
    ctx: typer.Context,
    strategy: Annotated[str, typer.Argument(metavar="STRATEGY", help="The strategy's id.")],
    paths: Paths = None,
    start: From = None,
    end: To = None,
    lake: LakeUri = None,
    strategies: Strategies = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Propose the filter or context entry that removes most noise, and prove that no validated true positive is lost.

    Nothing is written: the change is printed for review.
    """
    session = begin(ctx, strategies=strategies, format=format_name, quiet=quiet)
    first, last = _span(start, end)
    _asked(paths, lake)
    with progress.shown(session) as report:
        found = session.workspace().tune(
            strategy,
            paths or (),
            start=first,
            end=last,
            lake=lake,
            strategies=session.settings.strategies,
            progress=report,
        )
    session.show(_past.tuning(found), file)
    session.note(f"{found.findings:,} findings, {len(found.proposals)} proposals.")


def verdict(
    ctx: typer.Context,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id.")],
    said: Annotated[
        str,
        typer.Option("--as", metavar="|".join(VERDICTS), autocompletion=lambda: list(VERDICTS), help="What it was."),
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever reads it later.")] = "",
    events: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="SOURCE/UID", help="An event of it, where it is in no lake; repeatable."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who says so. Default: the setting owner.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Record what a finding was, in the workspace's `verdicts/`. What a true positive did is not learned as normal."""
    session = begin(ctx, owner=by, quiet=quiet)
    name = session.settings.owner or getpass.getuser()
    file = session.workspace().verdict(finding, said, by=name, reason=reason, events=events or ())
    session.note(f"{said}, by {name}. Appended to {file}.")


def _span(start: str | None, end: str | None) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    first, last = times.span(start, end, now=now)
    last = last or now
    first = first or last - timedelta(days=7)
    if first >= last:
        raise UsageError(f"--from {first:%Y-%m-%d} is not before --to {last:%Y-%m-%d}.")
    return first, last


def _asked(paths: list[str] | None, lake: str | None) -> None:
    if not paths and lake is None:
        raise UsageError("nothing to replay. Name log files, or a lake: --lake URI.")
