"""L-ATT-07: the goal speaks of something that the declared techniques are not about.

A topic (`facts/topics.yml`) is a vocabulary and the techniques that belong to it. Three words of a topic in the goal
and the abstract, while no declared technique belongs to it, is a wrong mapping; the topic's techniques are then ranked
by their own words and by the aim that the goal names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stratagem import facts
from stratagem.attack import Attack, Technique
from stratagem.errors import Severity
from stratagem.strategy.checks._attack import declared, declared_techniques, techniques
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import find as find_words
from stratagem.strategy.checks._page import passages, section_place
from stratagem.strategy.model import Strategy

_ENOUGH = 3
_ANY = ("Goal", "Strategy Abstract")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """One hit for each topic that the text has and the mapping does not."""
    about = declared_techniques(strategy, desk.attack)
    if not about:
        return
    for name, topic in facts.load("topics").items():
        if name == "aims" or any(_belongs(technique, topic, desk) for technique in about):
            continue
        words = [match[0].lower() for match, _ in find_words(passages(strategy, *_ANY), topic["words"])]
        if len(words) >= _ENOUGH and _in_goal(strategy, topic):
            yield _hit(strategy, desk, name, topic, words)


def _in_goal(strategy: Strategy, topic: Mapping[str, Any]) -> bool:
    return any(True for _ in find_words(passages(strategy, "Goal"), topic["words"]))


def _hit(strategy: Strategy, desk: Desk, name: str, topic: Mapping[str, Any], words: list[str]) -> Hit:
    ids = set(declared(strategy))
    place = next((m for m in techniques(strategy) if m.name in ids and m.origin != "link"), None)
    line, column = (place.line, place.column) if place else section_place(strategy, "Categorization")
    used = ", ".join(sorted(set(words), key=words.index)[:4])
    message = (
        f"the goal and abstract are about {name} ({len(words)} words: {used}), "
        f"which {', '.join(declared(strategy))} does not cover"
    )
    better = ", ".join(str(technique) for technique in _ranked(strategy, desk.attack, topic)[:4])
    fix = f"Maps better to {better}; or write the goal that {', '.join(declared(strategy))} stands for."
    return Hit(message=message, line=line, column=column, fix=fix)


def _belongs(technique: Technique, topic: Mapping[str, Any], desk: Desk) -> bool:
    platforms = technique.platforms
    if platforms is None:
        other = desk.other_attack.technique(technique.id)
        platforms = (other.platforms if other else None) or ()
    return topic["platform"] in platforms or technique.id in topic["techniques"]


def _ranked(strategy: Strategy, attack: Attack, topic: Mapping[str, Any]) -> list[Technique]:
    text = "\n".join(passage.text for passage in passages(strategy, *_ANY, "Technical Context"))
    goal = "\n".join(passage.text for passage in passages(strategy, "Goal"))
    aims = [aim for aim in facts.load("topics")["aims"] if re.search(aim["says"], goal, re.IGNORECASE)]
    meant = {tactic for aim in aims for tactic in aim["tactics"]}
    scored = []
    for order, (technique_id, words) in enumerate(topic["techniques"].items()):
        technique = attack.technique(technique_id)
        if technique and technique.is_active:
            hits = min(len(re.findall(words, text, re.IGNORECASE)), 3)
            aim = 4 if meant & set(technique.tactics) else 0
            scored.append((-(hits + aim), order, technique))
    return [technique for _, _, technique in sorted(scored, key=lambda row: row[:2])]


PLUGIN = Check(
    code="L-ATT-07",
    severity=Severity.WARNING,
    catches="goal and abstract are about something that the declared techniques do not cover",
    example=(
        "## Goal\n\nDetect containers deployed to evade monitoring.\n\n## Categorization\n\n"
        "T1526 Cloud Service Discovery\n\n"
        "## Strategy Abstract\n\nWatch Kubernetes for new pods.\n"
    ),
    find=find,
)
