"""How good proofs are, kept by the content of all that decides it: the scores of `test --mutate` and `test --evade`.

Measuring takes a minute or two; whoever shows a score afterwards reads it here, and has none once a document changed.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import stratagem
from stratagem import cache
from stratagem.context.entry import Lists
from stratagem.strategy.model import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What was measured of one strategy; None where nobody has."""

    mutants: int | None = None
    killed: int | None = None
    attempts: int | None = None
    """Positive scenarios in other ways."""
    caught: int | None = None

    @property
    def mutation(self) -> float | None:
        """Share of the changed conditions that a scenario notices."""
        return self.killed / self.mutants if self.mutants and self.killed is not None else None

    @property
    def evasion(self) -> float | None:
        """Share of the evasions that are still caught."""
        return self.caught / self.attempts if self.attempts and self.caught is not None else None

    def __str__(self) -> str:
        said = []
        if self.mutation is not None:
            said.append(f"{self.killed} of {self.mutants} changed conditions are noticed")
        if self.evasion is not None:
            said.append(f"{self.caught} of {self.attempts} evasions are caught")
        return ", ".join(said)


NONE = Scores()


def key(strategies: Sequence[Strategy], lists: Lists, bases: Path | None) -> str:
    """Of a strategy and those that it refers to: what the scores depend on, code included."""
    seen = hashlib.sha256(f"{stratagem.__version__} {_code()}".encode())
    for one in strategies:
        seen.update(repr(replace(one, file="", blocks=(), sections={}, unknown_sections=())).encode())
    seen.update(repr(sorted(lists.items())).encode())
    for file in sorted(bases.rglob("*.json")) if bases else ():
        seen.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return seen.hexdigest()


def load(of: str) -> Scores:
    """The scores kept under a key; none where there are none, or they cannot be read."""
    try:
        told: Any = json.loads(_place(of).read_text("utf-8"))
        return Scores(**{name: told[name] for name in asdict(NONE) if isinstance(told.get(name), int)})
    except (OSError, ValueError, AttributeError):
        return NONE


def keep(of: str, found: Mapping[str, int]) -> None:
    """Add what was measured to what is kept."""
    given: dict[str, Any] = dict(found)
    cache.keep(_place(of), json.dumps(asdict(replace(load(of), **given))).encode())


def _place(of: str) -> Path:
    return cache.folder() / "scores" / f"{of}.json"


@functools.cache
def _code() -> str:
    """Changes when a module or an event base does."""
    package = Path(stratagem.__file__).parent
    files = (file for ending in ("*.py", "*.json", "*.yml") for file in package.rglob(ending))
    states = sorted((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return hashlib.sha256(repr(states).encode()).hexdigest()
