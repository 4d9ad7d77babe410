"""L-ATT-03: ids or tactics of two ATT&CK versions in one strategy."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.attack import Attack
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import Mention, tag_tactics, techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """The names that only the other version has, where names that only this version has stand beside them."""
    ours = [mention for mention in _names(strategy) if _only(mention, desk.attack, desk.other_attack)]
    theirs = [mention for mention in _names(strategy) if _only(mention, desk.other_attack, desk.attack)]
    if not ours or not theirs:
        return
    for mention in theirs:
        message = (
            f"{mention.name} is of ATT&CK {desk.other_attack.version}, while {ours[0].name} "
            f"(line {ours[0].line}) is of {desk.attack.version}"
        )
        fix = f"Use the names of one version; this strategy's is {desk.attack.version}."
        yield Hit(message=message, line=mention.line, column=mention.column, fix=fix)


def _names(strategy: Strategy) -> tuple[Mention, ...]:
    return (*techniques(strategy), *tag_tactics(strategy))


def _only(mention: Mention, here: Attack, there: Attack) -> bool:
    return _knows(mention, here) and not _knows(mention, there)


def _knows(mention: Mention, attack: Attack) -> bool:
    if attack.tactic(mention.name):
        return True
    technique = attack.technique(mention.name)
    return technique is not None and technique.is_active


PLUGIN = Check(
    code="L-ATT-03",
    severity=Severity.ERROR,
    catches="ids or tactics of two ATT&CK versions in one strategy",
    example="## Categorization\n\nT1562.008 Impair Defenses: Disable or Modify Cloud Logs; T1685.002\n",
    find=find,
)
