"""`stratagem attack`: the pinned ATT&CK facts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stratagem.cli import output
from stratagem.cli.options import FormatName, Quiet
from stratagem.cli.render._contract import Listing
from stratagem.cli.session import begin
from stratagem.errors import UsageError

app = typer.Typer(
    help="The pinned ATT&CK facts: show one, or refresh them from MITRE's own file.", no_args_is_help=True
)


@app.command()
def show(
    ctx: typer.Context,
    technique_id: Annotated[str, typer.Argument(metavar="ID", help="A technique or sub-technique: T1526.")],
    format_name: FormatName = None,
) -> None:
    """Show a technique in every pinned version: name, tactics, platforms, status, successors."""
    from stratagem import attack

    session = begin(ctx, format=format_name)
    rows = []
    for version in attack.versions():
        technique = attack.load(version).technique(technique_id.upper())
        if technique is not None:
            rows.append(
                {
                    "version": version,
                    "id": technique.id,
                    "name": technique.full_name,
                    "status": technique.status,
                    "tactics": ", ".join(technique.tactics),
                    "platforms": "unknown" if technique.platforms is None else ", ".join(technique.platforms),
                    "successors": ", ".join(technique.successors),
                }
            )
    if not rows:
        raise UsageError(f"no technique {technique_id!r} in ATT&CK {' or '.join(attack.versions())}.")
    session.show(Listing(name="techniques", columns=tuple(rows[0]), rows=rows))


@app.command()
def refresh(
    ctx: typer.Context,
    bundle: Annotated[
        Path, typer.Argument(metavar="FILE", help="MITRE's enterprise-attack-<version>.json (STIX 2.1).")
    ],
    target: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where the compact table goes.")],
    version: Annotated[str | None, typer.Option(help="The ATT&CK version, where the bundle does not name it.")] = None,
    quiet: Quiet = False,
) -> None:
    """Make a compact table of ATT&CK facts from an official STIX bundle. Reads the file only, no network."""
    from stratagem import attack

    session = begin(ctx, quiet=quiet)
    table = attack.refresh(bundle, target, version)
    output.write([f"{target}\n"])
    session.note(f"ATT&CK {table.version}: {len(table.techniques):,} techniques")
