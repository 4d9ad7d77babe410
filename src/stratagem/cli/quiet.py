"""`stratagem why`: what keeps a strategy quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from stratagem.cli import progress, times
from stratagem.cli.options import FormatName, LakeUri, Output, Quiet, Strategies
from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable
from stratagem.cli.session import begin
from stratagem.errors import UsageError

if TYPE_CHECKING:
    from stratagem.quiet.model import Quiet as Found


def why(
    ctx: typer.Context,
    strategy: Annotated[str, typer.Argument(metavar="STRATEGY", help="The strategy's id.")],
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help="Files, folders or globs.")] = None,
    lake: LakeUri = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="T", help="Events from here on; for baselines, earlier ones only teach."),
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="T", help="Events before this time.")] = None,
    strategies: Strategies = None,
    format_name: FormatName = None,
    file: Output = None,
    quiet: Quiet = False,
) -> None:
    """Say why a strategy reports nothing: no events, a field absent, filtered, below a threshold, not warm, unproven.

    One sentence for each cause, with counts.
    """
    session = begin(ctx, strategies=strategies, lake=lake, format=format_name, quiet=quiet)
    where = None if paths else session.settings.lake
    if not paths and where is None:
        raise UsageError("nothing to look at. Name log files, or a lake: --lake URI.")
    first, last = times.span(start, end, now=datetime.now(UTC))
    with progress.shown(session) as report:
        found = session.workspace().why(
            strategy,
            paths or (),
            lake=where,
            start=first,
            end=last,
            strategies=session.settings.strategies,
            progress=report,
        )
    session.show(listing(found), file)
    session.note(f"{strategy}: {found.findings:,} findings in {found.events:,} events.")


def listing(found: Found) -> Listing:
    """A row a cause."""
    rows = [{"cause": one.why.value, "says": one.says, "counts": dict(one.counts)} for one in found.causes]

    def lines(screen: Screen) -> Iterator[str]:
        for one in found.causes:
            yield f"{one.why.replace('_', ' ')}: {printable(one.says)}\n"

    summary = {"strategy": found.strategy, "events": found.events, "findings": found.findings}
    return Listing(name="causes", columns=("cause", "says"), rows=rows, summary=summary, lines=lines)
