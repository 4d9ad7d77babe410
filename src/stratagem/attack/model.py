"""One version of ATT&CK Enterprise as frozen data, and the questions that strategies ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ACTIVE, REVOKED, DEPRECATED = "active", "revoked", "deprecated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tactic:
    """A tactic: its id (TA0007), its short name as tags use it (discovery), its name."""

    id: str
    short_name: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """A technique or sub-technique. `platforms` None means that this version's table does not say."""

    id: str
    name: str
    """The official name without the parent's: "Cloud Groups"."""
    full_name: str
    """With the parent's: "Permission Groups Discovery: Cloud Groups"."""
    tactics: tuple[str, ...]
    """Short names: "discovery"."""
    platforms: tuple[str, ...] | None = None
    status: str = ACTIVE
    successors: tuple[str, ...] = ()
    """For a revoked technique: what took its place."""

    @property
    def parent(self) -> str | None:
        """The id of the technique that this is a sub-technique of."""
        head, dot, _ = self.id.partition(".")
        return head if dot else None

    @property
    def is_active(self) -> bool:
        return self.status == ACTIVE

    @property
    def url(self) -> str:
        """The technique's page."""
        return f"https://attack.mitre.org/techniques/{self.id.replace('.', '/')}/"

    def __str__(self) -> str:
        return f"{self.id} {self.full_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytic:
    """An analytic (AN0695) and the platforms that it is written for."""

    id: str
    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionStrategy:
    """ATT&CK's own detection strategy (DET0251): the techniques that it detects, by which analytics."""

    id: str
    name: str
    techniques: tuple[str, ...]
    analytics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One version of ATT&CK Enterprise. What a version's table leaves out is None, never an empty answer."""

    version: str
    source: str
    techniques: Mapping[str, Technique]
    tactics: tuple[Tactic, ...]
    platforms: tuple[str, ...] | None = None
    detection_strategies: Mapping[str, DetectionStrategy] | None = None
    analytics: Mapping[str, Analytic] | None = None
    _strategies_of: Mapping[str, tuple[DetectionStrategy, ...]] = field(default_factory=dict, repr=False)

    def technique(self, technique_id: str) -> Technique | None:
        """The technique with this id in any case, revoked and deprecated ones included."""
        return self.techniques.get(technique_id.upper())

    def successor(self, technique_id: str) -> Technique | None:
        """What took the place of a revoked id, followed to its end; None for an id that nothing replaced."""
        seen: set[str] = set()
        current = self.technique(technique_id)
        while current and current.successors and current.id not in seen:
            seen.add(current.id)
            current = self.technique(current.successors[0])
        return current if current and seen and current.id not in seen else None

    def tactic(self, name: str) -> Tactic | None:
        """The tactic by short name, name or id, in any case: "defense-evasion", "Defense Evasion", "TA0005"."""
        wanted = name.strip().lower().replace(" ", "-").replace("_", "-")
        return next((tactic for tactic in self.tactics if wanted in (tactic.short_name, tactic.id.lower())), None)

    def strategies_for(self, technique_id: str) -> tuple[DetectionStrategy, ...]:
        """The detection strategies that detect this technique; empty too where the version has none pinned."""
        return self._strategies_of.get(technique_id.upper(), ())

    def detection_strategy(self, strategy_id: str) -> DetectionStrategy | None:
        return (self.detection_strategies or {}).get(strategy_id.upper())

    def analytic(self, analytic_id: str) -> Analytic | None:
        return (self.analytics or {}).get(analytic_id.upper())

    def strategy_of_analytic(self, analytic_id: str) -> DetectionStrategy | None:
        """The detection strategy that refers to this analytic."""
        wanted = analytic_id.upper()
        strategies = (self.detection_strategies or {}).values()
        return next((strategy for strategy in strategies if wanted in strategy.analytics), None)
