"""What became of every record: parsed, excluded, quarantined; copies are counted when all are in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from stratagem.detect.ledger import Hashes
from stratagem.detect.model import Location
from stratagem.sources._contract import Labels

_SAMPLES = 200
"""Quarantined records that are kept by place; all are counted by reason."""


_KINDS = 500
_REST = "other reasons"
_DETAIL = re.compile(r": line \d+ column \d+ \(char \d+\)| '[^']*'|: char \d+.*")
"""What differs from record to record in a reason: places and values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A record that could not be used, where it is and why."""

    location: Location
    reason: str


class Parked(NamedTuple):
    """A text that waits in the spool's file."""

    place: int
    size: int


class Sealed(NamedTuple):
    """A hit's finding as it will leave: what it is ordered by, and its line."""

    rank: int
    time: float
    """Seconds since 1970."""
    uid: str
    line: bytes | Parked
    """Empty: the finding is made from the record."""


class Hit(NamedTuple):
    """A rule that holds on an event, as a worker hands it on: small, picklable, the record still as JSON text."""

    rule: int
    """Index into the plan's rules."""
    source: str
    event_uid: str
    uid_hash: int
    time: str | int | float
    location: Location
    digest: int
    """xxh3-64 of `raw`: equal for copies that are the same byte for byte."""
    raw: bytes | Parked
    """The record's JSON text; empty once the hit is sealed."""
    labels: Labels
    filtered_by: str | None = None
    sealed: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of an event whose copies differ: what decides which of them stands."""

    source: str
    uid_hash: int
    revision: str | int
    record_hash: int
    location: Location


@dataclass(slots=True)
class Tally:
    """The counts of a scan. Adding two tallies gives the tally of both inputs."""

    records: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    samples: list[Quarantined] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    packed: list[Any] = field(default_factory=list)
    """Hits whose findings are written already, as `packed.Packed`."""
    unnormalised: Counter[str] = field(default_factory=Counter)
    """Events whose columns could not be made, by reason: evaluated by native rules, but not in the lake."""
    written: list[Any] = field(default_factory=list)
    """Files of the lake that wait for the commit."""
    copies: list[Copy] = field(default_factory=list)
    ids: dict[str, list[Hashes]] = field(default_factory=dict)
    latest: dict[str, datetime] = field(default_factory=dict)
    """The greatest event time of each source; only where the plan has analytics."""
    process: int = 0
    """Which process counted."""
    peak_memory_bytes: int = 0
    """The greatest resident memory of the process that counted."""

    def add(self, other: Tally) -> None:
        """Take in another tally's counts, all but its ids and packs: a ledger and a shelf take those."""
        self.records += other.records
        self.sources += other.sources
        self.excluded += other.excluded
        self.quarantined += other.quarantined
        self.unnormalised += other.unnormalised
        self.samples += other.samples
        self.hits += other.hits
        self.copies += other.copies
        self.written += other.written
        for source, time in other.latest.items():
            self.reach(source, time)

    def reach(self, source: str, time: datetime) -> None:
        """Note the time of a source's event."""
        if source not in self.latest or time > self.latest[source]:
            self.latest[source] = time

    def exclude(self, reason: str) -> None:
        self.records += 1
        self.excluded[reason] += 1

    def quarantine(self, location: Location, reason: str) -> None:
        """Count by kind of reason; the first ones are kept with their place and the reason in full."""
        self.records += 1
        kind = _DETAIL.sub("", reason)
        self.quarantined[kind if kind in self.quarantined or len(self.quarantined) < _KINDS else _REST] += 1
        if len(self.samples) < _SAMPLES:
            self.samples.append(Quarantined(location=location, reason=reason))

    def events(self, source: str, hashes: Hashes) -> None:
        """Count parsed events of one source by their id hashes."""
        if not len(hashes):
            return
        self.records += len(hashes)
        self.sources[source] += len(hashes)
        self.ids.setdefault(source, []).append(hashes)
