"""The careful way through the scan: a record is decoded whole, its envelopes peeled, every source asked whose it is.

It takes anything, and it says what is right; the quick way must come to the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import xxhash

from stratagem.clock import NoTime, parse_time
from stratagem.detect.dropper import reason
from stratagem.detect.heads import pluck
from stratagem.detect.lane import Lane
from stratagem.detect.ledger import hash_uids, short
from stratagem.detect.model import Location
from stratagem.detect.reading import OUTSIDE, Event, Reading
from stratagem.detect.survivors import sorted_bytes
from stratagem.ingest.batch import Elements
from stratagem.ingest.salvage import embedded
from stratagem.sources import unwrap
from stratagem.sources._contract import Labels, Malformed, Native
from stratagem.sources._json import decode, encode

_OPENING = (b"{", b"[")
_MANY = 100_000
"""Ids that wait to be counted together."""


class Careful:
    """Takes texts and values one by one; counts and hits go to the reading's tally."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._uids: dict[str, list[str]] = {}

    def lines(self, data: bytes, offset: int) -> None:
        """Each line of `data`, which begins at byte `offset`."""
        for line in data.split(b"\n"):
            if line.strip():
                self.text(line, offset, 0, counted=True)
            offset += len(line) + 1

    def text(self, text: bytes, offset: int, index: int, *, counted: bool = False) -> None:
        """One JSON text, or a line that has one in it."""
        try:
            value = decode(text)
        except Malformed as error:
            self._unreadable(text, offset, index, str(error))
            return
        self.value(value, offset, index, counted=counted)

    def enveloped(self, item: bytes, batch: Elements, index: int) -> None:
        """An element whose envelope says something of it."""
        try:
            value = decode(item)
        except Malformed as error:
            self._reading.tally.quarantine(self._reading.at(batch.offset, index), str(error))
            return
        self.value({**batch.around, batch.key: [value]} if batch.key else value, batch.offset, index)

    def value(self, value: Any, offset: int, index: int, *, counted: bool = False) -> int:
        """Everything inside one value; how many things that were. With `counted` the records of one value are told
        apart by their index; an element of an array keeps its own."""
        position = 0
        for position, found in enumerate(unwrap.records(value), 1):
            self._found(found, self._reading.at(offset, index + position - 1 if counted else index))
        return position

    def settle(self) -> None:
        """Count the events so far together: hashing one id costs nearly what hashing a thousand does."""
        for source_id, uids in self._uids.items():
            self._reading.tally.events(source_id, hash_uids(uids, source_id))
        self._uids.clear()

    def _unreadable(self, text: bytes, offset: int, index: int, reason: str) -> None:
        """A prefix before the JSON (a time, a syslog header), values end to end, or no record at all."""
        texts, left = embedded(text)
        if not texts and text.lstrip()[:1] not in _OPENING:
            reason = "a line that is no JSON"
        values = []
        for each in texts:
            try:
                values.append(decode(each))
            except Malformed as error:
                left, reason = each, str(error)
        for value in values:
            index += self.value(value, offset, index, counted=True)
        if left:
            self._reading.tally.quarantine(self._reading.at(offset, index), reason)

    def _found(self, found: unwrap.Found, location: Location) -> None:
        reading, forced = self._reading, self._reading.forced
        if forced is not None and found.status == "unidentified":
            found = self._as_forced(found, forced)
        if found.status == "excluded":
            reading.tally.exclude(found.reason)
        elif found.status != "event" or found.source_id is None:
            reading.tally.quarantine(location, found.reason)
        elif forced is not None and found.source_id != forced:
            reading.tally.quarantine(location, f"not {forced}, looks like {found.source_id}")
        else:
            self._take(reading.lane(found.source_id), found.native, found.labels, location)

    def _as_forced(self, found: unwrap.Found, forced: str) -> unwrap.Found:
        """A record that no source recognises, taken for what the user says that it is, if it has that shape at all."""
        try:
            native, labels = self._reading.sources[forced].canonical(found.native)
        except Malformed as error:
            return replace(found, reason=f"not {forced}: {error}")
        return unwrap.Found(native=native, source_id=forced, labels=labels.under(found.labels))

    def _take(self, lane: Lane, native: Native, labels: Labels, location: Location) -> None:
        try:
            self._record(lane, native, labels, location)
        except RecursionError:
            self._reading.tally.quarantine(location, "nested too deep (limit)")
        except Malformed as error:
            self._reading.tally.quarantine(location, str(error))

    def _record(self, lane: Lane, native: Native, labels: Labels, location: Location) -> None:
        reading, source = self._reading, lane.source
        reading.here = lane
        time = source.time(native)
        try:
            moment = parse_time(time)
        except NoTime as error:
            reading.tally.quarantine(location, str(error))
            return
        if reading.window is not None and moment not in reading.window:
            reading.tally.exclude(OUTSIDE)
            return
        dropper = reading.dropper(lane.source_id)
        if dropper is not None and (dropped_by := dropper.one(native, time)) is not None:
            reading.tally.exclude(reason(dropped_by))
            return
        uid = source.uid(native) or xxhash.xxh3_128_hexdigest(sorted_bytes(native))
        if reading.wanted is not None:
            uid_hash = _hash(uid, lane)
            if uid_hash in reading.wanted.get(lane.source_id, ()):
                reading.note_copy(lane, native, uid_hash, location)
            return
        values = tuple(pluck(native, path) for path in source.dispatch)
        matched = [position for position in lane.candidates(values) if lane.test(position)(native)]
        if matched:
            assert time is not None
            event = Event(
                native=native,
                raw=encode(native),
                uid=uid,
                uid_hash=_hash(uid, lane),
                time=time,
                location=location,
                labels=labels,
            )
            reading.hit(lane, matched, event)
        reading.reach(lane.source_id, moment)
        if reading.sink is not None:
            reading.sink.add(lane.source_id, encode(native), uid, location, labels, reading.tally)
        self._uids.setdefault(lane.source_id, []).append(short(uid))
        if len(self._uids[lane.source_id]) > _MANY:
            self.settle()


def _hash(uid: str, lane: Lane) -> int:
    return int(hash_uids([uid], lane.source_id)[0])
