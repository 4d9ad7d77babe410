"""Standard input and pipes give their bytes once, and a run may look at a record twice: so they are kept as files."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from stratagem.ingest.files import STDIN, InputFile


@contextmanager
def replayable(files: Sequence[InputFile]) -> Iterator[tuple[InputFile, ...]]:
    """The files, with what can be read only once copied to a temporary folder that goes when the run ends."""
    if not any(file.once and not file.problem for file in files):
        yield tuple(files)
        return
    with tempfile.TemporaryDirectory(prefix="stratagem-input-") as folder:
        yield tuple(_kept(file, Path(folder) / str(number)) for number, file in enumerate(files))


def _kept(file: InputFile, place: Path) -> InputFile:
    if not file.once or file.problem:
        return file
    try:
        with place.open("wb") as copy:
            if file.name == STDIN:
                shutil.copyfileobj(sys.stdin.buffer, copy, 1024 * 1024)
            else:
                with Path(file.name).open("rb") as pipe:
                    shutil.copyfileobj(pipe, copy, 1024 * 1024)
    except OSError as error:
        return replace(file, problem=error.strerror or str(error))
    return replace(file, path=str(place), size=place.stat().st_size, once=False)
