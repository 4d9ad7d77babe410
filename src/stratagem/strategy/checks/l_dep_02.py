"""L-DEP-02: an API, a module or a registry that was retired."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._commands import lines
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import passages
from stratagem.strategy.model import Strategy

_HISTORY = re.compile(r"\b(?:retired|removed|deprecated|replaced|no longer|formerly|legacy|old)\b", re.IGNORECASE)


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """In prose and commands; a sentence that says itself that the thing is gone is let be."""
    seen: set[tuple[int, int]] = set()
    for text, place in _texts(strategy):
        for entry in facts.load("renames")["retired"]:
            for match in re.finditer(entry["old"], text):
                line, column = place(match.start())
                if (line, column) in seen:
                    continue
                seen.add((line, column))
                message = f"{entry['shown']} is retired (since {entry['since']})"
                yield Hit(message=message, line=line, column=column, fix=f"Use {entry['new']}.")


def _texts(strategy: Strategy) -> Iterator[tuple[str, Callable[[int], tuple[int, int]]]]:
    for passage in passages(strategy):
        for sentence in passage.sentences():
            if not _HISTORY.search(sentence.text):
                yield sentence.text, sentence.place
    for command in lines(strategy):
        if command.in_shell:
            yield command.text, command.place


PLUGIN = Check(
    code="L-DEP-02",
    severity=Severity.WARNING,
    catches="retired API, module or registry",
    example="## Validation\n\n```powershell\nConnect-AzureAD\n```\n",
    find=find,
)
