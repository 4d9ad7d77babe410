"""How a file's bytes divide into records: lines, one document, values end to end, CSV rows, lines of text.

The first bytes decide. Lines are handed on a block at a time, documents element by element, so that memory does not
grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from stratagem.ingest.batch import Bad, Batch, Lines
from stratagem.ingest.limits import MIB, Limits
from stratagem.ingest.parquet import MAGIC, read_parquet
from stratagem.ingest.rows import is_csv, read_rows
from stratagem.ingest.stream import Broken, Stream
from stratagem.ingest.text import read_text, text_log
from stratagem.ingest.values import read_values, whole_value

_SNIFF = 4 * MIB
_PEEK = 16 * 1024
"""How much of a file is read to find the end of a line."""
_STEP = 1 * MIB
"""How much of a shared file is handled at once: what the processor's cache holds while it is looked at repeatedly."""
_LOOK = 50
"""Lines looked at for one that is whole: the first may be the broken one."""
_OBJECT = re.compile(rb'\{[ \t]*"')
"""Where text that is no JSON may still hold some."""
_GOES_ON = (b"[", b"{", b",", b":")
_ARCHIVES = (
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"BZh", "a bzip2 file"),
    (0, b"\xfd7zXZ", "an xz file"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (257, b"ustar", "a tar archive"),
)


def read(name: str, limits: Limits) -> Iterator[Batch]:
    """Everything in the file `name` (`-` is standard input), in order.

    What cannot be read becomes Bad with its place; what came before it stands. Raises OSError when the file cannot be
    opened.
    """
    stream = Stream(name, limits)
    try:
        buffer = Buffer(stream)
        if not buffer.fill(_SNIFF):
            if buffer.broken:
                yield Bad(offset=0, reason=buffer.broken)
            return
        if buffer.data.startswith(MAGIC) and name != "-":
            if stream.compressed:
                yield Bad(offset=0, reason="a compressed Parquet file: unpack it first", size=len(buffer.data))
            else:
                yield from read_parquet(name)
            return
        yield from _frame(buffer, limits)
        if buffer.broken:
            yield Bad(offset=buffer.offset, reason=buffer.broken)
    finally:
        stream.close()


def read_range(name: str, start: int, end: int, limits: Limits) -> Iterator[Batch]:
    """The lines of a plain line file that begin in [start, end); the first is a batch of its own."""
    with Path(name).open("rb", buffering=0) as file:
        offset = _line_end(file, start - 1) if start else 0
        stop = offset + 1
        while offset < end:
            stop = _line_end(file, min(stop, end) - 1)
            if stop - offset > limits.record:
                yield from _without_long_line(file, offset, stop, end, limits)
            elif stop > offset:
                file.seek(offset)
                yield Lines(data=file.read(stop - offset), offset=offset)
            else:
                return
            offset, stop = stop, stop + min(limits.block, _STEP)


def _line_end(file: FileIO, at: int) -> int:
    """Where the line that the byte `at` is in ends, past its line feed; the end of the file where it has none."""
    file.seek(at)
    while piece := file.read(_PEEK):
        place = piece.find(b"\n") + 1
        if place:
            return at + place
        at += len(piece)
    return at


def is_splittable(name: str, limits: Limits) -> bool:
    """Whether a plain file holds lines, so that workers may share it."""
    stream = Stream(name, limits)
    try:
        if stream.compressed or stream.encoding or stream.marked:
            return False
        buffer = Buffer(stream)
        buffer.fill(_SNIFF)
        return _is_lines(buffer)
    finally:
        stream.close()


class Buffer:
    """A window on a stream: `data` begins at byte `offset` of the decompressed file."""

    def __init__(self, stream: Stream) -> None:
        self._chunks = iter(stream)
        self.data = b""
        self.offset = 0
        self.ended = False
        self.broken = ""

    def fill(self, size: int) -> bool:
        """Have at least `size` bytes, or all that is left. False when nothing is left."""
        if len(self.data) >= size or self.ended:
            return bool(self.data)
        pieces, have = [self.data] if self.data else [], len(self.data)
        while have < size and not self.ended:
            try:
                piece = next(self._chunks)
            except StopIteration:
                self.ended = True
            except Broken as error:
                self.broken, self.ended = str(error), True
            else:
                pieces.append(piece)
                have += len(piece)
        self.data = b"".join(pieces)
        return bool(self.data)

    def drop(self, size: int) -> None:
        """Step past the first `size` bytes."""
        self.data = self.data[size:]
        self.offset += size


