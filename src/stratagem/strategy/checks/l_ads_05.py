"""L-ADS-05: a vague word ("unusual", "spike") with no threshold in the same sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import find as find_words
from stratagem.strategy.checks._page import sentences
from stratagem.strategy.model import Strategy

_UNITS = (
    r"%|percent|x\b|times\b|seconds?|s\b|min(?:ute)?s?\b|hours?|h\b|days?|d\b|weeks?|distinct|events?|"
    r"requests?|calls?|objects?|pods?|users?|names?"
)
_THRESHOLD = re.compile(
    r"[≥≤<>]=?\s*\d|\b(?:more|fewer|less|greater) than\s+\w+|\bat (?:least|most)\s+\w+|"
    rf"\b(?:over|under|above|below|exceed\w*)\s+\d|\b\d+(?:\.\d+)?\s*(?:{_UNITS})|"
    r"\bnever (?:before )?seen\b|\bfirst (?:time|seen)\b|\b\d+(?:st|nd|rd|th) percentile\b",
    re.IGNORECASE,
)
_WHERE = ("Goal", "Strategy Abstract", "Priority")


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each vague word of the goal, the abstract and the priority that no number or baseline makes exact."""
    patterns = [rf"\b(?:{'|'.join(facts.load('wording')['vague'])})\b"]
    for sentence in sentences(strategy, *_WHERE):
        if _THRESHOLD.search(sentence.text):
            continue
        for match, passage in find_words([sentence], patterns):
            line, column = passage.place(match.start())
            fix = "Say the field, the window and the number, or name the baseline that knows what is usual."
            message = f"'{' '.join(match[0].split())}' has no threshold in its sentence"
            yield Hit(message=message, line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-ADS-05",
    severity=Severity.WARNING,
    catches="vague term (unusual, spike, anomalous, suspicious, deviates) without a threshold in the sentence",
    example="## Strategy Abstract\n\nLook for unusual deployments.\n",
    find=find,
)
