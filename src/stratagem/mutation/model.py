"""What a mutation is, and what the scenarios made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stratagem.strategy.model import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A strategy with one change to one clause."""

    part: str
    """The rule, correlation, baseline or filter that was changed, or `priority`."""
    kind: str
    """drop, negate, widen, narrow, swap or limit."""
    change: str
    """What was done, as a person would say it."""
    line: int
    made: Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A mutant, and the scenario that noticed it; None where none did: it survived."""

    mutant: Mutant
    killed_by: str | None = None

    @property
    def killed(self) -> bool:
        return self.killed_by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What became of one strategy's mutants."""

    strategy: str
    file: str
    outcomes: tuple[Outcome, ...] = ()
    skipped: str = ""
    """Why none was tried: scenarios that fail by themselves can notice nothing."""

    @property
    def score(self) -> float | None:
        """Share of the mutants that a scenario noticed; None where there was none."""
        return score(self.outcomes)

    def by_part(self) -> dict[str, tuple[Outcome, ...]]:
        """The outcomes of each rule, correlation, baseline, filter and of the priority block, in document order."""
        found: dict[str, tuple[Outcome, ...]] = {}
        for one in self.outcomes:
            found[one.mutant.part] = (*found.get(one.mutant.part, ()), one)
        return found


def score(outcomes: Sequence[Outcome]) -> float | None:
    """Share of the mutants that a scenario noticed."""
    return sum(one.killed for one in outcomes) / len(outcomes) if outcomes else None
