"""Running a tool: with a time limit, in a process group of its own, its output kept short."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from stratagem.errors import StratagemError, UsageError

KEPT = 2000
"""Characters of output that are kept of a command."""


class CommandFailed(StratagemError):
    """A command ended with an error or not in time; the message holds what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a command. `code` is None where it did not end in time and was killed."""

    code: int | None
    output: str
    errors: str


def run(
    tool: str, argv: Sequence[str], *, stdin: str = "", environment: Mapping[str, str] | None = None, timeout: float
) -> Done:
    """Run it and wait. Raises UsageError where the tool is not on PATH.

    No shell reads the arguments. After `timeout` seconds the whole process group is killed.
    """
    place = shutil.which(tool)
    if place is None:
        raise UsageError(f"{tool} is not on PATH. Install it, or detonate offline (leave out --live).")
    process = subprocess.Popen(
        [place, *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        _kill(process)
        return Done(code=None, output="", errors=f"not done after {timeout:g} s, and killed")
    except BaseException:
        _kill(process)
        raise
    return Done(code=process.returncode, output=output[:KEPT], errors=errors[-KEPT:])


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
