"""The progress bar of long work, on standard error and only where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stratagem.cli.session import Session
    from stratagem.engines.progress import Progress

Report = Callable[["Progress"], None]


@contextmanager
def shown(session: Session) -> Iterator[Report | None]:
    """Something to report progress to; None where nobody would see it."""
    if session.settings.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def report(state: Progress) -> None:
            words = f"{state.events:,} events, {state.findings:,} findings"
            bar.update(task, description=words, completed=state.bytes_done, total=state.bytes_total)

        yield report
