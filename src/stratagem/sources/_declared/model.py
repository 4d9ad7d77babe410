"""What a declared source is made of: the file's value, checked, and what the parts of it mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

LABELS = ("cluster", "account", "tenant", "region")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One file of `sources/`, without anything wrong in it. Picklable, and equal where it says the same."""

    id: str
    file: str
    body: Mapping[str, Any]
    """The file's value, of the shape of `schema()`."""
    types: Mapping[str, str] = field(default_factory=dict)
    """The DuckDB types of the columns of `body` that are no text."""


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a file."""
    text = (files("stratagem.sources") / "_declared" / "schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def several(value: Any) -> tuple[str, ...]:
    """A path or a list of paths; none where nothing is said."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def time_paths(body: Mapping[str, Any]) -> tuple[str, ...]:
    told = body["time"]
    return several(told["path"] if isinstance(told, Mapping) else told)


def time_format(body: Mapping[str, Any]) -> str | None:
    told = body["time"]
    return told.get("format") if isinstance(told, Mapping) else None


def renames(body: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(canonical path, the paths that it may be logged at) for each."""
    return tuple((path, several(logged)) for path, logged in body.get("rename", {}).items())


def told_by(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths that `recognise` names, those with values first: they are the most telling and have fewest values."""
    told = body["recognise"]
    return tuple(dict.fromkeys([*told.get("values", ()), *told.get("prefixes", ()), *several(told.get("fields"))]))


def dispatch(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The discriminators: those that are said, else the operation's path and those with known values."""
    if "dispatch" in body:
        return several(body["dispatch"])
    columns = body["columns"]
    operation = [path for name in ("api.operation", "metadata.event_code") if is_path(path := columns.get(name))]
    found = [*operation, *body["recognise"].get("values", ())]
    return tuple(dict.fromkeys(found or told_by(body)[:1]))


def is_path(value: Any) -> bool:
    """Whether an expression is one path, and no template."""
    return isinstance(value, str) and "{" not in value


def expressions(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(place in the file, expression) for each expression there is."""
    for key in ("columns", "derived"):
        for name, value in body.get(key, {}).items():
            yield f"{key}.{name}", value
    for number, resource in enumerate(body.get("resources", ())):
        for name, value in resource.items():
            yield f"resources.{number}.{name}", value
