"""How far a run has come, for whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Bytes as the files have them on disk; `findings` are hits so far, before copies are settled."""

    bytes_done: int
    bytes_total: int
    events: int = 0
    findings: int = 0


Report = Callable[[Progress], None]
