"""The tool registry: which tools exist, of what kind, how each is installed, and which packages only look alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from stratagem import facts

_LOOK_ALIKES = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "|": "l", "$": "s"}
)
_CYRILLIC = str.maketrans("асеорхуікԁո", "aceopxyikdn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool that exists. `packages` are by package manager; `how` is a sentence on how to install it."""

    name: str
    kind: str
    about: str
    home: str
    aliases: tuple[str, ...] = ()
    packages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    how: str = ""
    commands: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that means this tool."""
        packages = (package for names in self.packages.values() for package in names if "/" not in package)
        return tuple(dict.fromkeys((self.name, *self.aliases, *self.commands, *packages)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Impostor:
    """A package with a tool's name that is another project."""

    manager: str
    package: str
    tool: str
    what: str
    source: str


@cache
def tools() -> tuple[Tool, ...]:
    """Every tool of the registry."""
    return tuple(_tool(entry) for entry in facts.load("tools")["tools"])


@cache
def impostors() -> tuple[Impostor, ...]:
    rows = facts.load("tools")["impostors"]
    return tuple(
        Impostor(manager=r["manager"], package=r["package"], tool=r["not"], what=r["is"], source=r["source"])
        for r in rows
    )


def plain_packages(manager: str) -> tuple[str, ...]:
    """Packages of a manager that are well known without being tools of the trade."""
    return tuple(facts.load("tools")["packages"].get(manager, ()))


def near_package(manager: str, name: str) -> str | None:
    """The well-known package of a manager that this name differs from by one letter, a swap or a look-alike."""
    known = (package for package in plain_packages(manager) if len(package) >= 5)
    plain = unmask(name)
    return next((package for package in known if edit_distance(plain, unmask(package), limit=1) <= 1), None)


def find(name: str) -> Tool | None:
    """The tool with this name, alias, command or package, in any case and with or without spaces and dashes."""
    return _by_name().get(fold(name))


def fold(name: str) -> str:
    """A name for comparison: lower case, without spaces, dashes, dots and underscores."""
    return re.sub(r"[\s\-_.]+", "", name.lower())


def unmask(name: str) -> str:
    """A folded name with look-alike characters brought back: "micr0bum" -> "microbum"."""
    return fold(name).translate(_CYRILLIC).translate(_LOOK_ALIKES)


def look_alike(name: str) -> Tool | None:
    """The tool that this unknown name is nearly the name of.

    Nearly: at most two letters differ once look-alike characters are brought back; three where the name used such
    characters, or is long and shares its first five letters. Short names must be nearer.
    """
    folded, plain = fold(name), unmask(name)
    best: tuple[int, Tool] | None = None
    for known, tool in _by_name().items():
        distance = edit_distance(plain, known, limit=3)
        if distance <= _allowed(folded, plain, known) and (best is None or distance < best[0]):
            best = distance, tool
    return best[1] if best else None


def suggestions(topics: Iterable[str], count: int = 4) -> tuple[Tool, ...]:
    """Tools of the trade for these topics, those that fit the fewest other topics first."""
    wanted = set(topics)
    fitting = [tool for tool in tools() if wanted & set(tool.topics) and not _is_vendor_client(tool)]
    return tuple(sorted(fitting, key=lambda tool: (len(tool.topics), tool.name))[:count])


def edit_distance(left: str, right: str, limit: int) -> int:
    """Letters to insert, delete, change or swap with a neighbour; `limit` + 1 where it is more than `limit`."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _allowed(folded: str, plain: str, known: str) -> int:
    masked = folded != plain
    if len(known) < 6:
        return int(masked and len(known) == 5)
    if len(known) < 8:
        return 1
    return 3 if masked or (len(plain) >= 8 and plain[:5] == known[:5]) else 2


def _is_vendor_client(tool: Tool) -> bool:
    return tool.home.startswith(
        ("https://docs.", "https://learn.", "https://cloud.", "https://kubernetes.", "https://helm.")
    )


def _tool(entry: Mapping[str, Any]) -> Tool:
    install: Mapping[str, Any] = entry.get("install", {})
    packages = {manager: tuple(names) for manager, names in install.items() if isinstance(names, list)}
    return Tool(
        name=entry["name"],
        kind=entry["kind"],
        about=entry["about"],
        home=entry["home"],
        aliases=tuple(entry.get("aliases", ())),
        packages=packages,
        how=_how(install, entry["home"]),
        commands=tuple(entry.get("commands", ())),
        functions=tuple(entry.get("functions", ())),
        topics=tuple(entry.get("topics", ())),
    )


_INSTALL = {
    "pip": "pip install {}",
    "brew": "brew install {}",
    "apt": "apt install {}",
    "go": "go install {}@VERSION",
    "psgallery": "Install-Module {}",
    "helm": "helm install {}",
}


def _how(install: Mapping[str, Any], home: str) -> str:
    manager, names = next(iter(install.items()), ("", ""))
    if isinstance(names, list):
        return _INSTALL[manager].format(names[0])
    return f"{names} ({home})" if home not in str(names) else str(names)


@cache
def _by_name() -> dict[str, Tool]:
    found: dict[str, Tool] = {}
    for tool in tools():
        for name in tool.names:
            found.setdefault(fold(name), tool)
    return found
