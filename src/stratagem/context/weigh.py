"""A level, raised or lowered by what the context declares; it stays one of Sigma's five, so that nothing is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LEVELS = ("informational", "low", "medium", "high", "critical")


def weigh(level: str, said: Mapping[str, Any]) -> tuple[str, str]:
    """(level, why it is another, or nothing) after the weights of `Context.enrich`: tier and announced changes.

    `risk_only` and other words that are no level of Sigma's stay as they are.
    """
    weight = int(said.get("weight", 0))
    if not weight or level not in LEVELS:
        return level, ""
    place = min(max(LEVELS.index(level) + weight, 0), len(LEVELS) - 1)
    if LEVELS[place] == level:
        return level, ""
    changes = said.get("change", ())
    reasons = [f"announced change {', '.join(changes)}"] if changes else []
    if said.get("tier") not in (None, "unknown"):
        reasons.insert(0, f"tier {said['tier']}")
    return LEVELS[place], f"{'raised' if weight > 0 else 'lowered'} from {level}: {', '.join(reasons)}"
