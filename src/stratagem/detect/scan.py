"""Scan: every record is split, syntax-checked, identified and counted; the few that a rule may hold on are matched.

Two paths give the same result. The careful one decodes a record whole, peels its envelopes, asks every source whose it
is and brings it to its canonical shape. The quick one reads only the head fields of records that stand in the shape of
the record before them, and hands anything odd to the careful one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

import msgspec
import numpy as np
import xxhash

from stratagem.detect.clock import NoTime, not_plainly_utc, parse_time
from stratagem.detect.compile import Plan
from stratagem.detect.heads import pluck
from stratagem.detect.lane import Lane
from stratagem.detect.ledger import hash_uids, short
from stratagem.detect.model import Location
from stratagem.detect.pieces import ItemPieces, LinePieces, Pieces
from stratagem.detect.sieve import Sieve
from stratagem.detect.survivors import rank, sorted_bytes
from stratagem.detect.tally import Copy, Hit, Tally
from stratagem.ingest.batch import Bad, Batch, Elements, Lines, Row
from stratagem.ingest.salvage import embedded
from stratagem.sources import unwrap
from stratagem.sources._contract import Labels, Malformed, Native, Source
from stratagem.sources._json import decode, encode
from stratagem.window import Window

_BARE = frozenset({"", "Records", "records", "value", "items"})
"""Envelope members whose neighbours say nothing about their elements."""
_UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_OPENING = (b"{", b"[")
_UNUSABLE = (Malformed, RecursionError)
"""What a record that only its head shows to be well-formed may still raise: it goes the careful way."""
_SINGLES = 100_000
"""Ids of the careful path that wait to be counted together."""
_SMALL = 65_536
_OUTSIDE = "outside --from/--to"


class Sink(Protocol):
    """Who takes every event, for the lake and for rules on columns."""

    def add_batch(
        self, source_id: str, file: str, pieces: Pieces, uids: Sequence[str], skip: set[int], tally: Tally
    ) -> None:
        """The rows of a quick batch, but for those in `skip`."""

    def add(self, source_id: str, raw: bytes, uid: str, location: Location, labels: Labels, tally: Tally) -> None:
        """One event as canonical JSON text."""


class Scanner:
    """Runs a plan over batches of one file after another. Its state is caches: results depend on the batches alone."""

    def __init__(
        self,
        plan: Plan,
        sources: Mapping[str, Source],
        *,
        forced: str | None = None,
        window: Window | None = None,
        sink: Sink | None = None,
        wanted: Mapping[str, frozenset[int]] | None = None,
    ) -> None:
        self._plan = plan
        self._sources = sources
        self._forced = forced
        self._window = window
        self._sink = sink
        self._wanted = wanted
        self._lanes: dict[str, Lane] = {}
        self._sieves: dict[str, Sieve] = {}
        self._here: Lane | None = None
        self._file = ""
        self._single: dict[str, list[str]] = {}
        self.tally = Tally()

    def scan(self, file: str, batches: Iterable[Batch]) -> None:
        """Scan one file; counts and hits go to `tally`."""
        self._file, self._here = file, None
        for batch in batches:
            self._batch(batch)
            if sum(map(len, self._single.values())) > _SINGLES:
                self._count_singles()
        self._count_singles()

    def _batch(self, batch: Batch) -> None:
        match batch:
            case Lines():
                self._lines(batch)
            case Elements():
                self._elements(batch)
            case Row():
                self._value(dict(batch.value), batch.offset, 0, counted=True)
            case Bad():
                self.tally.quarantine(self._at(batch.offset), batch.reason)

    def _count_singles(self) -> None:
        """Count the events of the careful path together: hashing one id costs nearly what hashing a thousand does."""
        for source_id, uids in self._single.items():
            self.tally.events(source_id, hash_uids(uids, source_id))
        self._single.clear()

    # The quick path.

    def _lines(self, batch: Lines) -> None:
        data, offset = batch.data, batch.offset
        if self._here is None:
            head, _, data = data.partition(b"\n")
            self._each_line(head, offset)
            offset += len(head) + 1
            if self._here is None:
                self._each_line(data, offset)
                return
        lane = self._here
        if lane.heads is None or not _is_text(data):
            self._each_line(data, offset)
            return
        try:
            heads = lane.heads.lines(data)
        except _UNREADABLE:
            self._each_line(data, offset)
            return
        pieces = LinePieces(data, offset, len(heads))
        if heads and pieces.are_lines:
            self._quick(lane, heads, pieces)
        else:
            self._each_line(data, offset)

    def _elements(self, batch: Elements) -> None:
        items, first = batch.items, batch.first
        if not items:
            return
        if batch.key not in _BARE or batch.around:
            for index, item in enumerate(items, first):
                self._enveloped(item, batch, index)
            return
        if self._here is None and len(items) > 1:
            self._careful(items[0], batch.offset, first)
            items, first = items[1:], first + 1
        # A document that is no array may still hold many records, deeper down.
        is_document = not batch.key and len(batch.items) == 1 and not batch.first
        lane = self._here
        if lane is not None and lane.heads is not None and not is_document:
            try:
                heads = [lane.heads.one(item) for item in items]
            except _UNREADABLE:
                pass
            else:
                if all(_is_text(item) for item in items):
                    self._quick(lane, heads, ItemPieces(items, batch.offset, first))
                    return
        for index, item in enumerate(items, first):
            self._careful(item, batch.offset, index, counted=is_document)

    def _quick(self, lane: Lane, heads: Sequence[Any], pieces: Pieces) -> None:
        """Count, identify, date and match records by their heads; `pieces` finds a record's bytes where needed."""
        reader = lane.heads
        assert reader is not None
        uids, times = reader.uids(heads), reader.times(heads)
        sieve = self._sieve(lane)
        verdicts = sieve.verdicts(reader.keys(heads))
        loud = [row for row, verdict in enumerate(verdicts) if verdict.loud]
        odd = {row for row in loud if verdicts[row].odd}
        odd |= _unusable(uids, times, numbers=lane.source.time_numbers)
        outside = self._outside(times, odd)
        skip = odd | outside
        hashes = hash_uids(_texts(uids), lane.source_id)
        if self._wanted is not None:
            self._note_copies(lane, hashes, pieces, skip)
        elif lane.rules:
            for row, candidates in sieve.suspects(loud, verdicts, pieces):
                if row not in skip:
                    try:
                        self._match_raw(lane, candidates, pieces[row], uids[row], int(hashes[row]), times[row])
                    except _UNUSABLE:
                        odd.add(row)
            skip = odd | outside
        self.tally.events(lane.source_id, np.delete(hashes, sorted(skip)) if skip else hashes)
        for row in sorted(odd):
            self._careful(*pieces[row], counted=isinstance(pieces, LinePieces))
        for _ in outside:
            self.tally.exclude(_OUTSIDE)
        if self._sink is not None:
            self._sink.add_batch(lane.source_id, self._file, pieces, _texts(uids), skip, self.tally)

    def _note_copies(self, lane: Lane, hashes: Any, pieces: Pieces, skip: set[int]) -> None:
        assert self._wanted is not None
        wanted = np.array(sorted(self._wanted.get(lane.source_id, ())), dtype=np.uint64)
        for row in np.flatnonzero(np.isin(hashes, wanted)).tolist():
            if row not in skip:
                raw, offset, index = pieces[row]
                with suppress(*_UNUSABLE):
                    self._note_copy(lane, decode(raw), int(hashes[row]), self._at(offset, index))

    def _note_copy(self, lane: Lane, native: Native, uid_hash: int, location: Location) -> None:
        revision, digest = rank(lane.source, native)
        self.tally.copies.append(Copy(lane.source_id, uid_hash, revision, digest, location))

    def _outside(self, times: Sequence[Any], odd: set[int]) -> set[int]:
        if self._window is None:
            return set()
        return {row for row, time in enumerate(times) if row not in odd and parse_time(time) not in self._window}

    def _sieve(self, lane: Lane) -> Sieve:
        if lane.source_id not in self._sieves:
            self._sieves[lane.source_id] = Sieve(lane)
        return self._sieves[lane.source_id]

    def _match_raw(
        self, lane: Lane, candidates: Sequence[int], piece: tuple[bytes, int, int], uid: Any, uid_hash: int, time: Any
    ) -> None:
        raw, offset, index = piece
        native = decode(raw)
        matched = [position for position in candidates if lane.test(position)(native)]
        if matched:
            native, labels = lane.source.canonical(native)
            self._hits(
                lane,
                matched,
                native,
                labels,
                uid if isinstance(uid, str) else _joined(uid),
                uid_hash,
                time,
                self._at(offset, index),
                raw,
            )

    # The careful path.

    def _each_line(self, data: bytes, offset: int) -> None:
        for line in data.split(b"\n"):
            if line.strip():
                self._careful(line, offset, 0, counted=True)
            offset += len(line) + 1

    def _careful(self, text: bytes, offset: int, index: int, *, counted: bool = False) -> None:
        """One JSON text, or a line that has one in it."""
        try:
            value = decode(text)
        except Malformed as error:
            self._unreadable(text, offset, index, str(error))
            return
        self._value(value, offset, index, counted=counted)

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
            index += self._value(value, offset, index, counted=True)
        if left:
            self.tally.quarantine(self._at(offset, index), reason)

    def _enveloped(self, item: bytes, batch: Elements, index: int) -> None:
        try:
            value = decode(item)
        except Malformed as error:
            self.tally.quarantine(self._at(batch.offset, index), str(error))
            return
        self._value({**batch.around, batch.key: [value]} if batch.key else value, batch.offset, index)

    def _value(self, value: Any, offset: int, index: int, *, counted: bool = False) -> int:
        """Everything inside one value; how many things that were. With `counted` the records of one value are told
        apart by their index; an element of an array keeps its own."""
        position = 0
        for position, found in enumerate(unwrap.records(value), 1):
            location = self._at(offset, index + position - 1 if counted else index)
            if self._forced is not None and found.status == "unidentified":
                found = self._as_forced(found)
            if found.status == "excluded":
                self.tally.exclude(found.reason)
            elif found.status != "event" or found.source_id is None:
                self.tally.quarantine(location, found.reason)
            elif self._forced is not None and found.source_id != self._forced:
                self.tally.quarantine(location, f"not {self._forced}, looks like {found.source_id}")
            else:
                self._take(self._lane(found.source_id), found.native, found.labels, location)
        return position

    def _as_forced(self, found: unwrap.Found) -> unwrap.Found:
        """A record that no source recognises, taken for what the user says that it is, if it has that shape at all."""
        assert self._forced is not None
        try:
            native, labels = self._sources[self._forced].canonical(found.native)
        except Malformed as error:
            return replace(found, reason=f"not {self._forced}: {error}")
        return unwrap.Found(native=native, source_id=self._forced, labels=labels.under(found.labels))

    def _take(self, lane: Lane, native: Native, labels: Labels, location: Location) -> None:
        try:
            self._record(lane, native, labels, location)
        except RecursionError:
            self.tally.quarantine(location, "nested too deep (limit)")
        except Malformed as error:
            self.tally.quarantine(location, str(error))

    def _record(self, lane: Lane, native: Native, labels: Labels, location: Location) -> None:
        self._here = lane
        source = lane.source
        time = source.time(native)
        try:
            moment = parse_time(time)
        except NoTime as error:
            self.tally.quarantine(location, str(error))
            return
        if self._window is not None and moment not in self._window:
            self.tally.exclude(_OUTSIDE)
            return
        uid = source.uid(native) or f"{xxhash.xxh3_128_hexdigest(sorted_bytes(native))}"
        if self._wanted is not None:
            uid_hash = _hash(uid, lane)
            if uid_hash in self._wanted.get(lane.source_id, ()):
                self._note_copy(lane, native, uid_hash, location)
            return
        values = tuple(pluck(native, path) for path in source.dispatch)
        candidates = lane.candidates(values)
        matched = [position for position in candidates if lane.test(position)(native)]
        if matched:
            assert time is not None
            self._hits(lane, matched, native, labels, uid, _hash(uid, lane), time, location, encode(native))
        if self._sink is not None:
            self._sink.add(lane.source_id, encode(native), uid, location, labels, self.tally)
        self._single.setdefault(lane.source_id, []).append(short(uid))

    # Both.

    def _hits(
        self,
        lane: Lane,
        matched: Sequence[int],
        native: Native,
        labels: Labels,
        uid: str,
        uid_hash: int,
        time: str | int | float,
        location: Location,
        raw: bytes,
    ) -> None:
        digest = xxhash.xxh3_64_intdigest(raw)
        hits = [
            Hit(
                rule=lane.rules[position],
                source=lane.source_id,
                event_uid=uid,
                uid_hash=uid_hash,
                time=time,
                location=location,
                digest=digest,
                raw=raw,
                labels=labels,
                filtered_by=_filtered(lane, position, native, time),
            )
            for position in matched
        ]
        self.tally.hits += hits

    def _lane(self, source_id: str) -> Lane:
        if source_id not in self._lanes:
            self._lanes[source_id] = Lane(source_id, self._sources[source_id], self._plan)
        return self._lanes[source_id]

    def _at(self, offset: int, index: int = 0) -> Location:
        return Location(file=self._file, offset=offset, index=index)


