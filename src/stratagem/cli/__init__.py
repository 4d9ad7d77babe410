"""The command line: a thin shell over Workspace. A command parses, makes one Workspace call and renders."""

from __future__ import annotations

import gc
import os


def main() -> None:
    """The `stratagem` program. Ends the process with an exit code of docs/reference/exit-codes.md."""
    # No linear algebra is done here, and its idle threads would cost start-up time, and forking.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a start makes stays: looking for garbage in it takes a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    from stratagem.cli.app import main as run_app

    run_app()
