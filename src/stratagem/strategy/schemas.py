"""The JSON Schemas of the front matter and of each block kind.

The schemas are files beside this module, so that editors and the reference page use the same ones.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from stratagem.baselines import KINDS
from stratagem.complaints import Complaint
from stratagem.complaints import complaints as of_schema

BLOCK_KINDS = ("sigma", "correlation", "baseline", "filter", "scenario", "telemetry", "priority", "playbook")
DURATION = "^[0-9]+(s|m|h|d)$"
DOCUMENTS = ("front_matter", *BLOCK_KINDS, "overlay")


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a block kind, of `front_matter` or of `overlay`."""
    text = (files("stratagem.strategy") / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def complaints(name: str, value: Any) -> tuple[Complaint, ...]:
    """Everything in `value` that breaks the schema `name`, in document order of paths."""
    return of_schema(_of_kind(value) if name == "baseline" else schema(name), value)


def _of_kind(block: Any) -> dict[str, Any]:
    """The schema of a baseline block with the keys that its kind adds."""
    common = schema("baseline")
    kind = block.get("kind") if isinstance(block, dict) else None
    known = {**common["properties"], "kind": {"enum": list(KINDS)}}
    if not isinstance(kind, str) or kind not in KINDS:
        return {**common, "properties": known}
    required = [*common["required"], *KINDS[kind].required]
    properties = {**known, **KINDS[kind].schema}
    return {**common, "properties": properties, "required": required, "additionalProperties": False}
