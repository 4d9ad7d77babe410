"""CSV exports (Search-UnifiedAuditLog, Purview, Splunk): a row is an object of its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stratagem.ingest.batch import Bad, Batch, Row
from stratagem.ingest.limits import Limits

if TYPE_CHECKING:
    from stratagem.ingest.framing import Buffer

_HEADER = re.compile(
    rb'^(?:#TYPE [^\n]*\n)?\s*"?[A-Za-z_@][\w .:/()@-]*"?([,;\t])"?[\w .:/()@-]*"?(?:\1"?[\w .:/()@-]*"?)*\r?\n'
)


def is_csv(data: bytes) -> bool:
    """A first line of column names, two at the least."""
    return _HEADER.match(data) is not None


def _delimiter(data: bytes) -> str:
    """A comma; a semicolon where Excel saved the file with European settings."""
    header = _HEADER.match(data)
    return header[1].decode() if header else ","


def read_rows(buffer: Buffer, limits: Limits) -> Iterator[Batch]:
    """Each row under its header. A row with more or fewer cells than the header is Bad; the next goes on."""
    before = csv.field_size_limit(limits.record)
    try:
        yield from _rows(buffer, limits)
    finally:
        csv.field_size_limit(before)  # one number for the whole process


def _rows(buffer: Buffer, limits: Limits) -> Iterator[Batch]:
    lines = _Lines(buffer, limits)
    rows = csv.reader(lines, delimiter=_delimiter(buffer.data))
    header: list[str] = []
    while True:
        start = lines.offset
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Bad(offset=start, reason=f"CSV: {error}")
            continue
        if not row or row[0].startswith("#TYPE"):
            continue
        if not header:
            header = row
        elif len(row) != len(header):
            yield Bad(offset=start, reason=f"CSV row of {len(row)} cells under a header of {len(header)}")
        else:
            yield Row(value=dict(zip(header, row, strict=True)), offset=start)


class _Lines:
    """Text lines of a buffer, and the byte offset that reading has come to."""

    def __init__(self, buffer: Buffer, limits: Limits) -> None:
        self._buffer, self._limits = buffer, limits
        self._at = 0
        """How much of the buffer has been read: dropping line by line would copy the rest of it each time."""

    @property
    def offset(self) -> int:
        return self._buffer.offset + self._at

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        buffer = self._buffer
        size = self._limits.block
        while (end := buffer.data.find(b"\n", self._at) + 1) == 0 and not buffer.ended:
            buffer.drop(self._at)
            self._at = 0
            buffer.fill(size)
            size *= 2
        end = end or len(buffer.data)
        line = buffer.data[self._at : end]
        self._at = end
        if not line:
            raise StopIteration
        return line.decode("utf-8", "replace")
