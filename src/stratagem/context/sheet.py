"""One file of the context as it is read: its value with places, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from stratagem.complaints import complaints
from stratagem.context.entry import ALWAYS
from stratagem.context.schemas import schema
from stratagem.errors import Problem, Severity
from stratagem.places import Located, Place, read
from stratagem.window import Window


@dataclass(slots=True, kw_only=True)
class Sheet:
    """A file's value, and the problems that its readers find. Entries with an error are left out of what they give."""

    file: str
    located: Located
    problems: list[Problem] = field(default_factory=list)
    usable: bool = True
    """Whether the value can be gone through, but for `broken`."""
    broken: frozenset[str] = frozenset()
    """Paths of the entries that do not have the schema's shape; the others are read, so that all problems are told."""

    @classmethod
    def of(cls, path: Path, kind: str | Mapping[str, Any]) -> Sheet:
        """Read a file of a kind (the name of a schema of the context, or a schema); never raises. An empty file holds
        nothing."""
        try:
            text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        except (OSError, UnicodeDecodeError) as error:
            sheet = cls(file=str(path), located=Located(value=None, start=(0, 0)), usable=False)
            sheet.add("C-FILE", f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}")
            return sheet
        sheet = cls(file=str(path), located=read(text))
        for flaw in sheet.located.flaws:
            sheet.add("C-YAML", flaw.message, flaw.place, fix=flaw.fix)
        if sheet.located.value is None:
            sheet.usable = False
            return sheet
        sheet.usable = not sheet.problems and isinstance(sheet.located.value, Mapping | list)
        sheet._compare(kind)
        return sheet

    def _compare(self, kind: str | Mapping[str, Any]) -> None:
        wanted = schema(kind) if isinstance(kind, str) else kind
        found = complaints(wanted, self.located.value, whole="the file")
        for one in found:
            self.add("C-SCHEMA", one.message, self.located.place_of(one.path, key=one.at_key), fix=one.fix)
        self.broken = frozenset(".".join(one.path.split(".")[:depth]) for one in found for depth in (1, 2))

    def add(
        self, code: str, message: str, place: Place = (0, 0), *, fix: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Note a problem at a place of the file."""
        message = message if message.endswith((".", "?", "!")) else f"{message}."
        line, column = place
        self.problems.append(
            Problem(code=code, severity=severity, file=self.file, message=message, line=line, column=column, fix=fix)
        )

    def at(self, path: str) -> Place:
        """Where the value at a path begins."""
        return self.located.place_of(path)

    def entries(self, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(path, entry) for each entry of the list at a top-level key."""
        if self.usable and isinstance(self.located.value, Mapping):
            found = self.located.value.get(key)
            for number, entry in enumerate(found if isinstance(found, list) else ()):
                if f"{key}.{number}" not in self.broken:
                    yield f"{key}.{number}", entry

    def mapping(self, key: str) -> Mapping[str, Any]:
        """The mapping at a top-level key; empty where there is none, or something is wrong with it."""
        if not self.usable or not isinstance(self.located.value, Mapping) or key in self.broken:
            return {}
        found = self.located.value.get(key)
        return found if isinstance(found, Mapping) else {}

    def window(
        self, entry: Mapping[str, Any], path: str, names: tuple[str, str] = ("valid_from", "valid_to")
    ) -> Window:
        """The entry's validity; ALWAYS where it has none, or none that can be read."""
        moments = [self.moment(entry.get(name), f"{path}.{name}") for name in names]
        try:
            return Window(*moments)
        except ValueError:
            first, last = names
            self.add(
                "C-TIME", f"'{last}' is not after '{first}'", self.at(f"{path}.{last}"), fix="The end is excluded."
            )
            return ALWAYS

    def moment(self, value: Any, path: str) -> datetime | None:
        """A date (its first moment, UTC) or a time with zone."""
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.add("C-TIME", f"'{value}' is not in the calendar", self.at(path))
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def day_after(self, value: Any, path: str) -> datetime | None:
        """The end of a day that is the last one."""
        try:
            return datetime.combine(date.fromisoformat(str(value)), datetime.min.time(), UTC) + timedelta(days=1)
        except (ValueError, OverflowError):
            self.add("C-TIME", f"'{value}' is not in the calendar", self.at(path))
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A name that an entry claims for a time, and where it stands."""

    name: str
    valid: Window
    file: str
    place: Place


def quarrels(claims: Iterable[Claim], code: str = "C-OVERLAP") -> Iterator[Problem]:
    """A problem for each claim whose name and time an earlier one has."""
    held: dict[str, list[Claim]] = {}
    for claim in claims:
        for other in held.setdefault(claim.name, []):
            if claim.valid.overlaps(other.valid):
                line, column = claim.place
                yield Problem(
                    code=code,
                    severity=Severity.ERROR,
                    file=claim.file,
                    line=line,
                    column=column,
                    message=f"'{claim.name}' is already said for this time at {_where(other)}.",
                    fix="Keep one, or give both a validity (valid_from, valid_to) that does not overlap.",
                )
                break
        held[claim.name].append(claim)


def _where(claim: Claim) -> str:
    return f"{claim.file}:{claim.place[0]}:{claim.place[1]}"
