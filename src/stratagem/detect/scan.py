"""Scan: every record is split, syntax-checked, identified and counted; the few that a rule may hold on are matched.

Two ways give the same result. The careful one decodes a record whole, peels its envelopes, asks every source whose it
is and brings it to its canonical shape. The quick one reads only the head fields of records that stand in the shape of
the record before them, and hands anything odd to the careful one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stratagem.detect.careful import Careful
from stratagem.detect.compile import Plan
from stratagem.detect.quick import Quick
from stratagem.detect.reading import Observes, Reading, Sink
from stratagem.detect.tally import Tally
from stratagem.ingest.batch import Bad, Batch, Elements, Lines, Row, Texts
from stratagem.sources._contract import Source
from stratagem.window import Window

__all__ = ["Observes", "Scanner", "Sink"]

_BARE = frozenset({"", "Records", "records", "value", "items"})
"""Envelope members whose neighbours say nothing about their elements."""


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
        observer: Observes | None = None,
    ) -> None:
        self._reading = Reading(
            plan=plan, sources=sources, forced=forced, window=window, sink=sink, wanted=wanted, observer=observer
        )
        self._careful = Careful(self._reading)
        self._quick = Quick(self._reading, self._careful)

    @property
    def tally(self) -> Tally:
        """What was counted and hit since it was last set."""
        return self._reading.tally

    @tally.setter
    def tally(self, tally: Tally) -> None:
        self._reading.tally = tally

    def settle(self) -> None:
        """Decide on the matches that wait for the context, before the tally is taken."""
        self._reading.settle()

    def scan(self, file: str, batches: Iterable[Batch]) -> None:
        """Scan one file; counts and hits go to `tally`."""
        self._reading.file, self._reading.here = file, None
        for batch in batches:
            self._batch(batch)
        self._careful.settle()

    def _batch(self, batch: Batch) -> None:
        match batch:
            case Lines():
                self._lines(batch)
            case Elements():
                self._elements(batch)
            case Row():
                self._careful.value(dict(batch.value), batch.offset, 0, counted=True)
            case Texts():
                self._texts(batch)
            case Bad():
                self._reading.tally.quarantine(self._reading.at(batch.offset), batch.reason)

    def _lines(self, batch: Lines) -> None:
        data, offset = batch.data, batch.offset
        if self._reading.here is None:
            first, _, data = data.partition(b"\n")
            self._careful.lines(first, offset)
            offset += len(first) + 1
        lane = self._reading.here
        if data and not (lane is not None and self._quick.lines(lane, data, offset)):
            self._careful.lines(data, offset)

    def _elements(self, batch: Elements) -> None:
        items, first = batch.items, batch.first
        if not items:
            return
        if batch.key not in _BARE or batch.around:
            for index, item in enumerate(items, first):
                self._careful.enveloped(item, batch, index)
            return
        if self._reading.here is None and len(items) > 1:
            self._careful.text(items[0], batch.offset, first)
            items, first = items[1:], first + 1
        # A document that is no array may still hold many records, deeper down.
        is_document = not batch.key and len(batch.items) == 1 and not batch.first
        lane = self._reading.here
        if lane is not None and not is_document and self._quick.elements(lane, items, batch.offset, first):
            return
        for index, item in enumerate(items, first):
            self._careful.text(item, batch.offset, index, counted=is_document)

    def _texts(self, batch: Texts) -> None:
        if self._reading.forced in (None, batch.source_id):
            lane = self._reading.lane(batch.source_id)
            if self._quick.texts(lane, batch.items, batch.offsets):
                return
        for item, offset in zip(batch.items, batch.offsets, strict=True):
            self._careful.text(item, offset, 0)
