"""Telemetry of our own making: what an ordinary company writes in a month."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stratagem.cli.options import Quiet
from stratagem.cli.session import begin

app = typer.Typer(help="Make telemetry: what an ordinary company writes in a month.", no_args_is_help=True)


@app.command("estate")
def estate(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the logs go; made if it is not there.")],
    seed: Annotated[int, typer.Option(help="Another seed makes another estate; the same one, the same bytes.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days, from Monday 2026-02-02 on.")] = 28,
    people: Annotated[int, typer.Option(min=50, max=100_000, help="How many employees.")] = 2000,
    nodes: Annotated[int, typer.Option(min=10, max=5000, help="How many nodes the clusters have together.")] = 200,
    quiet: Quiet = False,
) -> None:
    """Write a benign month of a company: three clusters, ten AWS accounts, an Entra tenant, in native shapes."""
    session = begin(ctx, quiet=quiet)
    written = session.workspace().estate(folder, seed=seed, days=days, people=people, nodes=nodes)
    session.note(f"{written.events:,} events of {written.days} days in {written.folder}.")