def _unusable(uids: Sequence[Any], times: Sequence[Any], *, numbers: bool) -> set[int]:
    """Rows that the quick path must not judge: without an id, or without a time that can be read."""
    rows: set[int] = set()
    if set(map(type, uids)) != {str} or "" in uids:
        rows.update(row for row, uid in enumerate(uids) if not _is_uid(uid))
    rows.update(row for row in not_plainly_utc(times) if not _is_time(times[row], numbers=numbers))
    return rows


def _is_uid(uid: Any) -> bool:
    parts = uid if isinstance(uid, tuple) else (uid,)
    return all(isinstance(part, str) and part for part in parts)


def _is_time(time: Any, *, numbers: bool) -> bool:
    try:
        parse_time(time)
    except NoTime:
        return False
    return numbers or isinstance(time, str)


def _texts(uids: Sequence[Any]) -> Sequence[str]:
    """Ids as text; what is none (an odd row) as something that is."""
    return uids if set(map(type, uids)) == {str} else [uid if isinstance(uid, str) else _joined(uid) for uid in uids]


def _joined(uid: Any) -> str:
    parts = uid if isinstance(uid, tuple) else (uid,)
    return "/".join(part if isinstance(part, str) else "" for part in parts)


def _hash(uid: str, lane: Lane) -> int:
    return int(hash_uids([uid], lane.source_id)[0])


def _is_text(data: bytes) -> bool:
    """Well-formed UTF-8: the head reader does not look inside the strings that it skips."""
    if data.isascii():
        return True
    if len(data) > _SMALL:
        return all(_is_text(line) for line in _lines_beyond_ascii(data))
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _lines_beyond_ascii(data: bytes) -> Iterator[bytes]:
    """The lines that hold such a byte, whole: decoding a large block for the sake of a few names costs far more."""
    end = 0
    for place in np.flatnonzero(np.frombuffer(data, dtype=np.uint8) >= 128).tolist():
        if place >= end:
            start = data.rfind(b"\n", end, place) + 1 or end
            end = data.find(b"\n", place) + 1 or len(data)
            yield data[start:end]


def _filtered(lane: Lane, position: int, native: Native, time: str | int | float) -> str | None:
    """The first filter of the rule that holds and has not expired by the event's own time."""
    for one, holds in lane.filters(position):
        if holds(native) and not (one.expires and parse_time(time).date().isoformat() > one.expires):
            return one.name
    return None
