"""Proposals -> changes of the context's files: text is added, what people wrote stays as it is."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from stratagem.context.suggest.proposal import Proposal
from stratagem.places import read


def changed(folder: Path, proposals: Iterable[Proposal], day: date) -> dict[Path, tuple[str, str]]:
    """File -> (its text, "" where it is not there yet; its text with the proposals)."""
    by_file: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        by_file[proposal.file, proposal.key].append(proposal)
    found = {}
    for (name, key), some in by_file.items():
        path = _path(folder, name)
        before = path.read_text("utf-8") if path.is_file() else ""
        block = [line for proposal in some for line in ("", *proposal.lines(day))]
        found[path] = before, added(before, key, block)
    return found


def _path(folder: Path, name: str) -> Path:
    path = folder / name
    other = path.with_suffix(".yaml")
    return other if other.is_file() and not path.is_file() else path


def added(text: str, key: str, lines: list[str]) -> str:
    """The text with list items (and comments) added at the end of the list at a top-level key.

    The list is made where there is none; a file that is a list itself takes them at its end.
    """
    located = read(text)
    rows = text.splitlines()
    if isinstance(located.value, list):
        return _joined([*rows, *lines])
    if not isinstance(located.value, Mapping) or key not in located.value:
        return _joined([*rows, *([""] if rows and rows[-1].strip() else []), f"{key}:", *_indented(lines[1:], 2)])
    items = located.value[key] or []
    at = located.keys[key][0]
    end = min(
        (line for path, (line, _) in located.keys.items() if "." not in path and line > at), default=len(rows) + 1
    )
    if not items:
        # `key: []`, or nothing after the colon.
        return _joined([*rows[: at - 1], f"{key}:", *_indented(lines[1:], 2), *rows[at:]])
    column = located.keys[f"{key}.0"][1] - 1
    if "[" in rows[at - 1].partition(":")[2].partition("#")[0]:
        raise ValueError(f"'{key}' is written in one line; put each entry on a line of its own, with a dash")
    dash = rows[located.keys[f"{key}.0"][0] - 1]
    indent = len(dash) - len(dash.lstrip()) if dash.lstrip().startswith("-") else max(column - 2, 0)
    cut = end - 1
    while cut > at and (not rows[cut - 1].strip() or (rows[cut - 1].startswith("#") and end <= len(rows))):
        cut -= 1
    return _joined([*rows[:cut], *_indented(lines, indent), *rows[cut:]])


def _indented(lines: list[str], indent: int) -> list[str]:
    return [f"{' ' * indent}{line}" if line else "" for line in lines]


def _joined(rows: list[str]) -> str:
    return "\n".join(rows).rstrip("\n") + "\n"


def unified(changes: Mapping[Path, tuple[str, str]], root: Path) -> str:
    """A unified diff that `git apply` and `patch -p1` take, with paths from `root`."""
    parts: list[str] = []
    for path, (before, after) in sorted(changes.items()):
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
        old = f"a/{name}" if before else "/dev/null"
        parts += difflib.unified_diff(before.splitlines(True), after.splitlines(True), old, f"b/{name}")
    return "".join(parts)
