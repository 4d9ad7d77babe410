"""Logs that are plain text, a record a line: flow logs, access logs.

The first line tells whose log it is and how its lines are read, as a header or as a record of a known layout. Files
that were joined tell it again in the middle: a line of another layout of the same log changes the layout from there on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stratagem.ingest.batch import Bad, Batch, Texts
from stratagem.ingest.limits import DEFAULT, MIB, Limits
from stratagem.sources import SOURCES
from stratagem.sources._contract import Layout
from stratagem.sources.identify import layout

if TYPE_CHECKING:
    from stratagem.ingest.framing import Buffer

_LOOK = 10
"""Lines looked at for one that tells a layout: the first may be the broken one."""
_LONGEST = 65_536
"""Bytes of the longest line that is looked at for a layout."""


def text_log(data: bytes) -> tuple[str, Layout] | None:
    """Whose plain text `data` is, and how its first records are read; None where no source knows it."""
    for line in data[: _LOOK * _LONGEST].split(b"\n", _LOOK)[:_LOOK]:
        told = layout(_decoded(line)) if len(line) < _LONGEST else None
        if told is not None:
            return told
    return None


def read_text(buffer: Buffer, limits: Limits, source_id: str, how: Layout) -> Iterator[Batch]:
    """The records of a text log. A line that its layout does not fit is Bad; the next goes on."""
    reader = _Reader(source_id, how, limits)
    while buffer.fill(limits.block):
        end = buffer.data.rfind(b"\n", 0, limits.block) + 1
        if not end and not buffer.ended and len(buffer.data) <= limits.record:
            buffer.fill(len(buffer.data) + limits.block)
            end = buffer.data.find(b"\n") + 1
            if not end and not buffer.ended:
                continue
        if not end and buffer.broken:
            return  # half a line where the input breaks off is part of the break
        end = end or len(buffer.data)
        yield from reader.read(buffer.data[:end], buffer.offset)
        buffer.drop(end)


class _Reader:
    """Reads whole lines by the layout that was told last."""

    def __init__(self, source_id: str, how: Layout, limits: Limits) -> None:
        self._source_id, self._how, self._limits = source_id, how, limits

    def read(self, data: bytes, offset: int) -> Iterator[Batch]:
        items: list[bytes] = []
        offsets: list[int] = []
        bad: list[Bad] = []
        for line in data.split(b"\n"):
            text = _decoded(line)
            item = self._how.read(text) if text else None
            if item is None and text and not self._is_header(text):
                item = self._how.read(text)
                if item is None:
                    bad.append(Bad(offset=offset, reason=self._unfit(line), size=len(line)))
            if item is not None:
                items.append(item)
                offsets.append(offset)
            offset += len(line) + 1
        if items:
            yield Texts(source_id=self._source_id, items=items, offsets=offsets)
        yield from bad

    def _is_header(self, text: str) -> bool:
        """Whether a line that does not fit tells another layout, and no more; else it may be a record of that one."""
        told = SOURCES[self._source_id].layout
        other = told(text) if told is not None and len(text) < _LONGEST else None
        if other is not None:
            self._how = other
        return other is not None and other.is_header

    def _unfit(self, line: bytes) -> str:
        if len(line) > self._limits.record:
            return f"a line of more than {self._limits.record // MIB} MiB (limit)"
        return f"{SOURCES[self._source_id].title}: a line that does not fit the layout"


def read_lines(data: bytes, source_id: str, how: Layout) -> Iterator[bytes]:
    """The canonical records of a whole text in memory, as JSON text, but for the lines that are none."""
    for batch in _Reader(source_id, how, DEFAULT).read(data, 0):
        if isinstance(batch, Texts):
            yield from batch.items


def _decoded(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()
