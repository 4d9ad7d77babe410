"""What a format says. Drop a module into this folder that exports `PLUGIN = Format(...)`; nothing else is edited.

Formats yield text with its line ends and write nothing themselves. What comes from events is shown so that a
terminal, a spreadsheet or a Markdown viewer cannot be led by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stratagem.detect.model import Finding

FINDINGS = "findings"
"""What a run writes; everything else is a listing by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is written to: its width in columns, and whether it shows colours."""

    width: int = 100
    colour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rows of one kind (problems, tests, sources) with the columns that people see first.

    `lines` is the listing as people like it on a terminal, where a table of the columns is not that.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    summary: Mapping[str, Any] = field(default_factory=dict)
    lines: Callable[[Screen], Iterator[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write results. `suffixes` are the endings of `--output` files that mean it."""

    describe: str
    suffixes: tuple[str, ...]
    findings: Callable[[Sequence[Finding], Mapping[str, Any], Screen], Iterator[str]] | None = None
    """Findings in order, the run's summary, the screen. None: the format is for listings alone."""
    listing: Callable[[Listing, Screen], Iterator[str]]
    only: tuple[str, ...] = ()
    """The names of the listings that the format can write; () is all of them."""

    def writes(self, name: str) -> bool:
        """Can it write the listing of this name, or "findings"?"""
        return self.findings is not None if name == FINDINGS else not self.only or name in self.only
