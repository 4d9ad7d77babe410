"""`estate.yml`: clusters, accounts and tenants with tier, owner, and the sources expected from each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stratagem.complaints import closest
from stratagem.context.entry import ALWAYS
from stratagem.context.sheet import Claim, Sheet, quarrels
from stratagem.places import Place
from stratagem.window import Window

KINDS = {"clusters": "cluster", "accounts": "account", "tenants": "tenant"}
"""Key of the file -> the column of events that holds its members' ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One cluster, account or tenant. `tier` None: not said."""

    kind: str
    id: str
    name: str = ""
    tier: str | None = None
    owner: str = ""
    organization: str | None = None
    sources: tuple[str, ...] = ()
    valid: Window = ALWAYS
    file: str = ""
    place: Place = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """All members, and what each tier weighs."""

    members: tuple[Member, ...] = ()
    tiers: Mapping[str, int] = field(default_factory=dict)

    def organization(self, name: str) -> tuple[Member, ...]:
        """The accounts of an organization."""
        return tuple(member for member in self.members if member.organization == name)


def read(sheet: Sheet) -> Estate:
    """The estate of a file; what is wrong with it is noted on the sheet."""
    tiers = dict(sheet.mapping("tiers"))
    members = tuple(_members(sheet, tiers))
    sheet.problems += quarrels(
        Claim(name=f"{member.kind} {member.id}", valid=member.valid, file=member.file, place=member.place)
        for member in members
    )
    return Estate(members=members, tiers=tiers)


def _members(sheet: Sheet, tiers: Mapping[str, int]) -> Iterator[Member]:
    from stratagem.sources import SOURCES

    for key, kind in KINDS.items():
        for path, entry in sheet.entries(key):
            tier = entry.get("tier")
            if tier is not None and tier not in tiers:
                fix = f"There are: {', '.join(tiers)}." if tiers else "Say under `tiers` what each tier weighs."
                message = f"tier '{tier}' is not among the `tiers` of this file{closest(tier, tiers)}"
                sheet.add("C-TIER", message, sheet.at(f"{path}.tier"), fix=fix)
            for number, source in enumerate(entry.get("sources", ())):
                if source not in SOURCES:
                    message = f"no source is called '{source}'{closest(source, SOURCES)}"
                    sheet.add("C-SOURCE", message, sheet.at(f"{path}.sources.{number}"), fix="See `stratagem sources`.")
            yield Member(
                kind=kind,
                id=entry["id"],
                name=entry.get("name", ""),
                tier=tier,
                owner=entry.get("owner", ""),
                organization=entry.get("organization"),
                sources=tuple(entry.get("sources", ())),
                valid=sheet.window(entry, path),
                file=sheet.file,
                place=sheet.at(f"{path}.id"),
            )
