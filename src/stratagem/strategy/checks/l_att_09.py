"""L-ATT-09: ATT&CK detection strategies and analytics that do not exist or do not belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._attack import declared_techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import Passage, passages
from stratagem.strategy.model import Strategy

_ID = re.compile(r"\b(?:DET|AN)\d{4}\b")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Unknown ids, analytics of another detection strategy, detection strategies of an undeclared technique."""
    attack = desk.attack
    if attack.detection_strategies is None:
        return
    named = [
        (match[0], match.start(), passage) for passage in passages(strategy) for match in _ID.finditer(passage.text)
    ]
    strategies = {name for name, _, _ in named if name.startswith("DET")}
    declared = {technique.id for technique in declared_techniques(strategy, attack)}
    for name, offset, passage in named:
        found = attack.detection_strategy(name) if name.startswith("DET") else attack.strategy_of_analytic(name)
        if found is None:
            message = f"{name} does not exist in ATT&CK {attack.version}"
            yield _hit(message, "Look it up on the technique's page.", passage, offset)
        elif name.startswith("AN") and strategies and found.id not in strategies:
            message = f"{name} belongs to {found.id}, not to {', '.join(sorted(strategies))}"
            yield _hit(message, f"Name {found.id}, or one of its fellows.", passage, offset)
        elif declared and not declared & set(found.techniques):
            message = f"{name} detects {', '.join(found.techniques)}, which the strategy does not declare"
            yield _hit(message, _fix(sorted(declared), desk), passage, offset)


def _fix(declared: list[str], desk: Desk) -> str:
    right = [found.id for technique in declared for found in desk.attack.strategies_for(technique)]
    return f"For {', '.join(declared)} it is {', '.join(right) or 'none'}."


def _hit(message: str, fix: str, passage: Passage, offset: int) -> Hit:
    line, column = passage.place(offset)
    return Hit(message=message, line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-ATT-09",
    severity=Severity.ERROR,
    catches="DET or AN id that does not exist, or that belongs to another technique or detection strategy",
    example="## Categorization\n\n- T1526 Cloud Service Discovery, DET0402, AN0695\n",
    find=find,
)
