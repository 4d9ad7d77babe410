"""`lists/*.yml`: values with owner, reason and validity, reached by Sigma's `|expand` under the file's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stratagem.context.entry import ALWAYS, Entry
from stratagem.context.sheet import Claim, Sheet, quarrels
from stratagem.errors import ContentError, Problem
from stratagem.window import Window


def load_lists(folder: Path) -> dict[str, tuple[Entry, ...]]:
    """Every list under `folder` by file name; {} where there is no folder.

    A file is a YAML list, or a mapping with `values:`; an entry is a text, or a mapping with `value` and perhaps
    `owner`, `reason`, `valid_from`, `valid_to`, `expires` (its last day).
    Raises ContentError with every problem found.
    """
    lists, problems = read_folder(folder)
    if problems:
        raise ContentError(problems)
    return lists


def read_folder(folder: Path) -> tuple[dict[str, tuple[Entry, ...]], list[Problem]]:
    """The lists of a folder, and what is wrong with them."""
    lists: dict[str, tuple[Entry, ...]] = {}
    problems: list[Problem] = []
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        sheet = Sheet.of(path, "list")
        if sheet.located.value is None and not sheet.problems:
            sheet.add("C-SCHEMA", "the file is empty", fix="Write `values: []` for a list without values.")
        lists[path.stem] = tuple(_entries(sheet))
        sheet.problems += quarrels(
            Claim(name=entry.value, valid=entry.valid, file=entry.file, place=entry.place) for entry in lists[path.stem]
        )
        problems += sheet.problems
    return lists, problems


def _entries(sheet: Sheet) -> Iterator[Entry]:
    data: Any = sheet.located.value if sheet.usable else []
    prefix = "values." if isinstance(data, Mapping) else ""
    values = data.get("values") if prefix else data
    for number, entry in enumerate(values if isinstance(values, list) else ()):
        path = f"{prefix}{number}"
        if path in sheet.broken:
            continue
        if not isinstance(entry, Mapping):
            yield Entry(value=_text(entry), file=sheet.file, place=sheet.at(path))
            continue
        yield Entry(
            value=_text(entry["value"]),
            valid=_valid(sheet, entry, path),
            owner=entry.get("owner", ""),
            reason=entry.get("reason", ""),
            file=sheet.file,
            place=sheet.at(f"{path}.value"),
        )


def _valid(sheet: Sheet, entry: Mapping[str, Any], path: str) -> Window:
    valid = sheet.window(entry, path)
    if "expires" not in entry:
        return valid
    end = sheet.day_after(entry["expires"], f"{path}.expires")
    both = valid.common(Window(None, end))
    if both is None:
        sheet.add("C-TIME", "the entry expires before it is valid", sheet.at(f"{path}.expires"))
    return both or ALWAYS


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
