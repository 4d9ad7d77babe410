"""What a baseline had learned at a moment, and how warm it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from stratagem.baselines._contract import Baseline, Learned
from stratagem.learned.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One baseline at a moment. `entries` are by entity, each entity's own row before its values."""

    baseline: Baseline
    as_of: datetime
    matches: int
    """Observations that reached the baseline."""
    left_out: int
    """Observations that lack a field of the entity."""
    entries: tuple[Learned, ...]
    picture: Picture | None = None

    @property
    def entities(self) -> tuple[Learned, ...]:
        return tuple(entry for entry in self.entries if entry.value is None)

    def values_of(self, key: str) -> tuple[Learned, ...]:
        return tuple(entry for entry in self.entries if entry.key == key and entry.value is not None)

    def warmth(self, entity: Learned) -> str:
        """ "warm", or what is missing: "12 of 14 days; will not alert yet"."""
        return "warm" if entity.warm else f"{self.missing(entity)}; will not alert yet"

    def missing(self, entity: Learned) -> str:
        """What an entity in warm-up lacks: "12 of 14 days, 7 of 20 observations"."""
        return ", ".join(self._missing(entity)) or "usually quiet for longer than the history"

    def _missing(self, entity: Learned) -> Iterator[str]:
        since = datetime.fromisoformat(entity.facts["since"])
        unit, word = (timedelta(days=1), "days") if self.baseline.warm_up >= timedelta(days=2) else (_HOUR, "hours")
        if self.as_of - since < self.baseline.warm_up:
            yield f"{(self.as_of - since) // unit} of {-(-self.baseline.warm_up // unit)} {word}"
        if int(entity.facts["counted"]) < self.baseline.min_observations:
            yield f"{int(entity.facts['counted']):,} of {self.baseline.min_observations:,} observations"


_HOUR = timedelta(hours=1)


def shown_key(key: str) -> str:
    """An entity for people: its parts, of which the empty ones are left out."""
    return " · ".join(part for part in json.loads(key) if part) or "(all)"


def shown_value(value: str) -> str:
    """A value for people: where it has several parts, these."""
    if value.startswith("["):
        try:
            return " · ".join(map(str, json.loads(value)))
        except ValueError:
            return value
    return value
