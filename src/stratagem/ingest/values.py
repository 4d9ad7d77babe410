"""JSON documents, and values end to end, element by element.

The text is read as Latin-1, one character a byte, so that the standard library's scanner finds where a value ends at
C speed and its character positions are byte offsets; the bytes between are then decoded properly by the scan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from stratagem.ingest.batch import Bad, Batch, Elements
from stratagem.ingest.limits import MIB, Limits

if TYPE_CHECKING:
    from stratagem.ingest.framing import Buffer

ARRAYS = ("Records", "records", "value", "items", "events", "Events", "activities", "logEvents", "data", "hits")
"""Members whose array is a run of records in an envelope."""

_WHOLE = 64 * MIB
_DENSE = 8
"""Bytes for each comma below which a large array is taken element by element: millions of tiny ones fill memory."""
_WHITE = " \t\r\n"
_CUT = "the JSON document ends early"
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SCAN = json.JSONDecoder(strict=False).raw_decode


def whole_value(text: bytes) -> bool:
    """Whether `text` is one JSON value and nothing else."""
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def read_values(buffer: Buffer, limits: Limits) -> Iterator[Batch]:
    """The records of a document, or of documents end to end."""
    buffer.fill(_WHOLE)
    if buffer.ended and not buffer.broken and not _is_dense(buffer.data, limits):
        whole = _whole(buffer.data, buffer.offset)
        if whole is not None:
            yield from whole
            buffer.drop(len(buffer.data))
            return
    yield from _Splitter(buffer, limits).documents()


class _Run(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A document that is nothing but a run of records: what CloudTrail and Azure deliver. Split in one pass."""

    Records: list[msgspec.Raw] | None = None
    records: list[msgspec.Raw] | None = None
    value: list[msgspec.Raw] | None = None


_RUNS = msgspec.json.Decoder(_Run)


def _run(data: bytes, offset: int) -> list[Batch] | None:
    """The records of such a document; None where it is another one."""
    try:
        found = _RUNS.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    runs = [(key, items) for key in _Run.__struct_fields__ if (items := getattr(found, key)) is not None]
    if len(runs) != 1:
        return None
    ((key, items),) = runs
    return [Elements(items=list(map(bytes, items)), offset=offset, key=key)]


def _whole(data: bytes, offset: int) -> list[Batch] | None:
    """A document that fits in memory, split element by element; None when it is not one well-formed document."""
    if data[:1] == b"{" and (run := _run(data, offset)) is not None:
        return run
    try:
        if data.lstrip()[:1] == b"[":
            return [Elements(items=[bytes(item) for item in _RAWS.decode(data)], offset=offset)]
        members = _MEMBERS.decode(data)
        key = next((key for key in ARRAYS if key in members and _opens_array(members[key])), None)
        if key is None:
            return [Elements(items=[data], offset=offset)]
        items = [bytes(item) for item in _RAWS.decode(members[key])]
        around = {
            name: msgspec.json.decode(value)
            for name, value in members.items()
            if name != key and len(memoryview(value)) < MIB
        }
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    return [Elements(items=items, offset=offset, around=around, key=key)]


def _is_dense(data: bytes, limits: Limits) -> bool:
    if len(data) <= limits.block:
        return False
    commas = np.count_nonzero(np.frombuffer(data, dtype=np.uint8) == ord(","))
    return bool(commas * _DENSE > len(data))


def _opens_array(value: msgspec.Raw) -> bool:
    return bytes(memoryview(value)[:1]) == b"["


