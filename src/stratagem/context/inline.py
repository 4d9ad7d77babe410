"""A context that a scenario states: the documents of `context/`, inline, read as the files are read."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stratagem.complaints import Complaint, complaints
from stratagem.context.known import Context
from stratagem.context.load import FILES, FOLDERS, read_context
from stratagem.context.schemas import schema
from stratagem.errors import ContentError, Problem, Severity

_LISTS_OF = {"identities": "identities", "networks": "networks", "architecture": "flows", "changes": "changes"}
"""The key of which a plain list is the value."""


def complaints_of(said: Mapping[str, Any]) -> Iterator[Complaint]:
    """What breaks the schemas of the documents; paths begin in `said`."""
    for path, kind, document in _documents(said):
        written = _written(said, path)
        wrapped = f"{_LISTS_OF.get(kind, '')}." if isinstance(written, list) and kind in _LISTS_OF else ""
        for one in complaints(schema(kind), document, whole=f"'{path}'"):
            inner = one.path.removeprefix(wrapped)
            yield Complaint(path=f"{path}.{inner}".rstrip("."), message=one.message, fix=one.fix, at_key=one.at_key)


def read(said: Mapping[str, Any]) -> Context:
    """The context. Raises ContentError with every problem found; their files are the documents' names."""
    with tempfile.TemporaryDirectory(prefix="stratagem-context-") as home:
        folder = Path(home)
        for path, _, document in _documents(said):
            place = folder / _file(path)
            place.parent.mkdir(exist_ok=True)
            place.write_text(json.dumps(document), encoding="utf-8")
        context, problems = read_context(folder)
    errors = [_named(problem, home) for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise ContentError(errors)
    return context


def _documents(said: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(path in `said`, kind of document, document as its file would hold it)."""
    for name, value in said.items():
        if name == "lists":
            yield from ((f"lists.{each}", "list", document) for each, document in value.items())
        elif name in FILES or name in FOLDERS:
            yield name, name, {_LISTS_OF[name]: value} if isinstance(value, list) else value


def _written(said: Mapping[str, Any], path: str) -> Any:
    name, _, each = path.partition(".")
    return said[name][each] if each else said[name]


def _file(path: str) -> Path:
    name, _, each = path.partition(".")
    if name == "changes":
        return Path("changes", "scenario.yml")
    return Path("lists", f"{each}.yml") if each else Path(f"{name}.yml")


def _named(problem: Problem, home: str) -> Problem:
    message = problem.message.replace(f"{home}/", "")
    return Problem(code=problem.code, severity=problem.severity, file=Path(problem.file).name, message=message)
