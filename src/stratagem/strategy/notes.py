"""The problems of one document, collected while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from stratagem.errors import Problem, Severity
from stratagem.places import Located, Place
from stratagem.strategy.schemas import complaints


@dataclass(slots=True, kw_only=True)
class Notes:
    """The problems found in one document, in the order they are found."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(
        self, code: str, message: str, place: Place = (0, 0), *, fix: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        line, column = place
        message = message if message.endswith((".", "?", "!")) else f"{message}."
        self.found.append(
            Problem(code=code, severity=severity, file=self.file, message=message, line=line, column=column, fix=fix)
        )

    def warn(self, code: str, message: str, place: Place = (0, 0), *, fix: str = "") -> None:
        self.add(code, message, place, fix=fix, severity=Severity.WARNING)

    def yaml(self, located: Located) -> None:
        """Note what is wrong with the YAML itself."""
        for flaw in located.flaws:
            self.add("S-YAML", flaw.message, flaw.place, fix=flaw.fix)

    def schema(self, name: str, located: Located, code: str) -> bool:
        """Note what breaks the schema; True when nothing does."""
        found = complaints(name, located.value)
        for complaint in found:
            place = located.place_of(complaint.path, key=complaint.at_key)
            self.add(code, complaint.message, place, fix=complaint.fix)
        return not found

    @property
    def in_order(self) -> tuple[Problem, ...]:
        """By place in the document."""
        return tuple(sorted(self.found, key=lambda problem: (problem.line, problem.column)))
