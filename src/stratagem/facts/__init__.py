"""Reviewed facts that the lint checks read: tools and packages, renamed products, platforms, log sources, wording.

Each is a YAML file beside this module that names its sources and the day it was reviewed. Facts go there, not in code.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict[str, Any]:
    """The facts file `name` (without its ending), read once. Callers must not change what they get."""
    text = (resources.files(__name__) / f"{name}.yml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=_LOADER)
    return loaded
