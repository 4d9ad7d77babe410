"""Canonical records -> `events` columns: a source's SQL projection, run by DuckDB over Arrow batches.

Only the columns that a projection names go through DuckDB; ids, places, labels and the record itself are attached
afterwards as the Arrow columns they came as (selecting the record's text through DuckDB costs four times the rest).

Rows keep the batch's order. A record that DuckDB cannot read aborts its whole query; such records are found, reported
with a reason and left out, the rest goes on. DuckDB's JSON takes the first of duplicate keys, our parsers the last:
of a record with duplicate keys the caller passes re-serialised text, or the two stages see different events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from stratagem.arrays import integers, python, same, text_array, words
from stratagem.events.columns import EVENTS_SCHEMA, OCSF_VERSION, PATHS, TREE, arrow_type
from stratagem.events.query import BadRow, as_inputs, select
from stratagem.events.statement import statement
from stratagem.sources._contract import NO_LABELS, Labels, Native, Source
from stratagem.sources._json import encode

INGEST_COLUMNS = ("event_uid", "file", "offset", "index", "record_hash", "revision", "ingest_time")
"""Batch columns that reach `events` as they are. Those that a batch lacks are null."""

_FEW = 16
_TIMED = "_timed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """What a projection gives: `table` has the schema EVENTS_SCHEMA (`raw_data` only if it was asked for)."""

    table: Any
    bad: tuple[BadRow, ...] = ()


def project(source_id: str, source: Source, batch: Any, connection: Any, *, keep_raw: bool = False) -> Projected:
    """Normalise one batch of a source's canonical records.

    Batch columns: `raw` (JSON text), and, null where absent, `label_cluster|account|tenant|region`, `event_uid`,
    `file`, `offset`, `index`, `record_hash` (64 bits, signed or not), `revision`, `ingest_time`. `connection` comes
    from `connect`. With two threads or more, give a table of several chunks: DuckDB splits the work by chunk.
    Raises UsageError if the projection names an unknown path or a type that does not fit.
    """
    table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
    made = statement(source_id, source.ocsf, source.columns, connection)
    rows, bad = select(made.sql, as_inputs(table), connection)
    kept = np.setdiff1d(np.arange(table.num_rows), [item.row for item in bad])
    events = _assemble(source_id, _without(_beside(table, keep_raw), [item.row for item in bad]), rows)
    late = [row for row, valid in enumerate(events["time"].is_valid().to_pylist()) if not valid]
    bad += [BadRow(row=int(row), reason="event time not readable") for row in kept[late]]
    return Projected(table=_without(events, late), bad=tuple(sorted(bad, key=_row)))


def project_one(
    source_id: str, source: Source, native: Native, connection: Any, *, event_uid: str, labels: Labels = NO_LABELS
) -> dict[str, Any]:
    """One record's columns as nested dicts without nulls; empty if the record cannot be normalised."""
    return project_many(source_id, source, [(native, event_uid, labels)], connection)[0]


def project_many(
    source_id: str,
    source: Source,
    records: Sequence[tuple[Native | bytes, str, Labels]],
    connection: Any,
    *,
    only: frozenset[str] | None = None,
) -> list[dict[str, Any]]:
    """The columns of a handful of records (native or its JSON text, event uid, labels), as `project_one` gives them.

    They keep their order. `only` names the top-level columns that are wanted; the others are then left out, and what
    they could not be made of is no fault of the record.
    """
    texts = [_text(native) for native, _, _ in records]
    columns: dict[str, list[str | None]] = {"event_uid": [event_uid for _, event_uid, _ in records]}
    for name in ("cluster", "account", "tenant", "region"):
        columns[f"label_{name}"] = [getattr(labels, name) for _, _, labels in records]
    table = pa.table({"raw": text_array(texts), **{name: words(values) for name, values in columns.items()}})
    made = statement(source_id, source.ocsf, source.columns, connection)
    wanted = [path for path in made.columns if only is None or path.split(".")[0] in only]
    told = {_TIMED: f"({made.columns['time']}) IS NOT NULL", **{path: made.columns[path] for path in wanted}}
    rows, bad = select(made.selecting(told), as_inputs(table), connection)
    good = _records(wanted, rows)
    timed = iter(rows[_TIMED].to_pylist())
    skip = {item.row for item in bad}
    return [{} if row in skip else _if(next(timed), next(good)) for row in range(len(records))]


