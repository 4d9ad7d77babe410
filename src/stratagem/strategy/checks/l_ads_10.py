"""L-ADS-10: a title that names a class of things, not the one event that the strategy detects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import front_matter_line, search
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """At most one hit."""
    title = strategy.title.strip()
    reason = _why(title, desk)
    if reason:
        line, column = _place(strategy, title)
        fix = "Say what happened to what: 'A privileged pod was created by a user who never did so'."
        yield Hit(message=f"the title '{title}' {reason}", line=line, column=column, fix=fix)


def _why(title: str, desk: Desk) -> str:
    names = {name for technique in desk.attack.techniques.values() for name in (technique.name, technique.full_name)}
    if title.casefold() in {name.casefold() for name in (*names, *(tactic.name for tactic in desk.attack.tactics))}:
        return "is the name of an ATT&CK technique or tactic"
    if len(re.findall(r"\w+", title)) < 2:
        return "is one word"
    if search(facts.load("wording")["generic_title"], title):
        return "names a class of things, not one event"
    return ""


def _place(strategy: Strategy, title: str) -> tuple[int, int]:
    for number, line in enumerate(strategy.text.split("\n"), start=1):
        if line.startswith("# ") and title in line:
            return number, line.index(title) + 1
    return front_matter_line(strategy, title)


PLUGIN = Check(
    code="L-ADS-10",
    severity=Severity.WARNING,
    catches="title that names a class, not a singular event",
    example="# Alerting & Detection Strategy (ADS) Report\n",
    find=find,
)
