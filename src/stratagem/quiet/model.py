"""What is said of a quiet strategy: one sentence for each cause, with its counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """Causes, in the order in which they are told: the first ones make the later ones pointless."""

    NOT_LOADED = "not_loaded"
    """A rule, correlation or baseline of it was rejected."""
    NO_EVENTS = "no_events"
    """Nothing came from a source that it reads."""
    DROPPED = "dropped"
    """An ingest rule drops records on which a rule of it could hold."""
    FIELD_ABSENT = "field_absent"
    """A field that it needs, or groups by, is in no event that could have matched."""
    NO_MATCH = "no_match"
    """Events came, and the condition of a rule holds on none of them."""
    FILTERED = "filtered"
    """Rules matched, and filters took the matches out."""
    BELOW_THRESHOLD = "below_threshold"
    """A correlation saw matches, and never enough of them together."""
    WARMING_UP = "warming_up"
    """A baseline has not observed for long enough."""
    USUAL = "usual"
    """A baseline is warm, and what happened is not unusual."""
    LEARNED_ONLY = "learned_only"
    """What was found lies before the span, where events only teach."""
    LOW_LEVEL = "low_level"
    """It found something, at levels that alert nobody."""
    NEVER_VALIDATED = "never_validated"
    """No scenario shows that it can find anything."""
    NOT_QUIET = "not_quiet"
    """It has findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One cause: a sentence, and the numbers in it."""

    why: Why
    says: str
    counts: Mapping[str, int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A strategy over a span of events."""

    strategy: str
    events: int
    """Events read, of whatever source."""
    findings: int
    causes: tuple[Cause, ...]
