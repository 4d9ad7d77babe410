"""L-ADS-08: a priority that is one fixed value: the framework asks for criteria of each level."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import passages, section_place
from stratagem.strategy.model import Strategy

_LEVEL = re.compile(r"\b(?:informational|low|medium|high|critical)\b", re.IGNORECASE)
_CRITERION = re.compile(
    r"\b(?:when|if|unless|where|under the following (?:conditions|circumstances))\b|^\s*\|.*\|",
    re.IGNORECASE | re.MULTILINE,
)
_ALWAYS = re.compile(r"\bunder all (?:conditions|circumstances)\b|\balways\b|\bin all cases\b", re.IGNORECASE)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """At most one hit: an error for a fixed value, a warning for criteria that stand in prose alone."""
    if strategy.priority is not None:
        if not any(level.when is not None for level in strategy.priority.levels):
            yield _fixed(
                _block_line(strategy), 1, strategy.priority.levels[0].level if strategy.priority.levels else ""
            )
        return
    if "Priority" not in strategy.sections or any(block.kind == "priority" for block in strategy.blocks):
        return
    text = "\n".join(passage.text for passage in passages(strategy, "Priority"))
    line, column, level = _first_level(strategy)
    if _CRITERION.search(text) and not _ALWAYS.search(text):
        fix = "Write a ```yaml priority block: levels with 'when' selections, first match wins."
        message = "the criteria of the priority stand in prose, where nothing can apply them"
        yield Hit(message=message, line=line, column=column, fix=fix, severity=Severity.WARNING)
    else:
        yield _fixed(line, column, level)


def _fixed(line: int, column: int, level: str) -> Hit:
    value = f" ('{level}')" if level else ""
    fix = "Say what makes an alert worse or milder: a ```yaml priority block with 'when' for each level."
    return Hit(message=f"the priority is one fixed value{value} without criteria", line=line, column=column, fix=fix)


def _block_line(strategy: Strategy) -> int:
    return next((block.line for block in strategy.blocks if block.kind == "priority"), 1)


def _first_level(strategy: Strategy) -> tuple[int, int, str]:
    for passage in passages(strategy, "Priority"):
        if match := _LEVEL.search(passage.text):
            line, column = passage.place(match.start())
            return line, column, match[0]
    line, column = section_place(strategy, "Priority")
    return line, column, ""


PLUGIN = Check(
    code="L-ADS-08",
    severity=Severity.ERROR,
    catches="priority without criteria, or one static value",
    example="## Priority\n\n**Severity:** High\n",
    find=find,
)
