"""Event bases: complete native events of our own making, by name, that scenarios start from.

A base is `<source>/<name>`, the file `bases/<source>/<name>.json` of this package, or of a folder of the workspace.
A source that has no file there offers its examples, by their names in small letters: adding a source is one file.
"""

from __future__ import annotations

import copy
import difflib
import json
import re
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import Malformed


class UnknownBase(LookupError):
    """No base has this name; the message lists the nearest ones."""


def load(name: str, *, folder: Path | None = None) -> dict[str, Any]:
    """The event, newly made at every call. `folder` holds the workspace's own bases, which win.

    Raises UnknownBase.
    """
    text = _texts(folder).get(name) if folder else None
    text = text or _packaged().get(name)
    event: dict[str, Any] | None
    event = json.loads(text.read_bytes()) if text else copy.deepcopy(_examples_of(name.partition("/")[0]).get(name))
    if event is None:
        raise UnknownBase(_unknown(name, folder))
    return event


def of(source_id: str) -> tuple[str, ...]:
    """The names of a source's packaged bases, or of its examples where it has none."""
    own = tuple(sorted(name for name in _packaged() if name.partition("/")[0] == source_id))
    return own or tuple(_examples_of(source_id))


def names(*, folder: Path | None = None) -> tuple[str, ...]:
    """Every base's name, sorted."""
    return tuple(sorted({*_packaged(), *(_texts(folder) if folder else ())}))


def _examples_of(source_id: str) -> dict[str, dict[str, Any]]:
    return _examples(source_id, SOURCES.revision)


@cache
def _examples(source_id: str, _revision: int) -> dict[str, dict[str, Any]]:
    """The first record of each of a source's examples; nothing for a source with bases, or with no JSON example."""
    if source_id not in SOURCES or any(name.partition("/")[0] == source_id for name in _packaged()):
        return {}
    found: dict[str, dict[str, Any]] = {}
    for example in SOURCES[source_id].examples:
        with suppress(Malformed, UnicodeDecodeError):
            value = unwrap.decode(example.raw.strip().partition(b"\n{")[0])
            record = next((one for one in unwrap.records(value) if one.status == "event"), None)
            if record is not None:
                found[f"{source_id}/{re.sub(r'[^a-z0-9]+', '_', example.name.lower()).strip('_')}"] = dict(
                    record.native
                )
    return found


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
