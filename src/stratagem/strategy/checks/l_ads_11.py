"""L-ADS-11: a false positive, an assumption or a blind spot in a section where nobody looks for it."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import search, sentences
from stratagem.strategy.model import Strategy

_PLACES = (
    (
        "false_positive",
        "a false positive",
        "False Positives",
        ("Goal", "Strategy Abstract", "Blind Spots and Assumptions"),
    ),
    ("blind_spot", "a blind spot", "Blind Spots and Assumptions", ("False Positives",)),
)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Sentences that read like one section and stand in another."""
    wording = facts.load("wording")["misplaced"]
    for key, what, home, elsewhere in _PLACES:
        for sentence in sentences(strategy, *elsewhere):
            match = search(wording[key], sentence.text)
            if match:
                line, column = sentence.place(match.start())
                message = f"'{' '.join(match[0].split())}' reads like {what}, and stands under {sentence.section}"
                yield Hit(message=message, line=line, column=column, fix=f"Move the sentence to {home}.")


PLUGIN = Check(
    code="L-ADS-11",
    severity=Severity.WARNING,
    catches="false positive or blind spot in the wrong section",
    example="## Blind Spots and Assumptions\n\nSome administrative work might be flagged as malicious.\n",
    find=find,
)
