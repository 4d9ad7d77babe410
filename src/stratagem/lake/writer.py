"""Events -> Parquet files of the lake, one partition (source and day) a file, in bounded memory.

A writer belongs to one process. What it wrote is no part of the table until `Lake.commit` names it: many processes
write, one commits, and what a crashed run left is swept by `Lake.vacuum`.
The record's text is compressed with zstd 1 and the columns with LZ4: see docs/decisions/ for the measurements.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stratagem.errors import StratagemError
from stratagem.events.columns import EVENTS_SCHEMA

PARTITIONS = ("source", "day")
BUFFER_BYTES = 96 << 20
"""Events that a writer holds before it writes. Sorting them takes as much again for a moment."""

SMALL_BYTES = 8 << 20
"""Partitions below this wait for more of their kind while there is room: a small file costs more than its rows."""

_ROW_GROUP_ROWS = 65536
_DICTIONARY_ROWS = 4096
_ALWAYS = frozenset({"event_uid", "time"})
_DISTINCT = ("raw_data", "event_uid", "record_hash", "offset", "index", "time", "metadata.uid", "api.request.uid")
"""Leaves that a dictionary would only slow down."""


class SchemaMismatch(StratagemError):
    """Events, or a lake, whose columns are not those of this version."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that stands in the lake's place and waits for its commit. Picklable."""

    path: str
    """Relative to the table."""
    size: int
    rows: int
    source: str
    day: str
    stats: str
    """Delta statistics as JSON: rows, and the least and greatest event time, by which files are skipped."""


