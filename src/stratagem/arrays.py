"""Python values and numpy columns as Arrow arrays, and back.

`pyarrow.array`, `pyarrow.scalar` and `to_pylist` of times do the same, but look whether values are pandas', and so
import pandas wherever that is installed: a quarter of a second in every process.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def array(values: Sequence[Any], kind: Any) -> Any:
    """Values of one type, with None for null.

    Texts, whole numbers, truths, times of UTC in microseconds, lists of these, and maps as lists of pairs.
    """
    if pa.types.is_string(kind):
        return words(values)
    if pa.types.is_list(kind) or pa.types.is_map(kind):
        bounds = np.zeros(len(values) + 1, dtype=np.int32)
        np.cumsum([len(value or ()) for value in values], out=bounds[1:])
        items = [item for value in values for item in value or ()]
        data = _pairs(items, kind) if pa.types.is_map(kind) else array(items, kind.value_type)
        return pa.Array.from_buffers(kind, len(values), [_valid(values), pa.py_buffer(bounds)], children=[data])
    if pa.types.is_timestamp(kind):
        values = [None if moment is None else (moment - _EPOCH) // _MICROSECOND for moment in values]
        return _fixed(values, "int64", pa.int64()).view(kind)
    if pa.types.is_boolean(kind):
        return pa.Array.from_buffers(kind, len(values), [_valid(values), _bits([bool(value) for value in values])])
    return _fixed(values, str(kind), kind)


def _fixed(values: Sequence[Any], numpy_type: str, kind: Any) -> Any:
    data = np.array([0 if value is None else value for value in values], dtype=numpy_type)
    return pa.Array.from_buffers(kind, len(values), [_valid(values), pa.py_buffer(data)])


def _pairs(pairs: Sequence[tuple[Any, Any]], kind: Any) -> Any:
    """The entries of maps."""
    keys, items = ([pair[place] for pair in pairs] for place in (0, 1))
    columns = [array(keys, kind.key_type), array(items, kind.item_type)]
    return pa.StructArray.from_arrays(columns, fields=[kind.key_field, kind.item_field])


def _valid(values: Sequence[Any]) -> Any:
    """The bits that tell what is null; None where nothing is."""
    if None not in values:
        return None
    return _bits([value is not None for value in values])


def _bits(truths: Sequence[bool]) -> Any:
    return pa.py_buffer(np.packbits(np.array(truths, dtype=bool), bitorder="little"))


def python(column: Any) -> list[Any]:
    """The values of an array or of a column: what `to_pylist` gives, where times are in microseconds of UTC."""
    if isinstance(column, pa.ChunkedArray):
        return [value for chunk in column.chunks for value in python(chunk)]
    kind = column.type
    if pa.types.is_timestamp(kind):
        found = column.cast(pa.timestamp("us", "UTC")).view(pa.int64()).to_pylist()
        return [None if value is None else _EPOCH + timedelta(microseconds=value) for value in found]
    if pa.types.is_struct(kind):
        names = [member.name for member in kind]
        rows = zip(*(python(column.field(place)) for place in range(len(names))), strict=True)
        held = zip(column.is_valid().to_pylist(), rows, strict=True)
        return [dict(zip(names, row, strict=True)) if is_there else None for is_there, row in held]
    values: list[Any] = column.to_pylist()
    return values


def records(table: Any) -> list[dict[str, Any]]:
    """The rows of a table, as `to_pylist` gives them."""
    columns = [python(column) for column in table.columns]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def text_array(texts: Sequence[bytes | None]) -> Any:
    """UTF-8 texts, at most 2 GiB of them."""
    bounds = np.zeros(len(texts) + 1, dtype=np.int32)
    np.cumsum([len(text) if text else 0 for text in texts], out=bounds[1:])
    data = b"".join(filter(None, texts))
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(bounds), pa.py_buffer(data), _valid(texts))


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
    return pa.repeat(array([moment], pa.timestamp("us", "UTC"))[0], count)


def numbers(column: Any) -> Any:
    """The values of a column of 64-bit integers, or of what is one (times), without nulls, as numpy's."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    filled = [one for one in chunks if len(one)]
    parts = [np.frombuffer(one.buffers()[1], dtype=np.int64)[one.offset : one.offset + len(one)] for one in filled]
    if not parts:
        return np.empty(0, dtype=np.int64)
    return np.concatenate(parts) if len(parts) > 1 else parts[0]
