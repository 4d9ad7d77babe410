"""Where text goes: data to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from stratagem.cli.render._contract import Screen
from stratagem.errors import UsageError


def screen(stream: TextIO | None = None) -> Screen:
    """The stream's width and colours. NO_COLOR and TERM=dumb turn colours off."""
    stream = stream or sys.stdout
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    width = shutil.get_terminal_size((100, 24)).columns
    return Screen(width=max(40, min(width, 200)), colour=stream.isatty() and not plain)


def write(chunks: Iterable[str], output: Path | None = None) -> None:
    """Write data: to standard output, or whole into a file that appears only when it is complete."""
    if output is None or str(output) == "-":
        _write_stream(chunks, sys.stdout)
    elif output.exists() and not output.is_file():
        with output.open("w", encoding="utf-8") as stream:
            _write_stream(chunks, stream)
    else:
        _write_file(chunks, output)


def note(text: str = "") -> None:
    """One line of progress, summary or advice."""
    _write_stream([text + "\n"], sys.stderr)


def _write_stream(chunks: Iterable[str], stream: TextIO) -> None:
    """Write and flush. A reader that has left (`| head`) is no error: the rest goes nowhere."""
    try:
        for chunk in chunks:
            stream.write(_encodable(chunk, stream))
        stream.flush()
    except BrokenPipeError:
        # The interpreter flushes again at exit: give it a place to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _encodable(text: str, stream: TextIO) -> str:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _write_file(chunks: Iterable[str], output: Path) -> None:
    draft = output.with_name(f".{output.name}.{os.getpid()}-{time.monotonic_ns()}.tmp")
    try:
        with draft.open("x", encoding="utf-8", newline="") as stream:
            stream.writelines(chunks)
        draft.replace(output)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
