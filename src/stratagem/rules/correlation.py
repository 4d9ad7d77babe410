"""A Sigma correlation after reading: plain frozen data, picklable, no pySigma inside. `correlations.py` makes these.

Sigma correlation rules 2.1, and ours: `absence` ("A and no B within N").
Source: https://github.com/SigmaHQ/sigma-specification, specification/sigma-correlation-rules-specification.md,
read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum


class CorrelationType(StrEnum):
    """Sigma's correlation types, and `absence`."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"
    VALUE_MEDIAN = "value_median"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One comparison of a condition; a range has two."""

    op: str
    """gte, gt, lte, lt, eq or neq."""
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    part: Term


Term = str | Both | Either | Without
"""An extended temporal condition: rule names joined by and, or, not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """A correlation ready to compile. `uid` is what findings carry as the rule's id."""

    uid: str
    name: str
    """How other correlations refer to it: its `name`, else its id."""
    title: str
    type: CorrelationType
    rules: tuple[str, ...]
    """References as written: rule names or ids of the document or folder, `strategy#rule`, `tag:<tag>`, or names of
    other correlations."""
    timespan: timedelta
    group_by: tuple[str, ...] = ()
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Group-by name -> reference -> the field that has it in that rule's events."""
    bounds: tuple[Bound, ...] = ()
    """All must hold. Empty for temporal types without a count."""
    field: tuple[str, ...] = ()
    """The field (or fields, counted as a tuple) of value_* types."""
    percentile: int | None = None
    expression: Term | None = None
    """The extended condition of temporal types; None: every rule."""
    generate: bool = False
    """Whether the referenced rules of the same document or folder also report on their own."""
    level: str = "medium"
    status: str = ""
    description: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    strategy: str | None = None
    """The strategy whose block this is; None for a plain Sigma document."""
