"""Tables beside the lake's events: Delta as well, in folders of its own that the events' vacuum passes over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.fs

from stratagem.lake.store import TARGET_FILE_BYTES, Lake
from stratagem.lake.sweep import LOG_KEPT, is_crowded, sweep
from stratagem.lake.writer import Written
from stratagem.sqltext import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTable:
    """A table `name` of `schema` beside the events of `lake`. Nothing is read or made until a method is called."""

    lake: Lake
    name: str
    schema: Any
    partitions: tuple[str, ...] = ()

    @property
    def location(self) -> str:
        """Where it stands."""
        root = str(self.lake.folder) if self.lake.folder else self.lake.uri.rstrip("/")
        return f"{root}/_{self.name}"

    def exists(self) -> bool:
        """Is there a table."""
        from deltalake import DeltaTable

        return bool(DeltaTable.is_deltatable(self.location, dict(self.lake.options)))

    def create(self) -> None:
        """Make the empty table unless there is one."""
        from deltalake import DeltaTable

        DeltaTable.create(
            self.location,
            schema=self.schema,
            mode="ignore",
            partition_by=list(self.partitions),
            name=self.name,
            configuration=LOG_KEPT,
            storage_options=dict(self.lake.options),
        )

    def version(self) -> int:
        """The table's version."""
        return int(self._table().version())

    def files(self, version: int | None = None) -> frozenset[str]:
        """The files of the table, now or at a version; none of a version that is no longer known."""
        from deltalake.exceptions import DeltaError

        try:
            return frozenset(self._table(version).file_uris())
        except (DeltaError, OSError):
            if version is None:
                raise
            return frozenset()

    def has(self, *, app_id: str, version: int = 1) -> bool:
        """Has this version of an application's, or a later one, been written."""
        seen = self._table().transaction_version(app_id)
        return seen is not None and seen >= version

    def append(self, rows: Any, *, transactions: Mapping[str, int]) -> bool:
        """Append rows as one commit. False, and nothing is done, where all transactions have been committed before."""
        from deltalake import write_deltalake
        from deltalake.transaction import CommitProperties, Transaction

        if all(self.has(app_id=name, version=version) for name, version in transactions.items()):
            return False
        known = [Transaction(name, version) for name, version in transactions.items()]
        write_deltalake(
            self.location,
            rows.cast(self.schema),
            mode="append",
            partition_by=list(self.partitions) or None,
            storage_options=dict(self.lake.options),
            commit_properties=CommitProperties(app_transactions=known),
        )
        return True

    def delete(self, predicate: str) -> int:
        """Delete rows; how many."""
        done = self._table().delete(predicate)
        return int(done.get("num_deleted_rows") or 0)

    def compact(self) -> None:
        """Join small files, and delete those that no version of the last days names."""
        table = self._table()
        table.optimize.compact(target_size=TARGET_FILE_BYTES)
        sweep(table)

    def replace(self, rows: Any) -> None:
        """Put rows in the place of all that there are; see `compact` for the files that are no longer named."""
        from deltalake import write_deltalake

        write_deltalake(
            self.location,
            rows.cast(self.schema),
            mode="overwrite",
            partition_by=list(self.partitions) or None,
            storage_options=dict(self.lake.options),
        )
        sweep(self._table())

    def values_of(self, partition: str) -> frozenset[str]:
        """The values of a partition column that files are named for."""
        return frozenset(str(one[partition]) for one in self._table().partitions())

    def is_crowded(self) -> bool:
        """Are there many more files than partitions."""
        return is_crowded(self._table())

    def select(self, connection: Any, files: Iterable[str]) -> str:
        """A SELECT over these files of the table, with `filename` as `files` names them."""
        names = sorted(files)
        if self.lake.folder is None:
            return self._remote(connection)
        return parquet(connection, self.schema, names, self.partitions)

    def _remote(self, connection: Any) -> str:
        name = f"_{self.name}_rows"
        connection.register(name, self._table().to_pyarrow_dataset())
        return f"SELECT *, '' AS filename FROM {name}"

    def _table(self, version: int | None = None) -> Any:
        from deltalake import DeltaTable

        return DeltaTable(self.location, version=version, storage_options=dict(self.lake.options))


def parquet(connection: Any, schema: Any, files: Sequence[str], partitions: Sequence[str] = ()) -> str:
    """A SELECT of a schema's columns, and `filename`, over Parquet files, which may lack columns without values."""
    if not files:
        name = f"_no_{'_'.join(schema.names)}"
        connection.register(name, pa.Table.from_batches([], schema))
        return f"SELECT *, '' AS filename FROM \"{name}\""
    names = listed(files)
    kinds = ", ".join(f"'{name}': {'DATE' if name == 'day' else 'VARCHAR'}" for name in partitions)
    hive = f", hive_partitioning=true, hive_types={{{kinds}}}" if partitions else ", hive_partitioning=false"
    read = f"read_parquet([{names}], union_by_name=true, filename=true{hive})"
    held = set(connection.sql(f"SELECT * FROM {read} LIMIT 0").columns)
    columns = [_column(column, column.name in held) for column in schema]
    return f"SELECT {', '.join(columns)}, filename FROM {read}"


def _column(column: Any, is_held: bool) -> str:
    if is_held:
        return f'"{column.name}"'
    kinds = {pa.string(): "VARCHAR", pa.int64(): "BIGINT"}
    return f'NULL::{kinds.get(column.type, "VARCHAR")} AS "{column.name}"'


COPIES = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("event_uid", pa.string()),
        pa.field("time", pa.timestamp("us", tz="UTC")),
        pa.field("revision", pa.string()),
        pa.field("record_hash", pa.int64()),
        pa.field("file", pa.string()),
        pa.field("offset", pa.int64()),
        pa.field("index", pa.int64()),
    ]
)
"""What of `events` says which copy of an event stands."""


def copies_written(connection: Any, lake: Lake, written: Iterable[Written]) -> str:
    """A SELECT of COPIES over files that wait for their commit."""
    paths = [file.path for file in written]
    if lake.folder is not None:
        return parquet(connection, COPIES, [f"{lake.folder}/{path}" for path in paths], ("source", "day"))
    import pyarrow.dataset as ds

    parts = ds.partitioning(pa.schema([("source", pa.string()), ("day", pa.string())]), flavor="hive")
    connection.register(
        "_written", ds.dataset(paths, filesystem=lake.filesystem(), format="parquet", partitioning=parts)
    )
    return "SELECT * FROM _written"


def copies_held(connection: Any, lake: Lake, where: str = "") -> str:
    """A SELECT of COPIES over the events of the lake; `where` leaves files out by `source`, `day` and `time`."""
    table = lake.table()
    if lake.folder is not None:
        files = sorted(table.file_uris(file_pruning_predicate=where or None))
        return parquet(connection, COPIES, files, ("source", "day"))
    connection.register("_held", table.to_pyarrow_dataset())
    return "SELECT * FROM _held"
