"""What both ways through the scan share while a file is read: what was asked, the lanes, the place, the tally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import xxhash

from stratagem.detect.compile import Plan
from stratagem.detect.dropper import Dropper
from stratagem.detect.informed import taken_out_by
from stratagem.detect.lane import Lane
from stratagem.detect.model import Location
from stratagem.detect.pieces import Pieces
from stratagem.detect.survivors import rank
from stratagem.detect.tally import Copy, Hit, Tally
from stratagem.sources._contract import Labels, Native, Source
from stratagem.sources._json import decode
from stratagem.window import Window

OUTSIDE = "outside --from/--to"
MANY = 4096
"""Matches that wait for the context together."""


class Sink(Protocol):
    """Who takes every event, for the lake and for rules on columns."""

    def add_batch(
        self, source_id: str, file: str, pieces: Pieces, uids: Sequence[str], skip: set[int], tally: Tally
    ) -> None:
        """The rows of a quick batch, but for those in `skip`."""

    def add(self, source_id: str, raw: bytes, uid: str, location: Location, labels: Labels, tally: Tally) -> None:
        """One event as canonical JSON text."""


class Observes(Protocol):
    """Who keeps what the analytics of the plan need of events."""

    def take(
        self,
        rule: int,
        source: str,
        native: Native,
        labels: Labels,
        uid: str,
        uid_hash: int,
        time: str | int | float,
        location: Location,
        digest: int,
    ) -> None:
        """One event on which an observed rule holds, with its whole canonical record."""


class Event(NamedTuple):
    """An event that rules hold on: what its hits say of it."""

    native: Native
    """The canonical record, or as much of it as the rules and their filters read."""
    raw: bytes
    uid: str
    uid_hash: int
    time: str | int | float
    location: Location
    labels: Labels


class Waits(NamedTuple):
    """A match of which a filter asks the context: who acted is known once the event's columns are made."""

    lane: Lane
    position: int
    """Of the rule, in the lane."""
    event: Event
    digest: int


@dataclass(slots=True, kw_only=True)
class Reading:
    """One scan under way. Its lanes are caches: results depend on what is read alone."""

    plan: Plan
    sources: Mapping[str, Source]
    forced: str | None = None
    window: Window | None = None
    sink: Sink | None = None
    wanted: Mapping[str, frozenset[int]] | None = None
    """Not a scan for hits: copies of these events are noted, by source and id hash."""
    observer: Observes | None = None
    file: str = ""
    tally: Tally = field(default_factory=Tally)
    here: Lane | None = None
    """The lane of the record before: lines and elements that follow are taken for its like until one is not."""
    waiting: list[Waits] = field(default_factory=list)
    connection: Any = None
    """DuckDB's, once the context has been asked."""
    lanes: dict[str, Lane] = field(default_factory=dict)
    droppers: dict[str, Dropper] = field(default_factory=dict)

    def lane(self, source_id: str) -> Lane:
        if source_id not in self.lanes:
            self.lanes[source_id] = Lane(source_id, self.sources[source_id], self.plan)
        return self.lanes[source_id]

    def dropper(self, source_id: str) -> Dropper | None:
        """The source's ingest rules; None where it has none."""
        if source_id not in self.plan.dropping:
            return None
        if source_id not in self.droppers:
            self.droppers[source_id] = Dropper(source_id, self.sources[source_id], self.plan)
        return self.droppers[source_id]

    def at(self, offset: int, index: int = 0) -> Location:
        return Location(self.file, offset, index)

    def hit(self, lane: Lane, matched: Sequence[int], event: Event) -> None:
        """Note that the rules at these positions of the lane hold on the event.

        Every match of a native rule comes by here, whichever way its record took.
        """
        digest = xxhash.xxh3_64_intdigest(event.raw)
        for position in matched:
            filtered_by = filtered(lane, position, event)
            if filtered_by is None and lane.asking(position):
                self.waiting.append(Waits(lane, position, event, digest))
            else:
                self._keep(lane, lane.rules[position], event, digest, filtered_by)
        if len(self.waiting) >= MANY:
            self.settle()

    def settle(self) -> None:
        """Decide on the matches that wait for the context; before the tally is taken."""
        if not self.waiting:
            return
        from stratagem.detect.waiting import decided
        from stratagem.events.query import connect

        self.connection = self.connection or connect(threads=1)  # kept: files may be small and many
        waiting, self.waiting = self.waiting, []
        taken_out = decided(waiting, self.plan, self.sources, self.connection)
        for one, filtered_by in zip(waiting, taken_out, strict=True):
            self._keep(one.lane, one.lane.rules[one.position], one.event, one.digest, filtered_by)

    def _keep(self, lane: Lane, rule: int, event: Event, digest: int, filtered_by: str | None) -> None:
        if filtered_by is None and self.observer is not None and rule in self.plan.observed:
            self._observe(self.observer, rule, lane, event, digest)
        if filtered_by is None and rule in self.plan.quiet:
            return
        self.tally.hits.append(
            Hit(
                rule,
                lane.source_id,
                event.uid,
                event.uid_hash,
                event.time,
                event.location,
                digest,
                event.raw,
                event.labels,
                filtered_by,
            )
        )

    def _observe(self, observer: Observes, rule: int, lane: Lane, event: Event, digest: int) -> None:
        native = decode(event.raw)  # an event's own record may be cut to what rules read
        observer.take(
            rule, lane.source_id, native, event.labels, event.uid, event.uid_hash, event.time, event.location, digest
        )

    def reach(self, source_id: str, time: datetime) -> None:
        """Note the time of an event, where absence or silence may depend on it."""
        if self.plan.analytics:
            self.tally.reach(source_id, time)

    def note_copy(self, lane: Lane, native: Native, uid_hash: int, location: Location) -> None:
        revision, digest = rank(lane.source, native)
        self.tally.copies.append(Copy(lane.source_id, uid_hash, revision, digest, location))


def filtered(lane: Lane, position: int, event: Event) -> str | None:
    """The first filter of the rule that holds and has not expired by the event's own time."""
    filters = lane.filters(position)
    return taken_out_by(filters, event.native, event.time) if filters else None


def joined(uid: Any) -> str:
    """The id of a head's values: text as it is, several joined."""
    if isinstance(uid, str):
        return uid
    parts = uid if isinstance(uid, tuple) else (uid,)
    return "/".join(part if isinstance(part, str) else "" for part in parts)
