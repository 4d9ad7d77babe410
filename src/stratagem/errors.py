"""What can go wrong, and how it is told: what, where, how to fix.

Errors stop one operation; problems are collected, so that checking reports all of them at once.

    StratagemError
    ├── UsageError          a flag, a path or a configuration value is wrong     exit 3
    ├── ContentError        strategies or rules that cannot load                 exit 2
    └── InputError          a log that cannot be read at all                     exit 2 under --strict
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class StratagemError(Exception):
    """Base of every error that stratagem raises on purpose. `exit_code` is design section 10's."""

    exit_code = 1


class UsageError(StratagemError):
    """The command, a path or a configuration value is not usable as given."""

    exit_code = 3


class InputError(StratagemError):
    """A log file that cannot be read at all (missing, unreadable, not what it says it is)."""

    exit_code = 2


class Severity(StrEnum):
    """How much a problem matters: an error blocks, a warning wants a look, info is for the record."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a document or a rule, at its place.

    `line` and `column` count from 1; 0 means that the problem belongs to the whole file.
    """

    code: str
    severity: Severity
    file: str
    message: str
    line: int = 0
    column: int = 0
    fix: str = ""

    @property
    def where(self) -> str:
        """`file:line:column`, as editors and terminals make clickable."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        text = f"{self.where}: {self.code}: {self.message}"
        return f"{text} {self.fix}" if self.fix else text


class ContentError(StratagemError):
    """Strategies or rules that cannot load; carries every problem found, not the first."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
