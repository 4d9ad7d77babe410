"""The packaged tables: `data/enterprise-<version>.json`, in a compact layout of our own.

    version, source, notice
    tactics      [[id, short name, name], ...]
    platforms    [name, ...] or null where the version's table does not say
    techniques   {id: [name, status, [tactic index], [platform index] or null, [successor id]]}
    strategies   {DET id: [name, [technique id], [AN id]]} or null
    analytics    {AN id: [platform index]} or null

Lists of indexes point into `tactics` and `platforms`. `refresh` writes the same layout.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from stratagem.attack.model import Analytic, Attack, DetectionStrategy, Tactic, Technique
from stratagem.errors import UsageError

DEFAULT_VERSION = "18.1"
"""The version that a workspace has when it names none."""

_FILE = re.compile(r"enterprise-(?P<version>[\d.]+)\.json")


def _data() -> Any:
    return resources.files("stratagem.attack") / "data"


@cache
def versions() -> tuple[str, ...]:
    """The packaged versions, oldest first."""
    found = (_FILE.fullmatch(entry.name) for entry in _data().iterdir())
    names = [match["version"] for match in found if match]
    return tuple(sorted(names, key=lambda name: tuple(int(part) for part in name.split("."))))


@cache
def load(version: str | Path = DEFAULT_VERSION) -> Attack:
    """The pinned table of a version, or the table in a file that `refresh` wrote (a path ending in .json). Read once.

    Raises UsageError for a version that is not packaged, and names those that are, and for a file that is no table.
    """
    if isinstance(version, Path) or version.endswith(".json"):
        return _from_file(Path(version))
    if version not in versions():
        raise UsageError(f"no ATT&CK version {version!r}. There are: {', '.join(versions())}")
    text = (_data() / f"enterprise-{version}.json").read_text("utf-8")
    return from_compact(json.loads(text))


def _from_file(file: Path) -> Attack:
    try:
        return from_compact(json.loads(file.read_text("utf-8")))
    except OSError as error:
        raise UsageError(
            f"{file}: {error.strerror}. Make it: stratagem attack refresh BUNDLE --output {file}"
        ) from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UsageError(f"{file} is no table of ATT&CK facts. `stratagem attack refresh` writes them.") from error


def from_compact(table: Mapping[str, Any]) -> Attack:
    """Read the compact layout."""
    tactics = tuple(Tactic(id=row[0], short_name=row[1], name=row[2]) for row in table["tactics"])
    platforms = _names(table["platforms"])
    techniques = {key: _technique(key, table, tactics, platforms) for key in table["techniques"]}
    strategies = _strategies(table["strategies"])
    return Attack(
        version=table["version"],
        source=table["source"],
        techniques=techniques,
        tactics=tactics,
        platforms=_in_use(techniques.values()) if platforms else None,
        detection_strategies=strategies,
        analytics=_analytics(table["analytics"], platforms or ()),
        _strategies_of=_by_technique((strategies or {}).values()),
    )


def _in_use(techniques: Iterable[Technique]) -> tuple[str, ...]:
    # Revoked techniques keep the platform names of their day ("Office 365"): those are no longer valid.
    active = (technique for technique in techniques if technique.is_active)
    return tuple(sorted({platform for technique in active for platform in technique.platforms or ()}))


def _names(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _technique(
    key: str, table: Mapping[str, Any], tactics: tuple[Tactic, ...], platforms: tuple[str, ...] | None
) -> Technique:
    name, status, tactic_indexes, platform_indexes, successors = table["techniques"][key]
    parent = table["techniques"].get(key.partition(".")[0]) if "." in key else None
    return Technique(
        id=key,
        name=name,
        full_name=f"{parent[0]}: {name}" if parent else name,
        tactics=tuple(tactics[index].short_name for index in tactic_indexes),
        platforms=None if platform_indexes is None else tuple((platforms or ())[i] for i in platform_indexes),
        status=status,
        successors=tuple(successors),
    )


def _strategies(rows: Mapping[str, Any] | None) -> Mapping[str, DetectionStrategy] | None:
    if rows is None:
        return None
    return {
        key: DetectionStrategy(id=key, name=name, techniques=tuple(techniques), analytics=tuple(analytics))
        for key, (name, techniques, analytics) in rows.items()
    }


def _analytics(rows: Mapping[str, list[int]] | None, platforms: tuple[str, ...]) -> Mapping[str, Analytic] | None:
    if rows is None:
        return None
    return {key: Analytic(id=key, platforms=tuple(platforms[i] for i in row)) for key, row in rows.items()}


def _by_technique(strategies: Iterable[DetectionStrategy]) -> Mapping[str, tuple[DetectionStrategy, ...]]:
    found: dict[str, list[DetectionStrategy]] = defaultdict(list)
    for strategy in strategies:
        for technique in strategy.techniques:
            found[technique].append(strategy)
    return {technique: tuple(rows) for technique, rows in found.items()}
