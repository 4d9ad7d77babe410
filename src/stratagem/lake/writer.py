"""Events -> Parquet files of the lake, one partition (source and day) a file, in bounded memory.

A writer belongs to one process. What it wrote is no part of the table until `Lake.commit` names it: many processes
write, one commits, and what a crashed run left is swept by `Lake.vacuum`.
The record's text is compressed with zstd 1 and the columns with LZ4: see docs/decisions/ for the measurements.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stratagem.arrays import integers, numbers
from stratagem.errors import StratagemError
from stratagem.events.columns import EVENTS_SCHEMA

PARTITIONS = ("source", "day")
Partition = tuple[str, str]
"""A source and a day (ISO)."""
BUFFER_BYTES = 48 << 20
"""Events that a writer holds before it writes."""

SMALL_BYTES = 8 << 20
"""Partitions below this wait for more of their kind while there is room: a small file costs more than its rows."""

_ROW_GROUP_ROWS = 65536
_DICTIONARY_ROWS = 1024
_STREAM_BYTES = 1 << 20
"""Each column of a file is several small writes."""
_ALWAYS = frozenset({*PARTITIONS, "event_uid", "time"})
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
    _parts: dict[Partition, list[Any]] = field(default_factory=dict)
    _sizes: Counter[Partition] = field(default_factory=Counter)
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
            for partition, part in by_partition(filled(table.slice(start, step))):
                self._parts.setdefault(partition, []).append(part)
                self._sizes[partition] += size * part.num_rows // table.num_rows
            if self._sizes.total() >= self.buffer_bytes:
                self._flush(keep_small=True)

    def close(self) -> tuple[Written, ...]:
        """Write what is left, and give everything written since the last `close`."""
        self._flush(keep_small=False)
        written, self._written = tuple(self._written), []
        return written

    def _flush(self, *, keep_small: bool) -> None:
        """Write partitions, the largest first; small ones wait for more of their kind while half the buffer is free."""
        parts, self._parts = self._parts, {}
        waiting: dict[Partition, Any] = {}
        taken = 0
        for partition, size in sorted(self._sizes.items(), key=itemgetter(1, 0)):
            taken += size
            part = pa.concat_tables(parts.pop(partition), promote_options="default")
            if keep_small and size < SMALL_BYTES and taken <= self.buffer_bytes / 2:
                waiting[partition] = part
            else:
                self._written.append(self._write(*partition, part))
                del self._sizes[partition]
        if waiting:
            # Copied: as slices they would keep whole batches alive.
            rest = pa.concat_tables(waiting.values(), promote_options="default").combine_chunks()
            bounds = accumulate((part.num_rows for part in waiting.values()), initial=0)
            for partition, (start, end) in zip(waiting, pairwise(bounds), strict=True):
                self._parts[partition] = [rest.slice(start, end - start)]

    def _write(self, source: str, day: str, part: Any) -> Written:
        folder = f"source={source}/day={day}"
        path = f"{folder}/{uuid.uuid4().hex}.parquet"
        self.filesystem.create_dir(folder, recursive=True)
        rows = part.drop_columns(list(PARTITIONS))
        with self.filesystem.open_output_stream(path, buffer_size=_STREAM_BYTES) as stream:
            with _parquet(stream, rows) as parquet:
                parquet.write_table(rows, row_group_size=_ROW_GROUP_ROWS)
            size = stream.tell()
        return Written(path=path, size=size, rows=part.num_rows, source=source, day=day, stats=_stats(part))


def filled(table: Any) -> Any:
    """The table without the leaves that hold no value: writing them would triple a small file's cost."""
    columns = {name: _filled(table[name]) for name in table.column_names}
    kept = {name: table[name] if name in _ALWAYS else column for name, column in columns.items()}
    return pa.table({name: column for name, column in kept.items() if column is not None})


def _filled(column: Any) -> Any:
    """The column, of a struct the members that hold a value; None if nothing does."""
    if not pa.types.is_struct(column.type):
        return None if column.null_count == len(column) else column
    names = [member.name for member in column.type]
    members = {name: _filled(member) for name, member in zip(names, column.flatten(), strict=True)}
    members = {name: member for name, member in members.items() if member is not None}
    if not members:
        return None
    parts = zip(*(member.chunks for member in members.values()), strict=True)
    return pa.chunked_array([pa.StructArray.from_arrays(part, names=list(members)) for part in parts])


def by_partition(table: Any) -> Iterator[tuple[Partition, Any]]:
    """A table's partitions, each with its rows.

    Slices where the table is in order already, as logs mostly are; else rows are ordered by event time too.
    """
    sources = table["source"].combine_chunks().dictionary_encode()
    days = numbers(table["day"].cast(pa.int32()).cast(pa.int64()))
    keys = numbers(sources.indices.cast(pa.int64())) * 2**32 + days
    if (np.diff(keys) < 0).any():
        order = np.lexsort((numbers(table["time"]), keys))
        table, keys = table.take(integers(order)), keys[order]
    edges = np.flatnonzero(np.diff(keys)) + 1
    for start, end in pairwise([0, *edges.tolist(), len(keys)]):
        part = table.slice(start, end - start)
        yield (part["source"][0].as_py(), part["day"][0].as_py().isoformat()), part


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
