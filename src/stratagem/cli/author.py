"""Commands that start a strategy: from nothing, or from a report or rule that exists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stratagem.cli import output
from stratagem.cli.options import Quiet
from stratagem.cli.program import command
from stratagem.cli.safe import printable
from stratagem.cli.session import begin
from stratagem.errors import UsageError


def new(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="AREA/NAME", help="The strategy's place and id: aws/root_console_login.")
    ],
    quiet: Quiet = False,
) -> None:
    """Start a strategy: a file with the nine sections and blocks to fill in."""
    session = begin(ctx, quiet=quiet)
    area, slash, strategy_id = name.partition("/")
    if not (area and slash and strategy_id) or "/" in strategy_id:
        raise UsageError(f"{name!r} is not AREA/NAME. Write it like aws/root_console_login.")
    file = session.workspace().new(strategy_id, area, owner=session.settings.owner)
    output.write([f"{file}\n"])
    session.note(f"Next: fill it in, then {command('lint', file)} and {command('test', file)}")


def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A prose ADS report (.md) or a Sigma rule (.yml).")],
    target: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the draft here; in a folder the file is named by the id."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make a draft strategy from a prose ADS report or a Sigma rule.

    The text is kept; what is missing or doubtful is listed on standard error.
    """
    session = begin(ctx, quiet=quiet)
    draft = session.workspace().import_file(file)
    place = target / f"{draft.id}.md" if target and target.is_dir() else target
    if place is not None and place.exists():
        raise UsageError(f"{place} exists and is left as it is. Give another --output.")
    output.write([draft.markdown], place)
    for text in draft.notes:
        session.note(printable(text))
    if place is not None:
        session.note(f"Next: {command('lint', place)}")
