"""What a document allows: problems that its author has seen and answers for, each with a reason.

The place is an HTML comment: `<!-- lint: allow L-ADS-05 because the baseline is named below -->`.
Inside a section it counts for that section, before the first one for the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stratagem.errors import Problem, Severity
from stratagem.strategy.checks._page import sections
from stratagem.strategy.model import Strategy

_ALLOW = re.compile(
    r"<!--\s*lint:\s*allow\s+(?P<codes>[\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+because\b(?P<reason>.*?))?\s*-->", re.DOTALL
)
_CODE = "L-ALLOW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A problem that the document allows, and why."""

    problem: Problem
    reason: str
    line: int
    """Where the comment stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Problems that stand (the comments' own among them), and those that the document allows."""

    kept: tuple[Problem, ...]
    suppressed: tuple[Suppressed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowance:
    code: str
    reason: str
    line: int
    first: int
    last: int

    def covers(self, problem: Problem) -> bool:
        return self.code == problem.code and self.first <= problem.line <= self.last


def sift(strategy: Strategy, problems: Collection[Problem], codes: Collection[str], *, all_ran: bool) -> Sifted:
    """Set apart what the document allows.

    `codes` are those that may be allowed. `all_ran`: a comment that allows nothing is then told.
    """
    comments = tuple(_read(strategy, codes))
    allowances = [each for each in comments if isinstance(each, _Allowance)]
    kept = [each for each in comments if isinstance(each, Problem)]
    suppressed: list[Suppressed] = []
    used: set[tuple[str, int]] = set()
    for problem in problems:
        allowance = next((each for each in allowances if each.covers(problem)), None)
        if allowance is None:
            kept.append(problem)
        else:
            used.add((allowance.code, allowance.line))
            suppressed.append(Suppressed(problem=problem, reason=allowance.reason, line=allowance.line))
    if all_ran:
        kept += [_unused(strategy.file, each) for each in allowances if (each.code, each.line) not in used]
    return Sifted(kept=tuple(kept), suppressed=tuple(suppressed))


def _read(strategy: Strategy, codes: Collection[str]) -> Iterator[_Allowance | Problem]:
    for match in _ALLOW.finditer(strategy.text):
        line = strategy.text.count("\n", 0, match.start()) + 1
        reason = " ".join((match["reason"] or "").split())
        first, last = _scope(strategy, line)
        for code in re.split(r"\s*,\s*", match["codes"].upper()):
            if code not in codes:
                yield _wrong(strategy.file, line, f"'lint: allow {code}' names no check", "L-ADS-05")
            elif not reason:
                yield _wrong(strategy.file, line, f"'lint: allow {code}' gives no reason", code)
            else:
                yield _Allowance(code=code, reason=reason, line=line, first=first, last=last)


def _wrong(file: str, line: int, message: str, code: str) -> Problem:
    fix = f"Write: <!-- lint: allow {code} because ... -->"
    return Problem(code=_CODE, severity=Severity.ERROR, file=file, message=message, line=line, column=1, fix=fix)


def _unused(file: str, allowance: _Allowance) -> Problem:
    message = f"'lint: allow {allowance.code}' allows nothing here"
    line, fix = allowance.line, "Drop the comment."
    return Problem(code=_CODE, severity=Severity.INFO, file=file, message=message, line=line, column=1, fix=fix)


def _scope(strategy: Strategy, line: int) -> tuple[int, int]:
    """The lines that a comment on `line` counts for: its section, or the whole document."""
    end = strategy.text.count("\n") + 2
    starts = [section.line for section in sections(strategy)]
    before = [start for start in starts if start <= line]
    after = [start for start in starts if start > line]
    if not before:
        return 0, end
    return before[-1], after[0] - 1 if after else end
