"""A sample of each source's events, the same for the same events whatever their order: those with the least hashes."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence

import xxhash

from stratagem.detect.compile import Plan
from stratagem.detect.model import Location
from stratagem.detect.pieces import Pieces
from stratagem.detect.scan import Scanner
from stratagem.detect.tally import Tally
from stratagem.ingest.files import InputFile
from stratagem.ingest.framing import read
from stratagem.ingest.limits import DEFAULT
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels, Native
from stratagem.sources._json import decode
from stratagem.window import Window

MOST = 4000
"""Events of a source that are kept."""


class Sampler:
    """Takes a scan's events; a `Sink`."""

    def __init__(self, wanted: Collection[str], most: int = MOST) -> None:
        self._wanted = frozenset(wanted)
        self._most = most
        self._kept: dict[str, list[tuple[int, bytes]]] = {}

    def add_batch(
        self, source_id: str, file: str, pieces: Pieces, uids: Sequence[str], skip: set[int], tally: Tally
    ) -> None:
        """The rows of a quick batch, but for those in `skip`."""
        if source_id in self._wanted:
            for row, uid in enumerate(uids):
                if row not in skip and (rank := self._rank(source_id, uid)) is not None:
                    self._keep(source_id, rank, pieces[row][0])

    def add(self, source_id: str, raw: bytes, uid: str, location: Location, labels: Labels, tally: Tally) -> None:
        """One event as canonical JSON text."""
        if source_id in self._wanted and (rank := self._rank(source_id, uid)) is not None:
            self._keep(source_id, rank, raw)

    def natives(self, source_id: str) -> list[Native]:
        """The canonical records that were kept, of different events."""
        return [decode(raw) for raw in dict(sorted(self._kept.get(source_id, ()))).values()]

    def _rank(self, source_id: str, uid: str) -> int | None:
        """What orders the event among all; None where it is too far behind to be kept."""
        rank = -xxhash.xxh3_64_intdigest(uid.encode("utf-8", "surrogatepass"))
        kept = self._kept.setdefault(source_id, [])
        return rank if len(kept) < self._most or rank > kept[0][0] else None

    def _keep(self, source_id: str, rank: int, raw: bytes) -> None:
        kept = self._kept[source_id]
        if len(kept) < self._most:
            heapq.heappush(kept, (rank, raw))
        else:
            heapq.heapreplace(kept, (rank, raw))


def sample(files: Sequence[InputFile], wanted: Collection[str], window: Window | None) -> Sampler:
    """Events of the wanted sources in files, in the window."""
    sampler = Sampler(wanted)
    scanner = Scanner(Plan(rules=(), routes={}), SOURCES, window=window, sink=sampler)
    for file in files:
        if not file.problem:
            scanner.scan(file.name, read(file.place, DEFAULT))
    return sampler
