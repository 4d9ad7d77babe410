"""Pieces of SQL and text that the kinds share."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

_MICROSECOND = timedelta(microseconds=1)


def span(duration: timedelta) -> str:
    """An interval literal, to the microsecond."""
    return f"to_microseconds({duration // _MICROSECOND})"


def measure(**facts: Any) -> str:
    """The `measure` of an episode: compact JSON, in the order given."""
    return json.dumps(facts, separators=(",", ":"), default=str)
