"""Make a pinned table from an official ATT&CK STIX 2.1 bundle (enterprise-attack-<version>.json).

Read: `attack-pattern`, `x-mitre-tactic`, `x-mitre-detection-strategy`, `x-mitre-analytic`, `x-mitre-collection`,
and the relationships `revoked-by`, `subtechnique-of` (implied by the id) and `detects`.
Layout of the bundle: https://github.com/mitre-attack/attack-stix-data, USAGE.md.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stratagem.attack.model import ACTIVE, DEPRECATED, REVOKED, Attack
from stratagem.attack.table import from_compact
from stratagem.errors import UsageError

NOTICE = (
    "(c) The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation."
)
Stix = Mapping[str, Any]


def refresh(bundle: Path, out: Path, version: str | None = None) -> Attack:
    """Read a STIX bundle, write the compact table to `out`, and return it.

    `version` is taken from the bundle's collection when not given. Raises UsageError for a file that is no ATT&CK
    bundle; nothing is written then.
    """
    table = compact(_objects(bundle), version)
    attack = from_compact(table)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(dump(table), "utf-8")
    return attack


def _objects(bundle: Path) -> list[Stix]:
    try:
        document = json.loads(bundle.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"{bundle}: not a STIX bundle: {error}") from error
    objects = document.get("objects") if isinstance(document, dict) else None
    if not isinstance(objects, list):
        raise UsageError(f"{bundle}: not a STIX bundle: it has no 'objects' list")
    found: list[Stix] = [item for item in objects if isinstance(item, dict)]
    if not any(item.get("type") == "attack-pattern" for item in found):
        raise UsageError(f"{bundle}: holds no attack-pattern. Give enterprise-attack-<version>.json")
    return found


def compact(objects: list[Stix], version: str | None = None) -> dict[str, Any]:
    """The compact layout of `table.py` from a bundle's objects."""
    tactics = _tactics(objects)
    patterns = [item for item in objects if item.get("type") == "attack-pattern" and external_id(item)]
    analytics = [item for item in objects if item.get("type") == "x-mitre-analytic" and external_id(item)]
    platforms = sorted({name for item in [*patterns, *analytics] for name in item.get("x_mitre_platforms", ())})
    strategies = _strategies(objects)
    return {
        "version": version or _version(objects),
        "source": "MITRE ATT&CK Enterprise, STIX 2.1 bundle",
        "notice": NOTICE,
        "tactics": tactics,
        "platforms": platforms,
        "techniques": _techniques(patterns, objects, [row[1] for row in tactics], platforms),
        "strategies": strategies or None,
        "analytics": _analytics(analytics, platforms) if strategies else None,
    }


def dump(table: Mapping[str, Any]) -> str:
    """JSON with one entry a line below the top level, so that a refresh reads as a diff."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"  {_json(name)}: {_json(row)}" for name, row in sorted(value.items()))
            parts.append(f"{_json(key)}: {{\n{rows}\n}}")
        else:
            parts.append(f"{_json(key)}: {_json(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def external_id(item: Stix) -> str:
    """The ATT&CK id of an object ("T1526"), or "" for one that is not ATT&CK's."""
    for reference in item.get("external_references", ()):
        if reference.get("source_name") == "mitre-attack":
            return str(reference.get("external_id", ""))
    return ""


def _version(objects: list[Stix]) -> str:
    collections = (item for item in objects if item.get("type") == "x-mitre-collection")
    version = next((item.get("x_mitre_version") for item in collections), None)
    if not version:
        raise UsageError("the bundle names no ATT&CK version. Give it: --version 18.1")
    return str(version)


def _tactics(objects: list[Stix]) -> list[list[str]]:
    rows = [
        [external_id(item), str(item.get("x_mitre_shortname", "")), str(item.get("name", ""))]
        for item in objects
        if item.get("type") == "x-mitre-tactic" and not item.get("revoked") and not item.get("x_mitre_deprecated")
    ]
    return sorted(rows)


def _techniques(
    patterns: list[Stix], objects: list[Stix], tactics: list[str], platforms: list[str]
) -> dict[str, list[Any]]:
    successors = _successors(patterns, objects)
    return {
        external_id(item): [
            str(item.get("name", "")),
            _status(item),
            sorted({tactics.index(name) for name in _phases(item) if name in tactics}),
            [platforms.index(name) for name in item.get("x_mitre_platforms", ())],
            sorted(successors.get(str(item.get("id")), ())),
        ]
        for item in sorted(patterns, key=_is_active)
    }


def _is_active(item: Stix) -> bool:
    # Ids were reused when sub-techniques came: the active object is written last and stays.
    return _status(item) == ACTIVE


def _status(item: Stix) -> str:
    if item.get("revoked"):
        return REVOKED
    return DEPRECATED if item.get("x_mitre_deprecated") else ACTIVE


def _phases(item: Stix) -> Iterable[str]:
    phases = item.get("kill_chain_phases", ())
    return (str(p.get("phase_name")) for p in phases if p.get("kill_chain_name") == "mitre-attack")


def _successors(patterns: list[Stix], objects: list[Stix]) -> Mapping[str, list[str]]:
    by_stix_id = {str(item.get("id")): external_id(item) for item in patterns}
    found: dict[str, list[str]] = defaultdict(list)
    for relation in _relations(objects, "revoked-by"):
        target = by_stix_id.get(str(relation.get("target_ref")))
        if target:
            found[str(relation.get("source_ref"))].append(target)
    return found


def _relations(objects: list[Stix], kind: str) -> Iterable[Stix]:
    relations = (item for item in objects if item.get("type") == "relationship" and _status(item) == ACTIVE)
    return (item for item in relations if item.get("relationship_type") == kind)


def _strategies(objects: list[Stix]) -> dict[str, list[Any]]:
    ids = {str(item.get("id")): external_id(item) for item in objects}
    detects: dict[str, list[str]] = defaultdict(list)
    for relation in _relations(objects, "detects"):
        technique = ids.get(str(relation.get("target_ref")))
        if technique:
            detects[str(relation.get("source_ref"))].append(technique)
    return {
        external_id(item): [
            str(item.get("name", "")),
            sorted(detects.get(str(item.get("id")), ())),
            [ids[ref] for ref in item.get("x_mitre_analytic_refs", ()) if ids.get(ref)],
        ]
        for item in objects
        if item.get("type") == "x-mitre-detection-strategy" and external_id(item) and _status(item) == ACTIVE
    }


def _analytics(analytics: list[Stix], platforms: list[str]) -> dict[str, list[int]]:
    return {
        external_id(item): [platforms.index(name) for name in item.get("x_mitre_platforms", ())]
        for item in analytics
        if _status(item) == ACTIVE
    }
