"""How the user called us, so that the commands we suggest work when they are pasted."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path


def program(argv0: str | None = None) -> str:
    """`stratagem` where that finds this program, else the path or `python -m stratagem` that was typed."""
    called = Path(argv0 or sys.argv[0])
    if called.name == "__main__.py":
        return f"{_short(Path(sys.executable))} -m stratagem"
    found = shutil.which("stratagem")
    if called.name != "stratagem" or (found and Path(found).resolve() == called.resolve()):
        return "stratagem"
    return _short(called)


def _short(path: Path) -> str:
    """The path as it is shortest to type from here."""
    relative = os.path.relpath(path.absolute())
    return shlex.quote(str(path) if relative.startswith("..") else relative)


def command(*words: object) -> str:
    """A command line of ours, quoted for the shell."""
    return " ".join([program(), *(shlex.quote(str(word)) for word in words)])
