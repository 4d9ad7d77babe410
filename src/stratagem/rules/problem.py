"""Why a rule cannot load, while it is being read. Leaves the package as a Rejection."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from stratagem.errors import StratagemError


class BadRule(StratagemError):
    """A rule (or a filter, or a selection) that says something we cannot run.

    `construct` names the part of Sigma, `path` leads to it in the YAML value ("detection.selection.field|re"),
    `line` is its line in the file where known, else 0.
    """

    exit_code = 2

    def __init__(self, construct: str, reason: str, *, fix: str = "", path: str = "", line: int = 0) -> None:
        self.construct = construct
        self.reason = reason
        self.fix = fix
        self.path = path
        self.line = line
        super().__init__(f"{construct}: {reason}" + (f" {fix}" if fix else ""))

    def under(self, prefix: str) -> BadRule:
        """The same problem, with its path seen from one level further out."""
        self.path = f"{prefix}.{self.path}" if self.path else prefix
        return self


class MissingList(BadRule):
    """A placeholder for `|expand` that no list of the context answers."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint "Did you mean 'x'?" when a known word is close, else the list of known words."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(names)}."
