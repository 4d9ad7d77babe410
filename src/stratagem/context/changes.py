"""`changes/*.yml`: announced work. It lowers the level of what it explains, and never drops anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from stratagem.context.sheet import Claim, Sheet
from stratagem.places import Place
from stratagem.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One announced change. `weight` is below zero: steps by which a level is lowered."""

    id: str
    valid: Window
    scope: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """`clusters`, `accounts`, `tenants`, `namespaces`, `actors`, `strategies`: of each that is given, one must hold."""
    title: str = ""
    owner: str = ""
    weight: int = -1
    file: str = ""
    place: Place = (0, 0)

    def explains(self, facts: Mapping[str, Collection[str]]) -> bool:
        """Whether it is about an event of which these things are known, by the names of `scope`."""
        return all(not wanted.isdisjoint(facts.get(kind, ())) for kind, wanted in self.scope.items())


def read(sheet: Sheet) -> tuple[Change, ...]:
    """The changes of a file; what is wrong with them is noted on the sheet."""
    return tuple(_changes(sheet))


def claims(changes: tuple[Change, ...]) -> Iterator[Claim]:
    """Their ids: no two changes have one."""
    for change in changes:
        yield Claim(name=f"change {change.id}", valid=Window(), file=change.file, place=change.place)


def _changes(sheet: Sheet) -> Iterator[Change]:
    for path, entry in sheet.entries("changes"):
        yield Change(
            id=entry["id"],
            valid=sheet.window(entry, path, ("starts", "ends")),
            scope={kind: frozenset(values) for kind, values in entry["scope"].items()},
            title=entry.get("title", ""),
            owner=entry.get("owner", ""),
            weight=entry.get("weight", -1),
            file=sheet.file,
            place=sheet.at(f"{path}.id"),
        )
