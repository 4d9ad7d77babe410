"""L-RSP-01: containment before evidence: what is terminated first can no longer be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import Passage, passages, search
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """The first containment step of the response, where no step before it keeps evidence."""
    book = strategy.playbook
    if book is not None:
        if not book.use and not book.evidence:
            yield from _steps(strategy, book.steps)
        return
    for passage in passages(strategy, "Response"):
        if passage.kind == "heading":
            continue
        contains, keeps = _first(passage, "containment"), _first(passage, "evidence")
        if keeps >= 0 and (contains < 0 or keeps < contains):
            return
        if contains >= 0:
            line, column = passage.place(contains)
            words = search(facts.load("wording")["containment"], passage.text)
            yield _hit(words[0] if words else "containment", line, column)
            return


def _first(passage: Passage, kind: str) -> int:
    match = search(facts.load("wording")[kind], passage.text)
    return match.start() if match else -1


def _steps(strategy: Strategy, steps: tuple[Mapping[str, Any], ...]) -> Iterator[Hit]:
    wording = facts.load("wording")
    line = next((block.line_of("steps") for block in strategy.blocks if block.kind == "playbook"), 1)
    for step in steps:
        text = " ".join(str(value) for value in step.values()) if isinstance(step, Mapping) else str(step)
        if (isinstance(step, Mapping) and step.get("evidence")) or search(wording["evidence"], text):
            return
        if match := search(wording["containment"], text):
            yield _hit(match[0], line, 1)
            return


def _hit(words: str, line: int, column: int) -> Hit:
    fix = "Put a step before it that keeps what containment destroys: logs, the running state, a snapshot."
    message = f"'{' '.join(words.split())}' comes before any evidence is kept"
    return Hit(message=message, line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-RSP-01",
    severity=Severity.ERROR,
    catches="containment step before an evidence step",
    example="## Response\n\n1. Isolate the affected pod.\n2. Preserve the logs as evidence.\n",
    find=find,
)
