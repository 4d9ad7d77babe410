"""`context/lists/*.yml`: values with owner, reason and expiry, reached by Sigma's `|expand` under the file's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from stratagem.errors import ContentError, Problem, Severity

_KEYS = frozenset({"value", "owner", "reason", "expires"})


def load_lists(folder: Path, today: date) -> dict[str, tuple[str, ...]]:
    """Every list under `folder` by file name; {} where there is no folder. Entries that expired before `today` are out.

    A file is a YAML list, or a mapping with `values:`; an entry is a text, or a mapping with `value` and perhaps
    `owner`, `reason`, `expires` (ISO date). Raises ContentError with every problem found.
    """
    lists: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        try:
            lists[path.stem] = tuple(_values(_entries(path), path, today))
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    return lists


def _entries(path: Path) -> list[Any]:
    import yaml

    try:
        data = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContentError([_problem(path, f"not readable as YAML: {error}")]) from error
    entries = data.get("values") if isinstance(data, dict) else data
    if not isinstance(entries, list):
        raise ContentError([_problem(path, "neither a list nor a mapping with `values:`")])
    return entries


def _values(entries: list[Any], path: Path, today: date) -> Iterator[str]:
    for position, entry in enumerate(entries, 1):
        fields = entry if isinstance(entry, Mapping) else {"value": entry}
        wrong = _wrong(fields)
        if wrong:
            raise ContentError([_problem(path, f"entry {position}: {wrong}")])
        if not fields.get("expires") or _day(fields["expires"]) >= today:
            yield str(fields["value"])


def _wrong(fields: Mapping[str, Any]) -> str:
    """What keeps an entry from being one; empty where nothing does."""
    if "value" not in fields or not set(fields) <= _KEYS:
        return f"{sorted(set(fields) - _KEYS) or 'no `value`'}; keys are {', '.join(sorted(_KEYS))}"
    if fields["value"] is None or isinstance(fields["value"], list | dict):
        kind = "empty" if fields["value"] is None else f"a {type(fields['value']).__name__}"
        return f"{kind}, and not one value"
    try:
        _day(fields.get("expires") or date.max)
    except ValueError:
        return f"expires {str(fields['expires'])!r} is no date; write 2026-12-31"
    return ""


def _day(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _problem(path: Path, message: str) -> Problem:
    return Problem(code="C-LIST", severity=Severity.ERROR, file=str(path), message=message)