class _Splitter:
    """Documents of any length, one element in memory at a time."""

    def __init__(self, buffer: Buffer, limits: Limits) -> None:
        self._buffer, self._limits = buffer, limits
        self._text = buffer.data.decode("latin-1")
        self._at = 0
        self._gave_up = False

    def documents(self) -> Iterator[Batch]:
        while self._skip(_WHITE + ","):
            start = self._offset
            opening = self._text[self._at]
            if opening == "[":
                self._at += 1
                yield from self._elements(start, {}, "")
            elif opening == "{" and self._is_envelope():
                yield from self._envelope(start)
            else:
                item = self._value()
                yield item if isinstance(item, Bad) else Elements(items=[item], offset=start)

    @property
    def _offset(self) -> int:
        return self._buffer.offset + self._at

    def _is_envelope(self) -> bool:
        """An object too large to hold whole must be read member by member."""
        end = self._end()
        return end is None or end - self._at > self._limits.record

    def _envelope(self, start: int) -> Iterator[Batch]:
        around: dict[str, Any] = {}
        ran = False
        self._at += 1
        while self._skip(_WHITE + ",") and self._text[self._at] != "}":
            name = self._key()
            if name is None:
                yield self._give_up()
                return
            if self._text[self._at] == "[" and name in ARRAYS:
                self._at += 1
                ran = True
                yield from self._elements(start, dict(around), name)
            else:
                item = self._value()
                if isinstance(item, Bad):
                    yield item
                    return
                if len(item) < MIB:
                    with suppress(msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                        around[name] = msgspec.json.decode(item)
        if not self._close() and not self._is_told():
            yield Bad(offset=start, reason=_CUT, size=self._offset - start)
        elif not ran:
            yield Bad(offset=start, reason=self._too_long(), size=self._offset - start)

    def _key(self) -> str | None:
        end = self._end()
        if end is None or self._text[self._at] != '"':
            return None
        name = self._text[self._at + 1 : end - 1]
        self._at = end
        if not self._skip(_WHITE + ":"):
            return None
        return name

    def _elements(self, start: int, around: dict[str, Any], key: str) -> Iterator[Batch]:
        items: list[bytes] = []
        first = size = 0
        while self._skip(_WHITE + ",") and self._text[self._at] != "]":
            item = self._value()
            if isinstance(item, bytes):
                items.append(item)
                size += len(item)
            if items and (isinstance(item, Bad) or size >= self._limits.block):
                yield Elements(items=items, offset=start, first=first, around=around, key=key)
                first, items, size = first + len(items), [], 0
            if isinstance(item, Bad):
                yield item
                first += 1
        if items:
            yield Elements(items=items, offset=start, first=first, around=around, key=key)
        if not self._close() and not self._is_told() and not key:
            yield Bad(offset=start, reason=_CUT, size=self._offset - start)

    def _is_told(self) -> bool:
        """Whether something else says, or has said, that the input breaks off."""
        return self._gave_up or bool(self._buffer.broken)

    def _close(self) -> bool:
        """Step past the bracket that ends a run; False where the input ended before it."""
        closed = self._at < len(self._text)
        self._at += closed
        return closed

    def _value(self) -> bytes | Bad:
        """The value at the cursor."""
        end = self._end()
        if end is None:
            return self._give_up()
        start, size = self._offset, end - self._at
        item = self._text[self._at : end].encode("latin-1") if size <= self._limits.record else None
        self._at = end
        self._forget()
        return Bad(offset=start, reason=self._too_long(), size=size) if item is None else item

    def _end(self) -> int | None:
        """Where the value at the cursor ends; reads on as far as the record limit allows. None: broken or too long."""
        while True:
            try:
                end: int = _SCAN(self._text, self._at)[1]
            except RecursionError:
                return None
            except json.JSONDecodeError:
                end = -1
            except ValueError:  # an integer of more digits than Python reads
                return None
            if 0 <= end < len(self._text) or (end >= 0 and self._buffer.ended):
                return end
            if self._buffer.ended or len(self._text) - self._at > self._limits.record:
                return None
            self._grow()

    def _skip(self, characters: str) -> bool:
        while True:
            while self._at < len(self._text) and self._text[self._at] in characters:
                self._at += 1
            if self._at < len(self._text):
                return True
            if self._buffer.ended:
                return False
            self._grow()

    def _grow(self) -> None:
        self._forget()
        self._buffer.fill(len(self._buffer.data) + max(self._limits.block, len(self._buffer.data)))
        self._text = self._buffer.data.decode("latin-1")

    def _forget(self) -> None:
        """Let go of what is behind the cursor, now and then."""
        if self._at > max(self._limits.block, len(self._text) // 4):
            self._buffer.drop(self._at)
            self._text = self._text[self._at :]
            self._at = 0

    def _give_up(self) -> Bad:
        """After a broken or oversized value: on to the next line that begins a value, else to the end."""
        self._gave_up = True
        offset = self._offset
        reason = self._why()
        self._at += 1
        while (cut := self._text.find("\n{", self._at)) < 0 and not self._buffer.ended:
            self._at = max(self._at, len(self._text) - 1)  # the line feed may have come, and the brace not yet
            self._grow()
        self._at = cut + 1 if cut >= 0 else len(self._text)
        if cut < 0 and self._buffer.broken:
            reason, self._buffer.broken = self._buffer.broken, ""
        return Bad(offset=offset, reason=reason, size=self._offset - offset)

    def _too_long(self) -> str:
        return f"a record of more than {self._limits.record // MIB} MiB (limit)"

    def _why(self) -> str:
        """What is wrong with the value at the cursor; `char` counts the file's bytes."""
        try:
            _SCAN(self._text, self._at)
        except RecursionError:
            return "nested too deep (limit)"
        except json.JSONDecodeError as error:
            limit = self._at + self._limits.record
            if error.pos > limit or (len(self._text) > limit and error.msg.startswith("Unterminated")):
                return self._too_long()
            return f"broken JSON: {error.msg}: char {self._buffer.offset + error.pos}"
        except ValueError:
            return "broken JSON: an integer of too many digits"
        return "broken JSON"
