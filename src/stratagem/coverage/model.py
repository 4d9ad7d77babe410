"""What coverage says: for each technique, platform and source, who claims it and what of that is earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from stratagem.attack.model import Technique
from stratagem.scores import NONE, Scores


class State(StrEnum):
    """How far a claim is earned; the first is the best."""

    EARNED = "earned"
    """The strategy is proven, and its source is alive in every scope."""
    PARTLY = "partly"
    """Proven, and some scopes or some of its clauses are blind."""
    CLAIMED = "claimed"
    """Not proven, a draft, or its source is nowhere alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The last commit that touched a file."""

    commit: str
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A strategy that says it detects a technique from a source."""

    strategy: str
    status: str
    """The effective status: the lower of what the author intends and what proof allows."""
    state: State
    reasons: tuple[str, ...] = ()
    """Why it is not earned, or only in part."""
    since: datetime | None = None
    """Since when a source has been blind, as far as the events tell."""
    scores: Scores = NONE
    """How good the strategy's proof is, as far as it was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A technique on a platform, from a source. `platform` "" where no strategy names one."""

    technique: Technique
    platform: str
    source: str
    claims: tuple[Claim, ...]

    @property
    def state(self) -> State:
        """The best of its claims: one strategy that works is enough."""
        return min((one.state for one in self.claims), key=list(State).index)

    @property
    def strategies(self) -> tuple[str, ...]:
        return tuple(one.strategy for one in self.claims)

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is not earned, each reason with its strategy."""
        if self.state is State.EARNED:
            return ()
        return tuple(f"{one.strategy}: {reason}" for one in self.claims for reason in one.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """All cells by tactic, technique, platform and source."""

    attack_version: str
    cells: tuple[Cell, ...]
    unplaced: tuple[tuple[str, str], ...] = ()
    """Strategies that are in no cell, and why."""
    proven: datetime
    """When the scenarios ran."""
    lake: str | None = None
    """None: nobody looked whether sources are alive."""
    as_of: datetime | None = None
    """The moment that sources are judged at."""
    commit: Revision | None = None
    """The commit whose strategies these are; None: those that lie in the folder."""
    changed: Mapping[str, Revision] = field(default_factory=dict)
    """For a commit: the last one, up to then, that touched each strategy's document."""

    def count(self, state: State) -> int:
        """Cells in this state."""
        return sum(cell.state is state for cell in self.cells)

    @property
    def techniques(self) -> Mapping[str, tuple[Cell, ...]]:
        """The cells of each technique, by id."""
        found: dict[str, tuple[Cell, ...]] = {}
        for cell in self.cells:
            found[cell.technique.id] = (*found.get(cell.technique.id, ()), cell)
        return found