@dataclass(slots=True, kw_only=True)
class Writer:
    """Takes `events` tables in any order and writes them as files under `filesystem`'s root.

    `filesystem` is pyarrow's (a local folder or an object store). Not thread-safe.
    """

    filesystem: Any
    buffer_bytes: int = BUFFER_BYTES
    _waiting: list[Any] = field(default_factory=list)
    _bytes: int = 0
    _written: list[Written] = field(default_factory=list)

    def add(self, table: Any) -> None:
        """Buffer a table of EVENTS_SCHEMA, and write when enough has come together.

        Raises SchemaMismatch, which names the column.
        """
        check_schema(table.schema)
        size = table.get_total_buffer_size()
        pieces = 1 + size // self.buffer_bytes
        step = max(1, -(-table.num_rows // pieces))
        for start in range(0, table.num_rows, step):
            self._waiting.append(table.slice(start, step))
            self._bytes += size // pieces
            if self._bytes >= self.buffer_bytes:
                self._flush(keep_small=True)

    def close(self) -> tuple[Written, ...]:
        """Write what is left, and give everything written since the last `close`."""
        self._flush(keep_small=False)
        written, self._written = tuple(self._written), []
        return written

    def _flush(self, *, keep_small: bool) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting, promote_options="default")
        columns = filled(table)
        table = table.select([*PARTITIONS, *columns]).combine_chunks()
        per_row = self._bytes / table.num_rows
        self._waiting, self._bytes = [], 0
        table, bounds = by_partition(table)
        room = min(SMALL_BYTES, self.buffer_bytes / 2) if keep_small else 0
        waiting: list[Any] = []
        total = 0.0
        for start, end in sorted(pairwise(bounds), key=lambda span: span[1] - span[0]):
            size = (end - start) * per_row
            total += size
            if size < room and total <= self.buffer_bytes / 2:
                waiting.append(table.slice(start, end - start))
            else:
                self._written.append(self._write(table.slice(start, end - start), columns))
        if waiting:
            rest = pa.concat_tables(waiting).combine_chunks()
            # Taken, not sliced: a slice would keep the whole buffer alive.
            self._waiting = [rest.take(pa.array(np.arange(rest.num_rows)))]
            self._bytes = int(rest.num_rows * per_row)

    def _write(self, part: Any, columns: list[str]) -> Written:
        source, day = part["source"][0].as_py(), part["day"][0].as_py().isoformat()
        folder = f"source={source}/day={day}"
        path = f"{folder}/{uuid.uuid4().hex}.parquet"
        self.filesystem.create_dir(folder, recursive=True)
        rows = part.select(columns)
        with self.filesystem.open_output_stream(path) as stream:
            with _parquet(stream, rows) as parquet:
                parquet.write_table(rows, row_group_size=_ROW_GROUP_ROWS)
            size = stream.tell()
        return Written(path=path, size=size, rows=part.num_rows, source=source, day=day, stats=_stats(part))


def filled(table: Any) -> list[str]:
    """The columns that stand in a file: those with a value. Writing the others would double a small file's cost."""
    kept = [name for name in table.column_names if name not in PARTITIONS]
    return [name for name in kept if name in _ALWAYS or not all(map(_is_empty, table[name].chunks))]


def _is_empty(array: Any) -> bool:
    if pa.types.is_struct(array.type):
        return all(_is_empty(array.field(member)) for member in range(array.type.num_fields))
    return bool(array.null_count == len(array))


def by_partition(table: Any) -> tuple[Any, list[int]]:
    """The table ordered by partition, and the bounds of its partitions.

    A table that is in order already, as logs mostly are, is not copied; else rows are ordered by event time too.
    """
    sources = table["source"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    keys = sources * 2**32 + table["day"].cast(pa.int32()).to_numpy()
    if (np.diff(keys) < 0).any():
        order = np.lexsort((table["time"].cast(pa.int64()).to_numpy(), keys))
        table, keys = table.combine_chunks().take(pa.array(order)), keys[order]
    edges = np.flatnonzero(np.diff(keys)) + 1
    return table, [0, *edges.tolist(), len(keys)]


def check_schema(schema: Any) -> None:
    """Raise SchemaMismatch unless a table has the columns of `events`, in their order."""
    if schema.equals(EVENTS_SCHEMA):
        return
    given, wanted = dict(zip(schema.names, schema.types, strict=True)), EVENTS_SCHEMA
    for column in wanted:
        if column.name not in given:
            raise SchemaMismatch(f"events lack the column {column.name!r} ({column.type})")
        if given[column.name] != column.type:
            raise SchemaMismatch(f"column {column.name!r} is {given[column.name]}, `events` has {column.type}")
    unknown = [name for name in given if name not in wanted.names]
    raise SchemaMismatch(f"events have no column {unknown[0]!r}" if unknown else "the columns are not in order")


def _leaf_paths(kind: Any, path: str) -> Iterator[str]:
    """Parquet's own paths of a column's leaves: lists add `.list.element`."""
    if pa.types.is_struct(kind):
        for member in kind:
            yield from _leaf_paths(member.type, f"{path}.{member.name}")
    elif pa.types.is_list(kind):
        yield from _leaf_paths(kind.value_type, f"{path}.list.element")
    else:
        yield path


def _parquet(stream: Any, rows: Any) -> Any:
    leaves = [path for column in rows.schema for path in _leaf_paths(column.type, column.name)]
    is_small = rows.num_rows < _DICTIONARY_ROWS
    return pq.ParquetWriter(
        stream,
        rows.schema,
        compression={path: "ZSTD" if path == "raw_data" else "LZ4" for path in leaves},
        compression_level={"raw_data": 1} if "raw_data" in leaves else None,
        use_dictionary=False if is_small else [path for path in leaves if path not in _DISTINCT],
        write_statistics=["time"],
        store_schema=False,
    )


def _stats(part: Any) -> str:
    least, greatest = (f"{value.isoformat(timespec='microseconds')}Z" for value in _span(part["time"]))
    return json.dumps({"numRecords": part.num_rows, "minValues": {"time": least}, "maxValues": {"time": greatest}})


def _span(times: Any) -> tuple[datetime, datetime]:
    found = pc.min_max(times.cast(pa.timestamp("us")))
    return found["min"].as_py(), found["max"].as_py()