def _if(timed: bool, record: dict[str, Any]) -> dict[str, Any]:
    """A record without a readable time is not normalised."""
    return record if timed else {}


def _text(native: Native | bytes) -> bytes:
    return native if isinstance(native, bytes) else encode(native)


def _records(paths: Sequence[str], rows: Any) -> Iterator[dict[str, Any]]:
    """Flat columns as nested dicts: only what is there is built, because most columns of most records are null."""
    if not paths:
        yield from ({} for _ in range(rows.num_rows))
    columns = [python(rows[path]) for path in paths]
    for values in zip(*columns, strict=True):
        yield nested(paths, values)


def nested(paths: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """The values of dotted paths as nested dicts, without nulls and what holds nothing else."""
    record: dict[str, Any] = {}
    for path, value in zip(paths, values, strict=True):
        if value is not None and (value := without_nulls(value)) not in ({}, []):
            here = record
            *parents, last = path.split(".")
            for parent in parents:
                here = here.setdefault(parent, {})
            here[last] = value
    return record


def without_nulls(value: Any) -> Any:
    """Nested values with the nulls, and the structs that hold nothing else, left out."""
    if isinstance(value, dict):
        pairs = ((key, without_nulls(item)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not None and item != {}}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _row(item: BadRow) -> int:
    return item.row


def _without(table: Any, rows: Sequence[int]) -> Any:
    """The table without these rows. Few are cut out as slices, which copies nothing: records are large."""
    if not rows:
        return table
    if len(rows) > _FEW:
        return table.take(integers(np.setdiff1d(np.arange(table.num_rows), rows)))
    edges = [-1, *sorted(rows), table.num_rows]
    return pa.concat_tables([table.slice(start + 1, end - start - 1) for start, end in pairwise(edges)])


def _beside(table: Any, keep_raw: bool) -> Any:
    """The batch columns that do not go through DuckDB."""
    beside = table.select([name for name in INGEST_COLUMNS if name in table.column_names])
    return beside.append_column("raw_data", table["raw"]) if keep_raw else beside


def _assemble(source_id: str, beside: Any, rows: Any) -> Any:
    """The `events` table of a projection's rows and the batch columns beside them."""
    leaves = {name: rows[name] for name in rows.column_names}
    leaves |= {name: beside[name] for name in beside.column_names}
    count = rows.num_rows
    leaves["source"] = same(source_id, count)
    leaves["metadata.version"] = same(OCSF_VERSION, count)
    fitted = {path: _fitted(column, PATHS[path]) for path, column in leaves.items()}
    arrays = [_column(node, fitted, count) for node in TREE.values()]
    return pa.Table.from_arrays(arrays, schema=EVENTS_SCHEMA)


def _fitted(column: Any, kind: str) -> Any:
    """One contiguous array of the schema's type."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    wanted = arrow_type(kind)
    if array.type == wanted:
        return array
    if array.type == pa.uint64():
        return array.view(pa.int64())
    return array.cast(wanted)


def _column(node: Any, leaves: Mapping[str, Any], count: int) -> Any:
    if isinstance(node, str):
        return leaves[node] if node in leaves else _nulls(arrow_type(PATHS[node]), count)
    return pa.StructArray.from_arrays([_column(below, leaves, count) for below in node.values()], names=list(node))


@lru_cache(maxsize=64)
def _nulls(kind: Any, count: int) -> Any:
    """Nulls of a type: all share one zeroed buffer as validity, offsets and data, and cost nothing a column."""
    zeros = _zeros(count)
    if pa.types.is_list(kind):
        return pa.Array.from_buffers(kind, count, [zeros, zeros], children=[pa.nulls(0, kind.value_type)])
    if pa.types.is_string(kind):
        return pa.Array.from_buffers(kind, count, [zeros, zeros, zeros])
    return pa.Array.from_buffers(kind, count, [zeros, zeros])


@lru_cache(maxsize=4)
def _zeros(count: int) -> Any:
    return pa.py_buffer(bytes(8 * count + 8))
