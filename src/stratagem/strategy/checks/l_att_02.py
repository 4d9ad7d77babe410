"""L-ATT-02: a technique that was revoked or deprecated; the hit names its successor."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.attack import Technique
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Every place that names an id which is no longer active."""
    for mention in techniques(strategy):
        technique = desk.attack.technique(mention.name)
        if technique and not technique.is_active:
            message = f"{technique} is {technique.status} in ATT&CK {desk.attack.version}"
            yield Hit(message=message, line=mention.line, column=mention.column, fix=_fix(technique, desk))


def _fix(technique: Technique, desk: Desk) -> str:
    successor = desk.attack.successor(technique.id)
    return f"Use {successor}." if successor else "Nothing took its place: choose the technique that fits the goal."


PLUGIN = Check(
    code="L-ATT-02",
    severity=Severity.ERROR,
    catches="revoked or deprecated technique id; names the successor",
    example="## Categorization\n\nT1063\n",
    find=find,
)
