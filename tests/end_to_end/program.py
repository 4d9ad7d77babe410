"""The real program, in a folder of its own: in this process where that tells the same, else as a process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any
from unittest import mock

from stratagem.cli.app import code_of
from stratagem.emulate import bases
from stratagem.sources.declare import withdraw

PROGRAM = Path(sys.executable).parent / "stratagem"


def environment(home: Path) -> dict[str, str]:
    """What a user's shell has, without settings or caches of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STRATAGEM_")}
    return {
        **kept,
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "PATH": f"{PROGRAM.parent}{os.pathsep}{kept['PATH']}",
        "COLUMNS": "100",
    }


Done = subprocess.CompletedProcess[str]


def call(*arguments: str, cwd: Path) -> Done:
    """Run `stratagem` with these arguments, in this process: the same code, without a start of Python for each test."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment(cwd), clear=True),
        mock.patch.object(sys, "argv", [str(PROGRAM), *arguments]),
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            code = code_of(arguments)
        except Exception:
            code = 1
            traceback.print_exc(file=err)
        finally:
            withdraw()  # what a workspace declares is its process's alone
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def process(*arguments: str, cwd: Path, stdin: str = "") -> Done:
    """Run `stratagem` as a process, with `stdin` as its standard input."""
    return shell(shlex.join([str(PROGRAM), *arguments]), cwd=cwd, stdin=stdin)


def shell(line: str, *, cwd: Path, stdin: str = "") -> Done:
    """Run a command line as a user types it."""
    return subprocess.run(
        ["bash", "-c", line], cwd=cwd, env=environment(cwd), input=stdin, capture_output=True, text=True, timeout=120
    )


def rows(done: Done) -> list[Any]:
    """Standard output read as NDJSON."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def trail(folder: Path, *names: str, **changes: Any) -> Path:
    """A CloudTrail delivery of these event bases."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [{**bases.load(f"aws_cloudtrail/{name}"), **changes} for name in names]
    file = folder / "trail.json"
    file.write_text(json.dumps({"Records": records}), encoding="utf-8")
    return file
