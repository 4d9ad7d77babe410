"""Python values and numpy columns as Arrow arrays.

`pyarrow.array` does the same, but looks whether its values are pandas', and so imports pandas wherever that is
installed: a quarter of a second in every process.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa


def text_array(texts: Sequence[bytes | None]) -> Any:
    """UTF-8 texts, at most 2 GiB of them."""
    bounds = np.zeros(len(texts) + 1, dtype=np.int32)
    np.cumsum([len(text) if text else 0 for text in texts], out=bounds[1:])
    valid = None
    if None in texts:
        valid = pa.py_buffer(np.packbits([text is not None for text in texts], bitorder="little"))
    data = b"".join(filter(None, texts))
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(bounds), pa.py_buffer(data), valid)


def words(texts: Sequence[str | None]) -> Any:
    """Texts as they are in Python. Half a surrogate pair becomes a question mark."""
    return text_array([None if text is None else text.encode(errors="replace") for text in texts])


def integers(values: Sequence[int] | Any) -> Any:
    """Numbers of 64 bits, without nulls."""
    given = np.ascontiguousarray(values, dtype=np.int64)
    return pa.Int64Array.from_buffers(pa.int64(), len(given), [None, pa.py_buffer(given)])


def same(text: str, count: int) -> Any:
    """One text so many times."""
    return pa.repeat(words([text])[0], count)


def moments(moment: datetime, count: int) -> Any:
    """One time so many times, in microseconds of UTC."""
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return pa.repeat(integers([microseconds]).view(pa.timestamp("us", "UTC"))[0], count)


def numbers(column: Any) -> Any:
    """The values of a column of 64-bit integers, or of what is one (times), without nulls, as numpy's."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [np.frombuffer(one.buffers()[1], dtype=np.int64)[one.offset : one.offset + len(one)] for one in chunks]
    return np.concatenate(parts) if len(parts) != 1 else parts[0]
