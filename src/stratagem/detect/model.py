"""Matches and findings: what the scan gives, and what a strategy reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

from stratagem.sources._contract import NO_LABELS, Labels


class Location(NamedTuple):
    """Where a record stands. `offset` is the byte offset of its line or document in the decompressed file;
    `index` its place inside that document (0 for a line that is one record)."""

    file: str
    offset: int
    index: int = 0  # type: ignore[assignment]  # shadows tuple.index, which no place needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A rule hit on one event. `native` is the canonical record."""

    rule_uid: str
    source: str
    event_uid: str
    record_hash: int
    """xxh3-64 of the canonical record's bytes: of copies with one uid and revision, the greatest hash survives."""
    location: Location
    native: Mapping[str, Any]
    labels: Labels = NO_LABELS
    filtered_by: str | None = None
    """The filter that took it out; such a match is counted and listed, never reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An event behind a finding."""

    event_uid: str
    source: str
    location: Location
    time: datetime | None
    native: Mapping[str, Any] = field(default_factory=dict)
    ocsf: Mapping[str, Any] = field(default_factory=dict)
    """The event's OCSF columns (nested), as the source's projection gives them."""


@runtime_checkable
class Lined(Protocol):
    """Findings that can write themselves as OCSF lines, quicker than one by one."""

    def lines(self) -> Iterator[bytes]:
        """Each finding as JSON, without a line end, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a strategy or a Sigma rule reports. `uid` depends on the analytic, rule, key and event alone."""

    uid: str
    analytic_uid: str
    """Strategy id, or the Sigma rule's id."""
    analytic_name: str
    rule_uid: str
    rule_name: str
    title: str
    level: str
    """informational, low, medium, high or critical, after the priority block."""
    level_because: str
    time: datetime
    attacks: tuple[str, ...]
    """ATT&CK technique and tactic tags, as in the rule or the front matter: ids ("T1610")."""
    attack_version: str
    evidences: tuple[Evidence, ...]
    labels: Labels = NO_LABELS
    principal: str | None = None
    description: str = ""
    status: str = "live"
    """The strategy's status; `rule` for a plain Sigma rule."""
    strategy_file: str | None = None
    next_steps: tuple[str, ...] = ()
    key: Mapping[str, str] = field(default_factory=dict)
    """Of a correlation's or baseline's finding: what it was grouped by, and what was learned, by name."""
    measure: Mapping[str, str | int | float] = field(default_factory=dict)
    """What was seen and what was asked."""
    count: int = 1
    """Events behind it; `evidences` may show only the first of them."""
    span: tuple[datetime, datetime] | None = None
    """Times of the first and last of several events; None: those of the evidences."""
