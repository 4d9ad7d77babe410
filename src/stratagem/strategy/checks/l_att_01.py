"""L-ATT-01: a technique id that the pinned ATT&CK version does not know."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._attack import techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Every place that names an unknown id."""
    for mention in techniques(strategy):
        if desk.attack.technique(mention.name) is None:
            message = f"{mention.name} is no technique of ATT&CK {desk.attack.version}"
            yield Hit(message=message, line=mention.line, column=mention.column, fix=_fix(mention.name, desk))


def _fix(name: str, desk: Desk) -> str:
    other = desk.other_attack.technique(name)
    if other is None:
        return "Look the id up at https://attack.mitre.org/techniques/enterprise/."
    before = [old.id for old in desk.other_attack.techniques.values() if name in old.successors]
    known = [old for old in before if (now := desk.attack.technique(old)) and now.is_active]
    here = f"; here it is {', '.join(known)}" if known else ""
    return (
        f"ATT&CK {desk.other_attack.version} has it ({other.full_name}){here}. Set attack_version, or use the id here."
    )


PLUGIN = Check(
    code="L-ATT-01",
    severity=Severity.ERROR,
    catches="technique id unknown in the pinned ATT&CK version",
    example="## Categorization\n\nT1999\n",
    find=find,
)
