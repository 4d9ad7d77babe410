"""What a lint check says. Drop a module into this folder that exports `PLUGIN = Check(...)`; nothing else is edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stratagem.attack import Attack
from stratagem.errors import Severity
from stratagem.strategy.model import Scenario, Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing a check found. `line` is the document line; `fix` says what to do, as a sentence."""

    message: str
    line: int = 0
    column: int = 0
    fix: str = ""
    severity: Severity | None = None
    """None: the check's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a check may look at beside the strategy: the other strategies and the pinned facts."""

    attack: Attack
    """ATT&CK in the strategy's version."""
    other_attack: Attack
    """The other pinned version, to tell mixed and moved ids."""
    strategies: tuple[Strategy, ...] = ()
    sources: tuple[str, ...] = field(default=())
    """Ids of the known sources."""
    bases: Path | None = None
    """The folder of the workspace's own event bases; scenarios may use them beside the packaged ones."""
    behaviour: Callable[[Strategy, Scenario], tuple[Any, ...]] | None = None
    """What runs the scenarios of strategies that correlate or learn (`strategy.proof.Behaviour`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One lint rule. `find` is pure: it yields what it sees and never raises on a broken document."""

    code: str
    """As printed: "L-ATT-01"."""
    severity: Severity
    catches: str
    """One line, for the reference page."""
    example: str
    """Markdown or a phrase that trips it, for the reference page."""
    find: Callable[[Strategy, Desk], Iterator[Hit]]
