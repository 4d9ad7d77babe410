"""L-ATT-04: a declared tactic that none of the declared techniques has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stratagem.attack import Attack, Tactic, Technique
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import (
    TECHNIQUE,
    declared_techniques,
    labelled,
    tag_tactics,
    techniques,
    url_id,
)
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import passages
from stratagem.strategy.model import Strategy

_LINK = re.compile(r"\[(?P<tactics>[^\]/]+?)\s*/\s*[^\]]+\]\((?P<url>[^)]*)\)")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Tactics of the Categorization's tactic line, of links `[Tactic / Technique](url)`, and of Sigma tags."""
    about = declared_techniques(strategy, desk.attack)
    yield from _tags(strategy, desk.attack)
    for passage, rest, start in labelled(strategy, r"\btactics?\b"):
        for match in re.finditer(r"[^,;/|\n]+", re.sub(r"\([^)]*\)", lambda m: " " * len(m[0]), rest)):
            line, column = passage.place(start + match.start() + len(match[0]) - len(match[0].lstrip()))
            yield from _judge(_name(match[0]), about, desk.attack, line, column)
    for passage in passages(strategy, "Categorization"):
        for match in _LINK.finditer(passage.text):
            technique = desk.attack.technique(url_id(match["url"]))
            tactic = desk.attack.tactic(_name(match["tactics"]))
            # A revoked id is L-ATT-02's; its tactic was right in its day.
            if technique and tactic and tactic.short_name not in technique.tactics:
                current = desk.attack.successor(technique.id) or technique
                line, column = passage.place(match.start("tactics"))
                yield from _judge(tactic.name, [current], desk.attack, line, column)


def _name(text: str) -> str:
    return TECHNIQUE.sub("", text).strip(" *_`.")


def _tags(strategy: Strategy, attack: Attack) -> Iterator[Hit]:
    for mention in tag_tactics(strategy):
        block = next(block for block in strategy.blocks if block.line <= mention.line <= _end(block.line, block.text))
        ids = [m.name for m in techniques(strategy) if block.line <= m.line <= _end(block.line, block.text)]
        found = [attack.successor(name) or attack.technique(name) for name in ids]
        about = [technique for technique in found if technique] or list(declared_techniques(strategy, attack))
        if attack.tactic(mention.name) or not re.search(r"[sg]\d", mention.name):
            yield from _judge(mention.name, about, attack, mention.line, mention.column)


def _end(line: int, text: str) -> int:
    return line + text.count("\n")


def _judge(name: str, about: Iterable[Technique], attack: Attack, line: int, column: int) -> Iterator[Hit]:
    tactic, techniques = attack.tactic(name), tuple(about)
    if tactic is None:
        if name:
            names = ", ".join(known.short_name for known in attack.tactics)
            message = f"'{name}' is no tactic of ATT&CK {attack.version}"
            yield Hit(message=message, line=line, column=column, fix=f"Tactics: {names}.")
    elif techniques and not any(tactic.short_name in technique.tactics for technique in techniques):
        message = f"{tactic.name} is no tactic of {_names(techniques)}"
        yield Hit(message=message, line=line, column=column, fix=_fix(techniques, attack, tactic))


def _names(techniques: tuple[Technique, ...]) -> str:
    return ", ".join(technique.id for technique in techniques)


def _fix(techniques: tuple[Technique, ...], attack: Attack, tactic: Tactic) -> str:
    known = dict.fromkeys(name for technique in techniques for name in technique.tactics)
    found = (attack.tactic(name) for name in known)
    names = ", ".join(known.name for known in found if known)
    return f"ATT&CK {attack.version} says {names}. Or name a technique of {tactic.name}."


PLUGIN = Check(
    code="L-ATT-04",
    severity=Severity.ERROR,
    catches="declared tactic that none of the declared techniques has",
    example="## Categorization\n\n- **MITRE ATT&CK Mapping:** T1611 Escape to Host\n- **Tactic:** Defense Evasion\n",
    find=find,
)
