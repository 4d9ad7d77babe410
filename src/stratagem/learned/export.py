"""What was learned as a YAML file that can be reviewed in a pull request, and back.

The order is that of entities and values, and times are days, so that two exports differ where something was learned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stratagem.baselines._contract import Learned
from stratagem.baselines._decisions import key_text
from stratagem.baselines._text import duration
from stratagem.complaints import complaints
from stratagem.errors import ContentError, Problem, Severity
from stratagem.learned.model import Snapshot
from stratagem.places import read

_HEAD = "# What baselines have learned, by entity. Made by `stratagem baseline export`; compare with `baseline diff`.\n"
_VOLATILE = ("since", "counted", "values")
"""Facts that change with every event, and say nothing about what is normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an export says about an entity."""

    warm: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The facts of each value."""


Exported = Mapping[str, Mapping[str, Known]]
"""Baseline uid -> key -> what was known."""


def text(snapshots: Iterable[Snapshot]) -> str:
    """The file."""
    return _HEAD + "".join(f"{line}\n" for snapshot in snapshots for line in _lines(snapshot))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    baseline = snapshot.baseline
    yield f"- baseline: {_quoted(baseline.uid)}"
    yield f"  kind: {baseline.kind}"
    yield f"  as_of: {snapshot.as_of:%Y-%m-%dT%H:%M:%SZ}"
    for name in ("window", "history", "warm_up"):
        yield f"  {name}: {duration(getattr(baseline, name))}"
    yield f"  min_observations: {baseline.min_observations}"
    yield "  entities:" if snapshot.entities else "  entities: []"
    for entity in snapshot.entities:
        yield f"  - key: {_quoted(json.loads(entity.key))}"
        yield f"    warm: {'true' if entity.warm else 'false'}"
        yield f"    since: {entity.first[:10]}"
        yield f"    last: {entity.last[:10]}"
        yield f"    observations: {entity.observations}"
        yield from (f"    {name}: {_quoted(fact)}" for name, fact in _lasting(entity))
        values = snapshot.values_of(entity.key)
        if values:
            yield "    values:"
        for entry in values:
            yield f"    - value: {_quoted(entry.value)}"
            yield f"      since: {entry.first[:10]}"
            yield f"      last: {entry.last[:10]}"
            yield f"      observations: {entry.observations}"
            yield from (f"      {name}: {_quoted(fact)}" for name, fact in _lasting(entry))


def _lasting(entry: Learned) -> list[tuple[str, str]]:
    return [(name, fact) for name, fact in sorted(entry.facts.items()) if name not in _VOLATILE]


def _quoted(value: Any) -> str:
    """As JSON, which is YAML and leaves no doubt about what is text."""
    return json.dumps(value, ensure_ascii=False)


def known(snapshots: Iterable[Snapshot]) -> Exported:
    """What an export of the snapshots says."""
    return {
        snapshot.baseline.uid: {
            entity.key: Known(
                warm=entity.warm,
                facts=dict(_lasting(entity)),
                values={str(entry.value): dict(_lasting(entry)) for entry in snapshot.values_of(entity.key)},
            )
            for entity in snapshot.entities
        }
        for snapshot in snapshots
    }


def load(file: Path) -> Exported:
    """An export. Raises ContentError for a file that is none, with all that is wrong."""
    try:
        located = read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {error}"
        raise ContentError([Problem(code=_CODE, severity=Severity.ERROR, file=str(file), message=message)]) from error
    flaws = [(flaw.place, flaw.message) for flaw in located.flaws]
    flaws += (
        (located.place_of(one.path, key=one.at_key), one.message)
        for one in complaints(_SCHEMA, located.value, whole="the file")
    )
    if flaws:
        raise ContentError(
            Problem(code=_CODE, severity=Severity.ERROR, file=str(file), line=line, column=column, message=message)
            for (line, column), message in flaws
        )
    return {
        each["baseline"]: {key_text(entity["key"]): _known(entity) for entity in each["entities"]}
        for each in located.value
    }


def _known(entity: Mapping[str, Any]) -> Known:
    return Known(
        warm=entity["warm"],
        facts=_facts(entity),
        values={entry["value"]: _facts(entry) for entry in entity.get("values", ())},
    )


def _facts(entry: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(fact) for name, fact in entry.items() if name not in _FIXED}


_CODE = "C-EXPORT"
_FIXED = ("key", "value", "warm", "since", "last", "observations", "values")
_SCHEMA: Mapping[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["baseline", "entities"],
        "properties": {
            "baseline": {"type": "string"},
            "entities": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["key", "warm"],
                    "properties": {
                        "key": {"type": "array", "items": {"type": "string"}},
                        "warm": {"type": "boolean"},
                        "values": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["value"],
                                "properties": {"value": {"type": "string"}},
                            },
                        },
                    },
                },
            },
        },
    },
}
