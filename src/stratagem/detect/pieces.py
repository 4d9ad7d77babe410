"""The bytes of each record of a batch, found when they are needed: most records are never looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

_BEYOND_ASCII = np.uint64(0x8080808080808080)


class Pieces(Protocol):
    """The bytes of each row of a batch: (text, offset, index)."""

    @property
    def block(self) -> bytes:
        """All rows' bytes, joined."""

    def __getitem__(self, row: int) -> tuple[bytes, int, int]: ...

    def __len__(self) -> int: ...

    def rows_of(self, places: Sequence[int]) -> list[int]:
        """The row in which each of these byte places of `block` stands."""

    def columns(self) -> tuple[Any, Any, Any]:
        """(texts as an Arrow array, offsets, indexes) of all rows; a text may end in its line's end."""


class LinePieces:
    """Rows that are the lines of a block; blank lines are no rows."""

    def __init__(self, data: bytes, offset: int, count: int) -> None:
        self.block = data
        self._offset = offset
        self._count = count

    def __len__(self) -> int:
        return self._count

    @property
    def are_lines(self) -> bool:
        """Whether each row is one whole line: no line feed stands inside a record, no line holds two.

        Between `}` and `{` a line feed stands in no JSON value, so lines that begin and end so, and are as many as
        there are records, hold one each.
        """
        starts, ends = self._bounds
        if len(starts) != self._count:
            return False
        letters = np.frombuffer(self.block, dtype=np.uint8)
        plain = (letters[starts] == ord("{")) & (letters[ends - 1] == ord("}"))
        return all(_is_object(self.block[starts[row] : ends[row]]) for row in np.flatnonzero(~plain))

    @property
    def are_text(self) -> bool:
        """Whether all of it is well-formed UTF-8: the head reader does not look inside the strings that it skips.

        The block is looked at eight bytes at a time; only rows that hold something beyond ASCII are decoded.
        """
        block = self.block
        if block.isascii():
            return True
        starts, ends = self._bounds
        words = np.frombuffer(block, dtype=np.uint64, count=len(block) // 8)
        if not len(words) or not block[len(words) * 8 :].isascii():
            return _is_utf8(block)
        firsts = np.minimum(starts >> 3, len(words) - 1)
        beyond = np.flatnonzero(np.bitwise_or.reduceat(words, firsts) & _BEYOND_ASCII).tolist()
        # A word may hold the end of the row before, too.
        return all(_is_utf8(block[starts[max(row - 1, 0)] : ends[row]]) for row in beyond)

    def __getitem__(self, row: int) -> tuple[bytes, int, int]:
        starts, ends = self._spans
        start = starts[row]
        return self.block[start : ends[row]], self._offset + start, 0

    def rows_of(self, places: Sequence[int]) -> list[int]:
        return _rows(self._bounds[0], places)

    def columns(self) -> tuple[Any, Any, Any]:
        import pyarrow as pa

        from stratagem.arrays import text_array

        starts, ends = self._spans
        offsets = np.array(starts, dtype=np.int64) + self._offset
        zeros = np.zeros(self._count, dtype=np.int64)
        if any(start != end + 1 for start, end in zip(starts[1:], ends, strict=False)):
            texts = [self.block[start:end] for start, end in zip(starts, ends, strict=True)]
            return text_array(texts), offsets, zeros
        bounds = np.array([*starts, min(ends[-1] + 1, len(self.block))], dtype=np.int32)
        texts = pa.StringArray.from_buffers(self._count, pa.py_buffer(bounds), pa.py_buffer(self.block))
        return texts, offsets, zeros

    @cached_property
    def _spans(self) -> tuple[list[int], list[int]]:
        starts, ends = self._bounds
        return starts.tolist(), ends.tolist()

    @cached_property
    def _bounds(self) -> tuple[Any, Any]:
        ends = np.flatnonzero(np.frombuffer(self.block, dtype=np.uint8) == 10)
        if not self.block.endswith(b"\n"):
            ends = np.append(ends, len(self.block))
        starts = np.concatenate(([0], ends[:-1] + 1))
        if len(starts) != self._count:
            filled = [at for at in range(len(starts)) if self.block[starts[at] : ends[at]].strip()]
            starts, ends = starts[filled], ends[filled]
        return starts, ends


class ItemPieces:
    """Rows that are elements of one document."""

    def __init__(self, items: Sequence[bytes], offset: int, first: int) -> None:
        self._items, self._offset, self._first = items, offset, first

    def __len__(self) -> int:
        return len(self._items)

    @property
    def are_text(self) -> bool:
        """Whether all of them are well-formed UTF-8."""
        return all(item.isascii() or _is_utf8(item) for item in self._items)

    def __getitem__(self, row: int) -> tuple[bytes, int, int]:
        return self._items[row], self._offset, self._first + row

    @cached_property
    def block(self) -> bytes:
        return b"\n".join(self._items)

    def rows_of(self, places: Sequence[int]) -> list[int]:
        return _rows(self._starts, places)

    def columns(self) -> tuple[Any, Any, Any]:
        from stratagem.arrays import text_array

        count = len(self._items)
        indexes = np.arange(self._first, self._first + count, dtype=np.int64)
        return text_array(self._items), np.full(count, self._offset, dtype=np.int64), indexes

    @cached_property
    def _starts(self) -> list[int]:
        sizes = np.fromiter((len(item) + 1 for item in self._items), dtype=np.int64, count=len(self._items))
        return [0, *np.cumsum(sizes)[:-1].tolist()]


class TextPieces(ItemPieces):
    """Rows that were made of lines of text: each has its own place in the file, and its keys are sorted."""

    def __init__(self, items: Sequence[bytes], offsets: Sequence[int]) -> None:
        super().__init__(items, 0, 0)
        self._offsets = offsets

    def __getitem__(self, row: int) -> tuple[bytes, int, int]:
        return self._items[row], self._offsets[row], 0

    def columns(self) -> tuple[Any, Any, Any]:
        texts, _, _ = super().columns()
        return texts, np.array(self._offsets, dtype=np.int64), np.zeros(len(self._items), dtype=np.int64)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_object(line: bytes) -> bool:
    line = line.strip()
    return line[:1] == b"{" and line[-1:] == b"}"


def _rows(starts: Sequence[int], places: Sequence[int]) -> list[int]:
    return (np.searchsorted(starts, places, side="right") - 1).tolist() if len(places) else []
