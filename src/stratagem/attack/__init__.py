"""MITRE ATT&CK, pinned: ids, names, tactics, platforms, successors; refreshable from an official STIX bundle."""

from __future__ import annotations

from stratagem.attack.model import Analytic, Attack, DetectionStrategy, Tactic, Technique
from stratagem.attack.refresh import refresh
from stratagem.attack.table import DEFAULT_VERSION, load, versions

__all__ = [
    "DEFAULT_VERSION",
    "Analytic",
    "Attack",
    "DetectionStrategy",
    "Tactic",
    "Technique",
    "load",
    "refresh",
    "versions",
]
