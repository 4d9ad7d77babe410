"""What is proposed, with its evidence, and what is not, with the reason."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

_PLAIN = re.compile(r"[A-Za-z0-9_./@-]*[A-Za-z_/@-][A-Za-z0-9_./@-]*")
_WORDS = frozenset("true false yes no on off null y n".split())  # noqa: SIM905
_WIDTH = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One entry for a file of the context."""

    kind: str
    """`identity`, `person`, `registry` or `egress`."""
    file: str
    """The file in the context folder, with `/`."""
    key: str
    """The top-level key whose list it joins."""
    title: str
    """What it is, for a listing: a class and a name."""
    entry: tuple[str, ...]
    """The lines of a YAML list item, from its dash on."""
    evidence: tuple[str, ...]
    """Why, as sentences; they stand above the entry as comments."""
    names: tuple[str, ...] = ()

    def lines(self, day: date) -> list[str]:
        """Comments and entry."""
        return [*_comment(f"suggested {day:%Y-%m-%d}: {'; '.join(self.evidence)}."), *self.entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What has signals and is not proposed."""

    title: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Everything that history gave."""

    proposals: tuple[Proposal, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """About the history as a whole."""


def _comment(text: str) -> list[str]:
    lines, line = [], "#"
    for word in text.split():
        if len(line) + 1 + len(word) > _WIDTH and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def scalar(text: str) -> str:
    """Text as a YAML scalar: plain where nothing can be misread, else in double quotes."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and text[0] not in "-@/."
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def printable(text: str, most: int = 80) -> str:
    """What logs hold, on one line of a comment."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(texts: Sequence[str], most: int = 4) -> str:
    """A few texts, and how many more there are."""
    shown = ", ".join(printable(text) for text in texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown
