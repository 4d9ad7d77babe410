"""The JSON Schemas of the front matter and of each block kind.

The schemas are files beside this module, so that editors and the reference page use the same ones.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from stratagem.complaints import Complaint
from stratagem.complaints import complaints as of_schema

BLOCK_KINDS = ("sigma", "correlation", "filter", "scenario", "telemetry", "priority", "playbook")
LATER_KINDS = ("baseline",)
"""Known block kinds that are read and kept, but not evaluated yet."""
DOCUMENTS = ("front_matter", *BLOCK_KINDS, "overlay")


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a block kind, of `front_matter` or of `overlay`."""
    text = (files("stratagem.strategy") / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def complaints(name: str, value: Any) -> tuple[Complaint, ...]:
    """Everything in `value` that breaks the schema `name`, in document order of paths."""
    return of_schema(schema(name), value)
