"""The progress bar of long work, on standard error and only where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stratagem.engines.progress import Progress, Report

if TYPE_CHECKING:
    from stratagem.cli.session import Session


@contextmanager
def shown(session: Session) -> Iterator[Report | None]:
    """Something to report progress to; None where nobody would see it."""
    if session.settings.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("reading", total=None)

        def report(state: Progress) -> None:
            words = f"{state.events:,} events, {state.findings:,} findings"
            bars.update(task, description=words, completed=state.bytes_done, total=state.bytes_total)

        yield report
