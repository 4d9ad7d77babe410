"""L-ADS-07: a false positive that nothing handles: no filter and no silent scenario speaks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import Passage, passages, plain
from stratagem.strategy.checks._words import stems
from stratagem.strategy.model import Strategy

_ACCEPTED = re.compile(
    r"\b(?:is|are|stays?) (?:not|n't) filtered\b|\b(?:intended|on purpose|wanted|accepted)\b", re.IGNORECASE
)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each list item under False Positives that shares no word with a filter or a silent scenario."""
    handled = list(_handled(strategy))
    items = [passage for passage in passages(strategy, "False Positives") if passage.kind == "item"]
    outermost = min((passage.column for passage in items), default=0)
    for passage in items:
        # Nested items explain the one above them.
        if passage.column > outermost + 1 or _ACCEPTED.search(passage.text) or _speaks_of(passage, handled):
            continue
        words = " ".join(plain(passage.text).split()).rstrip(".")
        message = f"nothing handles the false positive '{words if len(words) <= 60 else words[:57] + '...'}'"
        fix = "Add a ```yaml filter for it, or a scenario with 'expect: silent'; or say that it is accepted."
        yield Hit(message=message, line=passage.line, column=passage.column, fix=fix)


def _handled(strategy: Strategy) -> Iterator[str]:
    for removal in strategy.filters:
        yield f"{removal.name} {removal.reason}"
    for scenario in strategy.scenarios:
        if scenario.expect == "silent":
            sets = " ".join(f"{path} {value}" for event in scenario.events for path, value in event.set.items())
            bases = " ".join(event.base.partition("/")[2] for event in scenario.events)
            yield f"{scenario.name} {scenario.why} {bases} {sets}"


def _speaks_of(passage: Passage, handled: list[str]) -> bool:
    words = stems(passage.text)
    return any(words & stems(text) for text in handled)


PLUGIN = Check(
    code="L-ADS-07",
    severity=Severity.WARNING,
    catches="false positive without a filter or a silent scenario",
    example="## False Positives\n\n- Scheduled deployments by the platform team.\n",
    find=find,
)
