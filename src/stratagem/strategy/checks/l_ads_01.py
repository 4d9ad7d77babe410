"""L-ADS-01: a section of the framework is missing or says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import passages
from stratagem.strategy.model import SECTIONS, Strategy

_HOLDS = {
    "Goal": "one sentence on what is detected",
    "Categorization": "the ATT&CK technique, tactic and platforms",
    "Strategy Abstract": "how it detects, and the rule",
    "Technical Context": "what a reader must know to judge an alert",
    "Blind Spots and Assumptions": "what is missed, and what must hold",
    "False Positives": "the benign look-alikes, each with its filter or silent scenario",
    "Validation": "scenarios that must fire",
    "Priority": "the criteria of each level",
    "Response": "what to do when it fires",
}


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """One hit for each of the nine sections that is not there or is empty."""
    for title in SECTIONS:
        section = strategy.sections.get(title)
        fix = f"Write {_HOLDS[title]} under '## {title}'."
        if section is None:
            yield Hit(message=f"section '{title}' is missing", line=1, column=1, fix=fix)
        elif not section.blocks and not section.fences and not _has_text(strategy, title):
            yield Hit(message=f"section '{title}' is empty", line=section.line, column=1, fix=fix)


def _has_text(strategy: Strategy, title: str) -> bool:
    return any(passage.kind != "heading" and passage.text.strip() for passage in passages(strategy, title))


PLUGIN = Check(
    code="L-ADS-01",
    severity=Severity.ERROR,
    catches="missing or empty ADS section",
    example="## Goal\n\nDetect a container that runs as privileged.\n",
    find=find,
)
