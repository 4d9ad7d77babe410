"""What happens, in the words of scenarios and techniques: an event of a base, again and again, and what was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioEvent:
    """One event of a scenario: a named base and what differs. `at` is an offset from the scenario's start ("90s")."""

    base: str
    set: Mapping[str, Any] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    at: str = "0s"
    repeat: int = 1
    """How often it happens, `every` so long; each time with an id of its own."""
    every: str = "1s"
    vary: Mapping[str, Any] = field(default_factory=dict)
    """Path -> a list whose entries the repetitions take in turn, or a text in which {n} is the repetition's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What happens again and again in a history: an event, and how often."""

    event: ScenarioEvent
    per_day: float | None = None
    """On average, at moments that the seed draws; None: one each `event.every`."""
    hours: tuple[int, int] = (0, 24)
    """Only between these hours of the day, UTC."""
    weekdays: bool = False
    days: tuple[int, int] | None = None
    """Only on these days of the history, the second left out."""
    until: str = "0s"
    """How long it goes on after the history's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened before the events under test: habits over so many days, or a recorded log file."""

    days: int = 0
    seed: int = 1
    habits: tuple[Habit, ...] = ()
    recorded: str | None = None
