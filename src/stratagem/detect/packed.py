"""Findings that are written already, as columns: what orders them and settles copies, and one block of lines.

A worker hands on thousands of them in a few large pieces; the parent sorts, counts and writes them without an object
for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
import orjson

from stratagem.detect.model import Location
from stratagem.detect.spool import Spool
from stratagem.detect.tally import Hit, Parked, Sealed
from stratagem.sources._contract import Labels

Home = tuple[str, str, Labels]
"""Source, file and labels of an event."""

ROW = np.dtype(
    [
        ("rule", np.int32),
        ("rank", np.int32),
        ("time", np.float64),
        ("uid", ">u8", (2,)),
        ("uid_hash", np.uint64),
        ("digest", np.uint64),
        ("home", np.int32),
        ("offset", np.int64),
        ("index", np.int64),
        ("start", np.int64),
        ("end", np.int64),
    ]
)
"""A finding: the members of its `Hit` and `Sealed`, `home` as a place among homes, its line as a part of a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Findings of one piece of work, in no order. `rows` has the columns of `ROW`."""

    rows: Any
    homes: tuple[Home, ...]
    events: bytes
    """JSON: the events' uids, and their times as the records have them. Seldom asked for."""
    block: bytes | Parked
    """The lines, one after the other."""

    def hits(self, rows: Sequence[int], spool: Spool) -> list[Hit]:
        """The hits that were packed, by row."""
        uids, times = orjson.loads(self.events)
        return [self._hit(row, uids[row], times[row], spool) for row in rows]

    def _hit(self, row: int, uid: str, time: str | int | float, spool: Spool) -> Hit:
        found = self.rows[row]
        source, file, labels = self.homes[found["home"]]
        line = spool.part(self.block, int(found["start"]), int(found["end"]))
        return Hit(
            rule=int(found["rule"]),
            source=source,
            event_uid=uid,
            uid_hash=int(found["uid_hash"]),
            time=time,
            location=Location(file, int(found["offset"]), int(found["index"])),
            digest=int(found["digest"]),
            raw=b"",
            labels=labels,
            sealed=Sealed(int(found["rank"]), float(found["time"]), found["uid"].tobytes().hex(), line),
        )


def pack(hits: Iterable[Hit]) -> tuple[list[Packed], list[Hit]]:
    """Hits that have their line and no record any more, packed; and the rest."""
    written: list[Hit] = []
    rest: list[Hit] = []
    for hit in hits:
        (written if hit.sealed is not None and hit.sealed.line and not hit.raw else rest).append(hit)
    return ([_pack(written)] if written else []), rest


def _pack(hits: Sequence[Hit]) -> Packed:
    rules, sources, events, uid_hashes, times, places, digests, _, labels, _, sealed = zip(*hits, strict=True)
    files, offsets, indexes = zip(*places, strict=True)
    ranks, moments, uids, lines = zip(*sealed, strict=True)
    homes: dict[Home, int] = {}
    ends = np.fromiter(accumulate(map(len, lines)), dtype=np.int64, count=len(lines))
    rows = np.empty(len(hits), dtype=ROW)
    rows["rule"], rows["rank"], rows["time"] = rules, ranks, moments
    rows["uid"] = np.frombuffer(bytes.fromhex("".join(uids)), dtype=">u8").reshape(-1, 2)
    rows["uid_hash"], rows["digest"] = np.array(uid_hashes, dtype=np.uint64), np.array(digests, dtype=np.uint64)
    rows["home"] = [homes.setdefault(home, len(homes)) for home in zip(sources, files, labels, strict=True)]
    rows["offset"], rows["index"] = offsets, indexes
    rows["start"], rows["end"] = np.concatenate(([0], ends[:-1])), ends
    return Packed(rows=rows, homes=tuple(homes), events=orjson.dumps((events, times)), block=b"".join(lines))


class Shelf:
    """The packed findings of a run; their lines wait on disk where memory is spent."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self._packs: list[Packed] = []
        self.rows: Any = np.empty(0, dtype=ROW)
        """All rows, once `close` was called; `_pack` and `_row` say where each comes from."""
        self._pack: Any = np.empty(0, dtype=np.int64)
        self._row: Any = np.empty(0, dtype=np.int64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, packed: Packed) -> None:
        self._count += len(packed.rows)
        self._packs.append(replace(packed, block=self.spool.keep(packed.block)))

    def uid_hashes(self) -> dict[str, Any]:
        """The event id hashes of findings, by source."""
        found: dict[str, list[Any]] = {}
        for packed in self._packs:
            for source, of_source in _by_source(packed):
                found.setdefault(source, []).append(packed.rows["uid_hash"][of_source])
        return {source: np.concatenate(some) for source, some in found.items()}

    def close(self, repeated: Mapping[str, Iterable[int]]) -> list[Hit]:
        """No more will be added. The findings of events that came more than once leave, as the hits that they were:
        which copy stands is settled with those of other copies."""
        wanted = {source: np.array(sorted(ids), dtype=np.uint64) for source, ids in repeated.items()}
        hits: list[Hit] = []
        kept: list[Any] = []
        for packed in self._packs:
            stays = np.ones(len(packed.rows), dtype=bool)
            for source, of_source in _by_source(packed):
                if len(wanted.get(source, ())):
                    stays &= ~(of_source & np.isin(packed.rows["uid_hash"], wanted[source]))
            if not stays.all():
                hits += packed.hits(np.flatnonzero(~stays).tolist(), self.spool)
            kept.append(np.flatnonzero(stays))
        if kept:
            self.rows = np.concatenate([packed.rows[rows] for packed, rows in zip(self._packs, kept, strict=True)])
            self._pack = np.repeat(np.arange(len(kept)), list(map(len, kept)))
            self._row = np.concatenate(kept)
        self._count = len(self.rows)
        return hits

    def lines(self, places: Any) -> list[bytes]:
        """The lines of the findings at these places of `rows`, in this order."""
        rows = self.rows[places]
        wheres = zip(self._pack[places].tolist(), rows["start"].tolist(), rows["end"].tolist(), strict=True)
        return [self.spool.part(self._packs[pack].block, start, end) for pack, start, end in wheres]

    def hits(self, places: Any) -> list[Hit]:
        """The hits behind the findings at these places of `rows`, in this order."""
        packs, rows = self._pack[places], self._row[places]
        found: dict[int, Hit] = {}
        for pack in np.unique(packs).tolist():
            here = np.flatnonzero(packs == pack)
            found.update(zip(here.tolist(), self._packs[pack].hits(rows[here].tolist(), self.spool), strict=True))
        return [found[number] for number in range(len(places))]


def _by_source(packed: Packed) -> list[tuple[str, Any]]:
    """The sources in a pack, and which of its rows are theirs."""
    sources = np.array([source for source, _, _ in packed.homes])
    if len(set(sources.tolist())) == 1:
        return [(str(sources[0]), np.ones(len(packed.rows), dtype=bool))]
    own = sources[packed.rows["home"]]
    return [(source, own == source) for source in sorted(set(sources.tolist()))]
