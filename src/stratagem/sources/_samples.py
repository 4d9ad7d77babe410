"""Writing examples down as logs hold them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def dump(value: Any) -> bytes:
    """Compact JSON text."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def lines(records: Iterable[Any]) -> bytes:
    """One record a line."""
    return b"\n".join(map(dump, records)) + b"\n"
