"""The quick way through the scan: records that stand in the shape of the one before are judged by their head fields.

Lines and elements are taken many at once, column by column. What the quick way must not judge goes the careful way:
a whole batch by `lines` or `elements` saying no, single records from within.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
import numpy as np
from xxhash import xxh3_128_hexdigest

from stratagem.clock import NoTime, not_plainly_utc, parse_time
from stratagem.detect.careful import Careful
from stratagem.detect.dropper import reason
from stratagem.detect.lane import Lane
from stratagem.detect.ledger import hash_uids
from stratagem.detect.pieces import ItemPieces, LinePieces, Pieces, TextPieces
from stratagem.detect.reading import OUTSIDE, Event, Reading, joined
from stratagem.detect.sieve import Sieve, Suspect
from stratagem.detect.survivors import sorted_bytes
from stratagem.sources._contract import Malformed
from stratagem.sources._json import decode

_UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_UNUSABLE = (Malformed, RecursionError)
"""What a record that only its head shows to be well-formed may still raise: it goes the careful way."""


_END_OF_TIMES = 250_000_000_000
"""Seconds of a day in the year 9892: smaller numbers are times that `parse_time` reads."""


class Quick:
    """Takes batches of one lane; counts and hits go to the reading's tally."""

    def __init__(self, reading: Reading, careful: Careful) -> None:
        self._reading = reading
        self._careful = careful
        self._sieves: dict[str, Sieve] = {}

    def lines(self, lane: Lane, data: bytes, offset: int) -> bool:
        """Take whole lines. False, and nothing is done, where they are not a record of this lane each."""
        if lane.heads is None:
            return False
        try:
            heads = lane.heads.lines(data)
        except _UNREADABLE:
            return False
        pieces = LinePieces(data, offset, len(heads))
        if not heads or not pieces.are_lines or not pieces.are_text:
            return False
        self._take(lane, heads, pieces, counted=True)
        return True

    def elements(self, lane: Lane, items: Sequence[bytes], offset: int, first: int) -> bool:
        """Take elements of an array. False, and nothing is done, where they are not a record of this lane each."""
        if lane.heads is None:
            return False
        try:
            heads = list(map(lane.heads.one, items))
        except _UNREADABLE:
            return False
        pieces = ItemPieces(items, offset, first)
        if not pieces.are_text:
            return False
        self._take(lane, heads, pieces, counted=False)
        return True

    def texts(self, lane: Lane, items: Sequence[bytes], offsets: Sequence[int]) -> bool:
        """Take records that were made of lines of text, each with its place. False where the lane has no quick way."""
        if lane.heads is None:
            return False
        try:
            heads = list(map(lane.heads.one, items))
        except _UNREADABLE:
            return False
        self._take(lane, heads, TextPieces(items, offsets), counted=False)
        return True

    def _take(self, lane: Lane, heads: Sequence[Any], pieces: Pieces, *, counted: bool) -> None:
        """Count, identify, date and match records by their heads; `pieces` finds a record's bytes where needed."""
        reading, reader = self._reading, lane.heads
        assert reader is not None
        uids = reader.uids(heads) if reader.uids is not None else _digests(pieces)
        times = reader.times(heads)
        sieve = self._sieve(lane)
        keys = reader.keys(heads)
        verdicts = sieve.verdicts(keys)
        loud = [row for row, verdict in enumerate(verdicts) if verdict.loud]
        odd = {row for row in loud if verdicts[row].odd}
        odd |= _unusable(uids, times, numbers=lane.source.time_numbers)
        outside = self._outside(times, odd)
        skip = odd | outside
        dropper = reading.dropper(lane.source_id)
        dropped: Mapping[int, str] = {}
        if dropper is not None:
            dropped, unusable = dropper.rows(keys, pieces, times, skip)
            odd |= unusable
            skip = odd | outside | dropped.keys()
        texts = _texts(uids)
        hashes = hash_uids(texts, lane.source_id)
        if reading.wanted is not None:
            self._note_copies(lane, hashes, pieces, skip)
        elif lane.rules:
            suspects = (suspect for suspect in sieve.suspects(loud, verdicts, pieces) if suspect[0] not in skip)
            odd |= self._try(lane, suspects, pieces, texts, hashes, times)
            skip |= odd
        if reading.plan.analytics:
            self._reach(lane.source_id, times, skip)
        reading.tally.events(lane.source_id, np.delete(hashes, sorted(skip)) if skip else hashes)
        for row in sorted(odd):
            self._careful.text(*pieces[row], counted=counted)
        for _ in outside:
            reading.tally.exclude(OUTSIDE)
        for name in dropped.values():
            reading.tally.exclude(reason(name))
        if reading.sink is not None:
            reading.sink.add_batch(lane.source_id, reading.file, pieces, texts, skip, reading.tally)

    def _try(
        self, lane: Lane, suspects: Iterable[Suspect], pieces: Pieces, uids: Sequence[str], hashes: Any, times: Any
    ) -> set[int]:
        """Decode as much of each suspect as its rules read, and note those that hold. The rows that are unusable."""
        odd: set[int] = set()
        at, hit, labels = self._reading.at, self._reading.hit, lane.labels
        for row, trial in suspects:
            raw, offset, index = pieces[row]
            try:
                native = trial.read(raw)
                matched = trial.matched(native)
                if matched:
                    place = at(offset, index)
                    event = Event(native, raw, uids[row], int(hashes[row]), times[row], place, labels(native))
                    hit(lane, matched, event)
            except _UNUSABLE:
                odd.add(row)
        return odd

    def _note_copies(self, lane: Lane, hashes: Any, pieces: Pieces, skip: set[int]) -> None:
        reading = self._reading
        assert reading.wanted is not None
        wanted = np.array(sorted(reading.wanted.get(lane.source_id, ())), dtype=np.uint64)
        for row in np.flatnonzero(np.isin(hashes, wanted)).tolist():
            if row not in skip:
                raw, offset, index = pieces[row]
                with suppress(*_UNUSABLE):
                    reading.note_copy(lane, decode(raw), int(hashes[row]), reading.at(offset, index))

    def _reach(self, source_id: str, times: Sequence[Any], skip: set[int]) -> None:
        """Note the greatest time of a batch: of plain UTC times and of numbers that is the greatest value."""
        kept = [time for row, time in enumerate(times) if row not in skip] if skip else times
        if kept:
            is_plain = set(map(type, kept)) == {int} or not not_plainly_utc(kept)
            self._reading.reach(source_id, parse_time(max(kept)) if is_plain else max(map(parse_time, kept)))

    def _outside(self, times: Sequence[Any], odd: set[int]) -> set[int]:
        window = self._reading.window
        if window is None:
            return set()
        return {row for row, time in enumerate(times) if row not in odd and parse_time(time) not in window}

    def _sieve(self, lane: Lane) -> Sieve:
        if lane.source_id not in self._sieves:
            self._sieves[lane.source_id] = Sieve(lane)
        return self._sieves[lane.source_id]


def _unusable(uids: Sequence[Any], times: Sequence[Any], *, numbers: bool) -> set[int]:
    """Rows that the quick way must not judge: without an id, or without a time that can be read."""
    rows: set[int] = set()
    if set(map(type, uids)) != {str} or "" in uids:
        rows.update(row for row, uid in enumerate(uids) if not _is_uid(uid))
    if numbers and set(map(type, times)) == {int} and min(times) >= 0 and max(times) < _END_OF_TIMES:
        return rows
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


def _digests(pieces: Pieces) -> list[str]:
    """Ids of records that have none: what the careful way gives them. Empty where a record is none."""
    texts = (pieces[row][0] for row in range(len(pieces)))
    return list(map(xxh3_128_hexdigest if isinstance(pieces, TextPieces) else _digest, texts))


def _digest(text: bytes) -> str:
    try:
        return xxh3_128_hexdigest(sorted_bytes(decode(text)))
    except _UNUSABLE:
        return ""


def _texts(uids: Sequence[Any]) -> Sequence[str]:
    """Ids as text; what is none (an odd row) as something that is."""
    return uids if set(map(type, uids)) == {str} else list(map(joined, uids))
