"""`stratagem demo`: the main job on logs that we make ourselves."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from stratagem.cli import progress
from stratagem.cli.options import FormatName, Quiet
from stratagem.cli.program import command
from stratagem.cli.render._contract import FINDINGS
from stratagem.cli.run import deliver
from stratagem.cli.session import begin


def demo(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Option("--logs", metavar="DIR", help="Write the logs here. Default: a new temporary folder.")
    ] = None,
    format_name: FormatName = None,
    quiet: Quiet = False,
) -> None:
    """Make the logs of an attack across Entra, AWS and Kubernetes inside ordinary noise, and find it.

    The logs stay, so that they can be looked at and run again.
    """
    session = begin(ctx, shows=FINDINGS, format=format_name or "table", quiet=quiet)
    logs = folder or Path(tempfile.mkdtemp(prefix="stratagem-demo-"))
    with progress.shown(session) as report:
        result = session.workspace().demo(logs, progress=report)
    deliver(session, result)
    session.note(f"  run it again    {command('run', logs)}")
    session.note(f"  as a report     {command('run', logs, '--output', 'report.md')}")
    session.note(f"  start your own  {command('init', 'detections')}")
    session.note("")
    session.note(f"The logs are in {logs}; delete the folder when you are done.")
