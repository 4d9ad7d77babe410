"""L-ADS-09: placeholder text where content should stand."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import search, sentences
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """One hit for each sentence that says nothing."""
    patterns = facts.load("wording")["placeholder"]
    for sentence in sentences(strategy):
        match = search(patterns, sentence.text)
        if match:
            line, column = sentence.place(match.start())
            words = " ".join(match[0].split())
            message = f"'{words}' is a placeholder"
            fix = f"Write what {sentence.section} is for, or leave the part out."
            yield Hit(message=message, line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-ADS-09",
    severity=Severity.WARNING,
    catches="placeholder text",
    example="## Additional Resources\n\n- None available\n",
    find=find,
)
