"""Reading the lake with DuckDB: views over the live files, copies of one event counted once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from stratagem.events.columns import EVENTS_SCHEMA, PATHS, TREE
from stratagem.events.query import connect
from stratagem.sqltext import listed, quoted

_NAMES = ", ".join(f'"{name}"' for name in EVENTS_SCHEMA.names)

# record_hash is 64 unsigned bits stored as signed: negative numbers are the greater half.
SURVIVOR = (
    "row_number() OVER (PARTITION BY source, event_uid ORDER BY revision DESC NULLS LAST, record_hash < 0 DESC, "
    'record_hash DESC, file, "offset", "index")'
)
"""1 for the row that stands for its event: greatest revision, then greatest hash, then the smallest place."""


def reader(table: Any, *, is_local: bool, threads: int = 1, where: str = "") -> Any:
    """A connection with the views `copies` and `events` over a Delta table's files; see `Lake.connect`."""
    connection = connect(threads=threads)
    files = table.file_uris(file_pruning_predicate=where or None)
    if not files:
        connection.register("copies", pa.Table.from_batches([], EVENTS_SCHEMA))
        connection.execute("CREATE VIEW events AS SELECT * FROM copies")
    elif is_local:
        _local(connection, files)
    else:
        _remote(connection, table, where)
    return connection


def _local(connection: Any, files: list[str]) -> None:
    """Views over Parquet files. Losing copies are found once, in narrow columns, so that queries stay cheap."""
    connection.execute("SET parquet_metadata_cache = true")
    alike = [_placed(connection, some) for some in _alike(connection, files)]
    connection.execute(f"CREATE VIEW _placed AS {' UNION ALL '.join(alike)}")
    connection.execute(f"CREATE VIEW copies AS SELECT {_NAMES} FROM _placed")
    connection.execute(
        "CREATE TEMP TABLE _losers AS SELECT filename, file_row_number FROM "
        f"(SELECT filename, file_row_number, {SURVIVOR} AS place FROM _placed) WHERE place > 1"
    )
    kept = "WHERE (filename, file_row_number) NOT IN (SELECT (filename, file_row_number) FROM _losers)"
    is_clean = connection.execute("SELECT count(*) FROM _losers").fetchall()[0][0] == 0
    connection.execute(f"CREATE VIEW events AS SELECT {_NAMES} FROM _placed {'' if is_clean else kept}")


def _placed(connection: Any, files: Sequence[str]) -> str:
    """The columns of files that hold the same ones, as `events` has them, with each row's place."""
    names = listed(files)
    read = (
        f"SELECT * FROM read_parquet([{names}], filename=true, file_row_number=true, hive_partitioning=true, "
        "hive_types={'source': VARCHAR, 'day': DATE})"
    )
    held = connection.sql(f"{read} LIMIT 0").to_arrow_table().schema
    columns = ", ".join(f"{_column(node, held, name)} AS {quoted(name)}" for name, node in TREE.items())
    return f"SELECT {columns}, filename, file_row_number FROM ({read})"


def _alike(connection: Any, files: Sequence[str]) -> list[list[str]]:
    """The files by what columns they hold.

    DuckDB 2.0 fails (an internal error, the connection is lost) when it fits one file's structs to another's: for a
    single member where one file lacks it, and for the whole struct where one file lacks that.
    """
    rows = connection.execute(
        "SELECT file_name, string_agg(concat_ws(' ', name, type, num_children), ',' ORDER BY place) AS columns FROM "
        f"(SELECT *, row_number() OVER () AS place FROM parquet_schema([{listed(files)}])) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    groups: dict[str, list[str]] = {}
    for name, columns in rows:
        groups.setdefault(columns, []).append(name)
    return list(groups.values())


def _remote(connection: Any, table: Any, where: str) -> None:
    """Views over the library's own reader of an object store; slower, and copies are ranked in every query."""
    dataset = table.to_pyarrow_dataset(file_pruning_predicate=where or None)
    connection.register("_dataset", dataset)
    connection.execute(f"CREATE VIEW copies AS SELECT {_NAMES} FROM _dataset")
    connection.execute(f"CREATE VIEW events AS SELECT {_NAMES} FROM copies QUALIFY {SURVIVOR} = 1")


def _column(node: Any, held: Any, name: str, access: str = "") -> str:
    """A column as `events` has it, from files that leave out members without value."""
    at = held.get_field_index(name) if held else -1
    access += quoted(name)
    if isinstance(node, str):
        return access if at >= 0 else f"NULL::{PATHS[node]}"
    inside = held[at].type if at >= 0 else None
    members = (f"{quoted(child)} := {_column(below, inside, child, access + '.')}" for child, below in node.items())
    return f"struct_pack({', '.join(members)})"
