"""Event bases: complete native events of our own making, by name, that scenarios start from.

A base is `<source>/<name>`, the file `bases/<source>/<name>.json` of this package, or of a folder of the workspace.
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


class UnknownBase(LookupError):
    """No base has this name; the message lists the nearest ones."""


def load(name: str, *, folder: Path | None = None) -> dict[str, Any]:
    """The event, newly made at every call. `folder` holds the workspace's own bases, which win.

    Raises UnknownBase.
    """
    text = _texts(folder).get(name) if folder else None
    text = text or _packaged().get(name)
    if text is None:
        raise UnknownBase(_unknown(name, folder))
    event: dict[str, Any] = json.loads(text.read_bytes())
    return event


def names(*, folder: Path | None = None) -> tuple[str, ...]:
    """Every base's name, sorted."""
    return tuple(sorted({*_packaged(), *(_texts(folder) if folder else ())}))


@cache
def _packaged() -> dict[str, Traversable]:
    return _texts(files("stratagem.emulate") / "bases")


def _texts(root: Traversable) -> dict[str, Traversable]:
    if not root.is_dir():
        return {}
    return {
        f"{source.name}/{file.name.removesuffix('.json')}": file
        for source in root.iterdir()
        if source.is_dir()
        for file in source.iterdir()
        if file.name.endswith(".json")
    }


def _unknown(name: str, folder: Path | None) -> str:
    known = names(folder=folder)
    source = name.partition("/")[0]
    near = (
        difflib.get_close_matches(name, known, n=3, cutoff=0.6)
        or [other for other in known if other.startswith(source + "/")][:8]
    )
    hint = f"Near it: {', '.join(near)}." if near else f"Sources with bases: {', '.join(_sources(known))}."
    return f"no event base '{name}'. {hint}"


def _sources(known: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(name.partition("/")[0] for name in known)) or ["none"]
