"""L-DEP-01: a product under a name that it no longer has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratagem import facts
from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import passages
from stratagem.strategy.model import Strategy


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each old name in prose, code and links left out; a line that names the new one too explains, and is let be."""
    for passage in passages(strategy):
        text = re.sub(r"`[^`\n]*`|\]\([^)\n]*\)|https?://\S+", lambda match: " " * len(match[0]), passage.text)
        for entry in facts.load("renames")["products"]:
            if entry["new"] in text:
                continue
            for match in re.finditer(entry["old"], text):
                line, column = passage.place(match.start())
                message = f"{entry['shown']} is named {entry['new']} since {entry['since']}"
                yield Hit(message=message, line=line, column=column, fix=f"Write {entry['new']}.")


PLUGIN = Check(
    code="L-DEP-01",
    severity=Severity.WARNING,
    catches="product under its old name",
    example="## Technical Context\n\nAzure AD keeps the groups.\n",
    find=find,
)
