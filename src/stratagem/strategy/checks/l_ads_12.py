"""L-ADS-12: a sentence that advertises instead of saying something."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import find as find_words
from stratagem.strategy.checks._page import sentences
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Sentences with one strong phrase, or with two weak ones."""
    words = facts.load("wording")["marketing"]
    for sentence in sentences(strategy):
        strong = list(find_words([sentence], words["strong"]))
        weak = list(find_words([sentence], words["weak"]))
        if not strong and len({match[0].lower() for match, _ in weak}) < 2:
            continue
        match, passage = min(strong or weak, key=lambda hit: hit[0].start())
        line, column = passage.place(match.start())
        message = f"'{' '.join(match[0].split())}' advertises: the sentence claims what nothing here supports"
        yield Hit(message=message, line=line, column=column, fix="Drop the sentence, or say what is measured.")


PLUGIN = Check(
    code="L-ADS-12",
    severity=Severity.INFO,
    catches="unsupported superlative or marketing sentence",
    example="## Goal\n\nBy implementing this strategy, organizations can proactively detect every attack.\n",
    find=find,
)
