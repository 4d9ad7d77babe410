"""Commands about the workspace: start one, and see its settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stratagem.cli import output
from stratagem.cli.options import FormatName, Quiet
from stratagem.cli.program import command
from stratagem.cli.render._contract import Listing
from stratagem.cli.session import begin
from stratagem.settings import SETTINGS


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new workspace's folder.")] = Path(),
    quiet: Quiet = False,
) -> None:
    """Start a workspace: settings, and folders for strategies, overlays and context. Overwrites nothing."""
    session = begin(ctx, quiet=quiet)
    session.workspace().init(folder)
    output.write([f"{folder}\n"])
    session.note(f"Next: {command('-C', folder, 'new', 'aws/my_first_strategy')}")


def settings(ctx: typer.Context, format_name: FormatName = None) -> None:
    """Show every setting with its value and where that was said."""
    session = begin(ctx, format=format_name)
    values = session.settings
    rows = [
        {
            "setting": item.name,
            "value": str(getattr(values, item.name)) if getattr(values, item.name) is not None else "",
            "from": values.origins.get(item.name, "default"),
            "help": item.help,
        }
        for item in SETTINGS
    ]
    session.show(Listing(name="settings", columns=("setting", "value", "from", "help"), rows=rows))
