"""Which files a user means: files, folders, globs and `-`, each once, with what cannot be read said."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stratagem.errors import UsageError

STDIN = "-"
_HIDDEN = (".", "_SUCCESS")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file to read. `name` is what findings and messages say; `problem` is why it cannot be read, else empty."""

    name: str
    size: int = 0
    problem: str = ""
    once: bool = False
    """A pipe: its bytes come only once."""
    path: str = ""
    """Where its bytes are, when that is not `name`."""

    @property
    def place(self) -> str:
        """What to open."""
        return self.path or self.name


def expand(paths: Iterable[str]) -> tuple[InputFile, ...]:
    """The files that `paths` mean, in path order, each once however many ways lead to it.

    Folders are walked through links; a loop of links ends where it began. Files whose name begins with a dot are left
    out inside folders (a file named on its own is taken). Raises UsageError when a path or glob matches nothing.
    """
    found: dict[str, InputFile] = {}
    for path in paths:
        if path == STDIN:
            found.setdefault(STDIN, InputFile(name=STDIN, once=True))
            continue
        for file in _meant_by(path):
            place = os.path.realpath(file.name)
            found[place] = min(found.get(place, file), file, key=lambda one: one.name)
    return tuple(sorted(found.values(), key=lambda file: file.name))


def _meant_by(path: str) -> Iterator[InputFile]:
    if not os.path.lexists(path):
        names = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 (Path.glob takes no absolute pattern)
        if not names:
            raise UsageError(f"{path}: no such file or folder. Check the path; quote a glob to have it matched here.")
        for name in names:
            yield from _meant_by(name)
    elif Path(path).is_dir():
        yield from _walk(path)
    else:
        yield _file(path)


def _walk(top: str) -> Iterator[InputFile]:
    seen: set[str] = set()
    failed: list[InputFile] = []

    def note(error: OSError) -> None:
        failed.append(InputFile(name=str(error.filename), problem=error.strerror or str(error)))

    for folder, subfolders, names in os.walk(top, followlinks=True, onerror=note):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(_HIDDEN):
                yield _file(str(Path(folder) / name), named=False)
    yield from failed


def _file(name: str, *, named: bool = True) -> InputFile:
    """A pipe is read only where the user names it: one that lies in a folder has nobody who writes to it."""
    try:
        status = Path(name).stat()
    except OSError as error:
        return InputFile(name=name, problem=error.strerror or str(error))
    if not os.access(name, os.R_OK):
        return InputFile(name=name, problem="Permission denied")
    if not (Path(name).is_file() or (named and Path(name).is_fifo())):
        return InputFile(name=name, problem="Not a regular file")
    return InputFile(name=name, size=status.st_size, once=stat.S_ISFIFO(status.st_mode))
