"""Event bases: complete records of our own making that scenarios start from, one JSON file each.

A base is in the canonical shape of its source and named `<source id>/<name>`. Identities, accounts and addresses are
those that standards and vendors reserve for examples.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from stratagem.errors import UsageError

FOLDER = Path(__file__).parent / "bases"


def names() -> tuple[str, ...]:
    """Every base's name, sorted."""
    return tuple(sorted(f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.json")))


def load(name: str) -> dict[str, Any]:
    """The base called `name`, a copy that the caller may change. Raises UsageError for an unknown name."""
    return copy.deepcopy(_read(name))


@cache
def _read(name: str) -> dict[str, Any]:
    source, _, stem = name.partition("/")
    if name not in names():
        near = [each for each in names() if each.startswith(f"{source}/")] or sorted(_sources())
        raise UsageError(f"no event base {name!r}. There are: {', '.join(near)}")
    record: dict[str, Any] = json.loads((FOLDER / source / f"{stem}.json").read_text(encoding="utf-8"))
    return record


def _sources() -> set[str]:
    return {name.partition("/")[0] for name in names()}
