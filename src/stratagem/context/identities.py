"""`identities.yml`: one actor, its names in each provider, and its class.

A name is a principal, or the beginning of principals (a `*` at its end). Its scope (cluster, account, tenant) is always
written out, so equal names of two clusters join only where both are written. The scope of a name may be an
`organization` of estate.yml: it then stands for each account of that organization, while it belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stratagem.context.entry import ALWAYS
from stratagem.context.estate import Estate
from stratagem.context.sheet import Claim, Sheet, quarrels
from stratagem.places import Place
from stratagem.window import Window

UNKNOWN = "unknown"
"""What context says of what its files do not name: a value like any other, never a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A principal (or, with `is_prefix`, every principal that begins so) and when it is this identity's.

    `actor` None: the principal itself is the actor.
    """

    principal: str
    is_prefix: bool = False
    actor: str | None = None
    actor_class: str = UNKNOWN
    owner: str = ""
    valid: Window = ALWAYS
    file: str = ""
    place: Place = (0, 0)
    written: str = ""
    """As the file has it: with the organization for a scope, where it was written so."""

    @property
    def pattern(self) -> str:
        """As a file would have it for this account alone."""
        return f"{self.principal}*" if self.is_prefix else self.principal


def read(sheet: Sheet, estate: Estate) -> tuple[Name, ...]:
    """Every name of a file, organizations resolved to their accounts; what is wrong is noted on the sheet."""
    names: list[Name] = []
    actors: list[Claim] = []
    for path, entry in sheet.entries("identities"):
        valid = sheet.window(entry, path)
        actor = entry.get("actor")
        if actor:
            actors.append(Claim(name=f"actor {actor}", valid=valid, file=sheet.file, place=sheet.at(f"{path}.actor")))
        for number, said in enumerate(entry["names"]):
            names += _names(sheet, f"{path}.names.{number}", said, entry, valid, estate)
    sheet.problems += quarrels(actors)
    sheet.problems += quarrels(
        Claim(name=name.pattern, valid=name.valid, file=name.file, place=name.place) for name in names
    )
    return tuple(names)


def _names(
    sheet: Sheet, path: str, said: Any, entry: Mapping[str, Any], valid: Window, estate: Estate
) -> Iterator[Name]:
    own = ALWAYS
    written: str = said if isinstance(said, str) else said["principal"]
    if not isinstance(said, str):
        own, path = sheet.window(said, path), f"{path}.principal"
    both = own.common(valid)
    if both is None:
        sheet.add("C-TIME", f"'{written}' is never valid while its identity is", sheet.at(path))
        return
    for principal, window in _resolved(written.removesuffix("*"), both, estate):
        yield Name(
            principal=principal,
            is_prefix=written.endswith("*"),
            actor=entry.get("actor"),
            actor_class=entry.get("class", UNKNOWN),
            owner=entry.get("owner", ""),
            valid=window,
            file=sheet.file,
            place=sheet.at(path),
            written=written,
        )


def _resolved(principal: str, valid: Window, estate: Estate) -> Iterator[tuple[str, Window]]:
    """The principal in each account of its scope, where that is an organization; else itself."""
    provider, scope, durable = principal.split(":", 2)
    accounts = estate.organization(scope)
    if not accounts:
        yield principal, valid
    for account in accounts:
        window = account.valid.common(valid)
        if window is not None:
            yield f"{provider}:{account.id}:{durable}", window
