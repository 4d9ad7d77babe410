"""The files of `sources/` in a workspace -> declarations, and everything that is wrong with them, told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from stratagem.complaints import complaints
from stratagem.errors import ContentError, Problem, Severity
from stratagem.places import Located, Place, read
from stratagem.sources._declared.check import check, clashes
from stratagem.sources._declared.model import Declaration, schema

ENDINGS = (".yml", ".yaml")
_ID = re.compile(r"[a-z0-9][a-z0-9_]*")


def load(folder: Path, columns: Mapping[str, str]) -> tuple[Declaration, ...]:
    """What a folder declares; `columns` are the columns that a projection may give and their DuckDB types.

    A folder that is not there declares nothing. Raises ContentError with every problem of every file.
    """
    if not folder.is_dir():
        return ()
    found: list[Declaration] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.suffix in ENDINGS and path.is_file():
            declaration, wrong = read_file(path, columns)
            problems += wrong
            if declaration is not None:
                found.append(declaration)
    problems += [_problem(file, "D-CLASH", message) for file, message in clashes(found)]
    if problems:
        raise ContentError(sorted(problems, key=lambda one: (one.file, one.line, one.column)))
    return tuple(found)


def read_file(path: Path, columns: Mapping[str, str]) -> tuple[Declaration | None, list[Problem]]:
    """One file; no declaration where anything is wrong with it."""
    file = str(path)
    try:
        located = read(path.read_bytes().decode("utf-8").removeprefix("\ufeff"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        return None, [_problem(file, "D-FILE", f"cannot be read: {reason}")]
    problems = [_problem(file, "D-YAML", flaw.message, flaw.place, flaw.fix) for flaw in located.flaws]
    if not _ID.fullmatch(path.stem):
        fix = "The file's name is the source's id: small letters, digits, '_'."
        problems.append(_problem(file, "D-ID", f"'{path.stem}' is no id of a source", fix=fix))
    if problems:
        return None, problems
    problems = _by_schema(file, located)
    if problems:
        return None, problems
    types = {name: columns[name] for name in located.value["columns"] if columns.get(name, "VARCHAR") != "VARCHAR"}
    declaration = Declaration(id=path.stem, file=file, body=located.value, types=types)
    for place, message, fix in check(declaration, columns):
        problems.append(_problem(file, "D-SOURCE", message, located.place_of(place), fix))
    return (None if problems else declaration), problems


def _by_schema(file: str, located: Located) -> list[Problem]:
    value = {} if located.value is None else located.value
    return [
        _problem(file, "D-SCHEMA", one.message, located.place_of(one.path, key=one.at_key), one.fix)
        for one in complaints(schema(), value, whole="the file")
    ]


def _problem(file: str, code: str, message: str, place: Place = (0, 0), fix: str = "") -> Problem:
    message = message if message.endswith((".", "?", "!")) else f"{message}."
    line, column = place
    return Problem(code=code, severity=Severity.ERROR, file=file, message=message, line=line, column=column, fix=fix)
