"""L-TEL-06: Kubernetes events used as evidence of who did something: they name no user."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import sentences
from stratagem.strategy.model import Strategy

_EVENTS = re.compile(r"\b(?:kubernetes|k8s|kubectl get) events?\b", re.IGNORECASE)
_KNOWS = re.compile(r"\b(?:no|not|without|never)\b", re.IGNORECASE)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """In the goal and the abstract; a sentence that says what events lack is let be."""
    for sentence in sentences(strategy, "Goal", "Strategy Abstract"):
        match = _EVENTS.search(sentence.text)
        if match and not _KNOWS.search(sentence.text):
            line, column = sentence.place(match.start())
            message = f"'{match[0]}' name no actor and are gone after an hour"
            fix = "Read Kubernetes audit (audit.k8s.io/v1, source kubernetes_audit): it names the user of each request."
            yield Hit(message=message, line=line, column=column, fix=fix)


PLUGIN = Check(
    code="L-TEL-06",
    severity=Severity.ERROR,
    catches="Kubernetes events used where an actor is needed",
    example="## Strategy Abstract\n\nThe data sources are container logs (e.g., Kubernetes events).\n",
    find=find,
)