def _frame(buffer: Buffer, limits: Limits) -> Iterator[Batch]:
    if _is_lines(buffer):
        yield from _lines(buffer, limits)
    elif _is_binary(buffer.data):
        yield Bad(offset=0, reason=_binary(buffer.data), size=len(buffer.data))
        buffer.ended = True
    elif is_csv(buffer.data):
        yield from read_rows(buffer, limits)
    elif buffer.data.lstrip()[:1] in (b"{", b"["):
        yield from read_values(buffer, limits)
    elif (told := text_log(buffer.data)) is not None:
        yield from read_text(buffer, limits, *told)
    else:
        yield from _text(buffer, limits)


def _is_binary(data: bytes) -> bool:
    """NUL never stands in UTF-8 text."""
    return b"\0" in data[:65_536] or data.startswith(tuple(magic for at, magic, _ in _ARCHIVES if not at))


def _binary(data: bytes) -> str:
    kind = next((kind for at, magic, kind in _ARCHIVES if data.startswith(magic, at)), None)
    return f"{kind}: unpack it first" if kind else "binary data, not a log"


def _is_lines(buffer: Buffer) -> bool:
    """JSON Lines: one of the first lines is a whole JSON object (or array) on its own."""
    data = buffer.data.lstrip()
    opening = data[:1]
    if opening not in (b"{", b"["):
        return False
    start = data[:_SNIFF]
    if b"\n" not in start and b"\r" not in start:
        return False
    lines = start.splitlines()
    if len(lines) < 2 or (buffer.ended and whole_value(data)):
        return False
    if lines[0].rstrip()[-1:] in _GOES_ON:  # a document that may well have a record on each of its lines
        return False
    return any(len(line) > 2 and line[:1] == opening and whole_value(line) for line in lines[:_LOOK])


def _text(buffer: Buffer, limits: Limits) -> Iterator[Batch]:
    """Text that does not begin as JSON: lines that hold some, or one thing that is none."""
    start, blank = buffer.offset, True
    while buffer.data and _OBJECT.search(buffer.data) is None:
        blank = blank and not buffer.data.strip()
        line = 0 if buffer.ended else buffer.data.rfind(b"\n") + 1
        buffer.drop(line or len(buffer.data))
        buffer.fill(limits.block)
    if not blank and not buffer.broken:
        yield Bad(offset=start, reason="text without JSON", size=buffer.offset - start)
    yield from _lines(buffer, limits)


def _lines(buffer: Buffer, limits: Limits) -> Iterator[Batch]:
    while buffer.fill(limits.block):
        end = buffer.data.rfind(b"\n", 0, limits.block) + 1
        if not end:
            end = buffer.data.find(b"\n") + 1
        if not end and not buffer.ended:
            if len(buffer.data) > limits.record:
                yield _skip_in(buffer, limits)
            else:
                buffer.fill(len(buffer.data) + limits.block)
            continue
        if not end and buffer.broken:
            return  # half a line where the input breaks off is part of the break
        end = end or len(buffer.data)
        if end > limits.record:  # more than a block is one line
            yield Bad(offset=buffer.offset, reason=_too_long(limits), size=end)
        else:
            yield Lines(data=buffer.data[:end], offset=buffer.offset)
        buffer.drop(end)


def _skip_in(buffer: Buffer, limits: Limits) -> Bad:
    """Step to the next line without holding the long one."""
    start, size = buffer.offset, 0
    while True:
        newline = buffer.data.find(b"\n")
        if newline >= 0 or buffer.ended:
            step = newline + 1 if newline >= 0 else len(buffer.data)
            buffer.drop(step)
            return Bad(offset=start, reason=_too_long(limits), size=size + step)
        size += len(buffer.data)
        buffer.drop(len(buffer.data))
        buffer.fill(limits.block)


def _without_long_line(file: FileIO, offset: int, stop: int, end: int, limits: Limits) -> Iterator[Batch]:
    """The lines in [offset, stop), of which the last is or may be too long: that one is never held."""
    file.seek(offset)
    data = file.read(min(limits.block, _STEP, end - offset, stop - offset))
    last = data.rfind(b"\n", 0, len(data) - 1) + 1
    if stop - offset - last <= limits.record:
        file.seek(offset)
        yield Lines(data=file.read(stop - offset), offset=offset)
        return
    if last:
        yield Lines(data=data[:last], offset=offset)
    yield Bad(offset=offset + last, reason=_too_long(limits), size=stop - offset - last)


def _too_long(limits: Limits) -> str:
    return f"a line of more than {limits.record // MIB} MiB (limit)"
