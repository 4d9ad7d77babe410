"""The command line: a thin shell over Workspace. A command parses, makes one Workspace call and renders."""

from __future__ import annotations


def main() -> None:
    """The `stratagem` program. Ends the process with an exit code of docs/reference/exit-codes.md."""
    from stratagem.cli.app import main as run_app

    run_app()
