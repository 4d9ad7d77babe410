"""The JSON Schemas of the context's files, which editors and the reference page use too."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

DOCUMENTS = ("estate", "identities", "list", "networks", "architecture", "changes")


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file: one of DOCUMENTS."""
    text = (files("stratagem.context") / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
