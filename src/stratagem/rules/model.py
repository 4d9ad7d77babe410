"""A Sigma rule after reading: plain frozen data, with the condition as a tree. Picklable, no pySigma inside.

The tree's leaves are tests on one field, or keyword tests on the whole record. Semantics are fixed by
`reference.py` and described in docs/reference/sigma-conformance.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from stratagem.rules.correlation import Correlation
from stratagem.window import Window


class Op(StrEnum):
    """What a test asks of a value."""

    EQUALS = "equals"
    """A number, a boolean, or text without wildcards, compared whole."""
    PATTERN = "pattern"
    """Text with Sigma wildcards: `parts` holds the literal pieces, None for `*`, 1 for `?`."""
    CONTAINS = "contains"
    STARTS_WITH = "startswith"
    ENDS_WITH = "endswith"
    REGEX = "re"
    CIDR = "cidr"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    EXISTS = "exists"
    IS_NULL = "null"
    FIELD_EQUALS = "fieldref"
    FIELD_STARTS_WITH = "fieldref_startswith"
    FIELD_ENDS_WITH = "fieldref_endswith"
    FIELD_CONTAINS = "fieldref_contains"
    TIMESTAMP_PART = "timestamp_part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One field asked one thing. `field` None is a keyword test over every value of the record."""

    __test__: ClassVar[bool] = False  # pytest collects classes called Test

    field: str | None
    op: Op
    value: Any = None
    """str, int, float, bool, None; for PATTERN a tuple of str, None (`*`) and 1 (`?`); for REGEX the expression."""
    cased: bool = False
    """Compare with case. Sigma compares without unless `|cased`; expressions have case unless the `i` flag is given."""
    flags: str = ""
    """REGEX flags of `i`, `m`, `s`; TIMESTAMP_PART the unit (minute, hour, day, week, month, year), and after a blank
    the comparison where it is not equality: `hour gte`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """`field[any|all|none|all_or_empty]` with a nested detection: the tests below see one array element at a time.

    Inside, the record is the element; the field `.` is the element itself (Sigma SEP 212).
    """

    field: str
    quantifier: str
    part: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Holds for events in `valid` on which the part holds: entries of lists that have a validity (`|expand`)."""

    part: Node
    valid: Window


Node = Test | And | Or | Not | Elements | Timed


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLogSource:
    """The rule's logsource as written."""

    product: str | None = None
    service: str | None = None
    category: str | None = None

    def __str__(self) -> str:
        return "/".join(part for part in (self.product, self.category, self.service) if part) or "(none)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter kept apart from the rule, evaluated after it, so that what it removes is counted.

    `expires` is an ISO date compared with *event* time; an expired filter no longer removes anything.
    """

    name: str
    condition: Node
    owner: str = ""
    reason: str = ""
    ticket: str = ""
    expires: str | None = None

    def is_over(self, moment: datetime) -> bool:
        """Whether it removes nothing of events of this time any more: its day (UTC) has begun."""
        return self.expires is not None and moment.astimezone(UTC).date().isoformat() >= self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A Sigma detection rule ready to compile. `uid` is what findings carry as the analytic's id."""

    uid: str
    title: str
    name: str = ""
    """The rule's `name`, by which correlations and filters call it; of a strategy's rule its name in the document."""
    logsource: RuleLogSource
    condition: Node
    """The condition; where `condition:` is a list, the Or of its entries."""
    named: Mapping[str, Node] = field(default_factory=dict)
    """The detection's selections by name, for `explain`."""
    level: str = "medium"
    status: str = ""
    description: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """The rule's `fields:` list: what an analyst wants to see."""
    filters: tuple[Filter, ...] = ()
    file: str = ""
    line: int = 0
    strategy: str | None = None
    """The strategy whose block this is; None for a plain Sigma rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A rule that cannot load, and the construct that stands in the way."""

    file: str
    line: int
    title: str
    construct: str
    reason: str
    fix: str = ""
    rule_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """What a folder of rules came to."""

    rules: tuple[Rule, ...]
    correlations: tuple[Correlation, ...] = ()
    rejected: tuple[Rejection, ...] = ()
