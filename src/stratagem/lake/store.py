"""The lake: a Delta table of `events`, partitioned by source and day.

Appending is idempotent: every append has an application id and a version, and a version that the table has seen is not
written again (Delta's own check, made on the handle that commits). Reading goes through DuckDB over the live file list.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.fs

from stratagem.arrays import python
from stratagem.errors import UsageError
from stratagem.events.columns import EVENTS_SCHEMA, EVENTS_VERSION
from stratagem.lake.read import reader
from stratagem.lake.sweep import KEEP_HOURS, LOG_KEPT, is_crowded, sweep
from stratagem.lake.writer import BUFFER_BYTES, PARTITIONS, SchemaMismatch, Writer, Written

TARGET_FILE_BYTES = 128 << 20
"""What compaction makes of small files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an append did. `rows` and `files` are 0 where the version had been appended before."""

    rows: int = 0
    files: int = 0
    was_new: bool = False


@dataclass(frozen=True, slots=True)
class Lake:
    """Events at rest at `uri`: a local folder, or an object store's URL with its `options`. Picklable.

    Nothing is read or made until a method is called; the first write makes the table.
    """

    uri: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """The local folder; None for an object store."""
        if "://" in self.uri and not self.uri.startswith("file://"):
            return None
        return Path(self.uri.removeprefix("file://")).absolute()

    def exists(self) -> bool:
        """Is there a table."""
        from deltalake import DeltaTable

        return bool(DeltaTable.is_deltatable(self._location, dict(self.options)))

    def create(self) -> None:
        """Make the empty table unless there is one. Raises SchemaMismatch if it is another version's."""
        from deltalake import DeltaTable

        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(
            self._location,
            schema=EVENTS_SCHEMA,
            mode="ignore",
            partition_by=list(PARTITIONS),
            name="events",
            configuration=LOG_KEPT,
            description=f"stratagem events, schema version {EVENTS_VERSION}",
            storage_options=dict(self.options),
        )
        _check(self.table(), self.uri)

    def table(self) -> Any:
        """A fresh handle on the Delta table. Raises UsageError if there is none."""
        from deltalake import DeltaTable
        from deltalake.exceptions import TableNotFoundError

        try:
            return DeltaTable(self._location, storage_options=dict(self.options))
        except TableNotFoundError as error:
            raise UsageError(f"{self.uri} is no lake yet. Fill it: stratagem run PATH --lake {self.uri}") from error

    def writer(self, *, buffer_bytes: int = BUFFER_BYTES) -> Writer:
        """A writer of files for this lake, one a process. `create` the lake first, `commit` what it wrote."""
        return Writer(filesystem=self.filesystem(), buffer_bytes=buffer_bytes)

    def has(self, *, app_id: str, version: int) -> bool:
        """Has this version, or a later one, been appended."""
        return self.exists() and _has(self.table(), app_id, version)

    def append(self, tables: Iterable[Any], *, app_id: str, version: int) -> Appended:
        """Append `events` tables as one commit, however many they are, in bounded memory.

        A version that was appended before is skipped, and `tables` is not read.
        Raises SchemaMismatch that names the column, before anything is committed.
        """
        self.create()
        if _has(self.table(), app_id, version):
            return Appended()
        writer = self.writer()
        for table in tables:
            writer.add(table)
        return self.commit(writer.close(), app_id=app_id, version=version)

    def commit(self, written: Iterable[Written], *, app_id: str, version: int) -> Appended:
        """Make written files part of the table, all or none.

        If the version had been appended before, by whichever process, the files are deleted instead.
        """
        from deltalake.exceptions import CommitFailedError
        from deltalake.transaction import CommitProperties, Transaction

        files = tuple(written)
        table = self.table()
        if _has(table, app_id, version):
            return self._discard(files)
        properties = CommitProperties(app_transactions=[Transaction(app_id, version)])
        try:
            table.create_write_transaction(
                [_action(file) for file in files],
                mode="append",
                schema=EVENTS_SCHEMA,
                partition_by=list(PARTITIONS),
                commit_properties=properties,
            )
        except CommitFailedError:
            if not self.has(app_id=app_id, version=version):
                raise
            return self._discard(files)
        return Appended(rows=sum(file.rows for file in files), files=len(files), was_new=True)

    def connect(self, *, threads: int = 1, where: str = "") -> Any:
        """A DuckDB connection with the views `events` (one row an event) and `copies` (every row that was appended).

        `where` is a predicate on `source`, `day` and `time` by which files are left out before anything is read; it
        does not filter rows. The views hold the files of this moment: later appends need a new connection.
        """
        return reader(self.table(), is_local=self.folder is not None, threads=threads, where=where)

    def query(self, sql: str, *, threads: int = 1, where: str = "") -> Any:
        """The Arrow table that a query over `events` and `copies` gives."""
        connection = self.connect(threads=threads, where=where)
        try:
            return connection.sql(sql).to_arrow_table()
        finally:
            connection.close()

    def compact(self, *, target_bytes: int = TARGET_FILE_BYTES) -> Mapping[str, Any]:
        """Join a partition's small files into large ones; rows stay as they are. Returns the library's counts."""
        from deltalake import WriterProperties

        properties = WriterProperties(compression="ZSTD", compression_level=3)
        counts: Mapping[str, Any] = self.table().optimize.compact(
            target_size=target_bytes, writer_properties=properties
        )
        return counts

    def latest(self) -> dict[str, datetime]:
        """The greatest event time of each source."""
        actions = pa.RecordBatchReader.from_stream(self.table().get_add_actions(flatten=True)).read_all()
        if "max.time" not in actions.column_names:
            return {}
        found: dict[str, datetime] = {}
        for source, last in zip(actions["partition.source"].to_pylist(), python(actions["max.time"]), strict=True):
            if last is not None:
                moment = last.replace(tzinfo=UTC) if last.tzinfo is None else last.astimezone(UTC)
                found[source] = max(found.get(source, moment), moment)
        return found

    def vacuum(self, *, keep_hours: int = KEEP_HOURS) -> tuple[str, ...]:
        """Delete files that the table does not name and that are older than `keep_hours`; returns their paths."""
        gone = self.table().vacuum(keep_hours, dry_run=False, enforce_retention_duration=False, full=True)
        return tuple(sorted(gone))

    def tidy(self) -> bool:
        """Join small files and clear away what is left behind, if there is much of it. Whether there was."""
        if not self.exists() or not is_crowded(self.table()):
            return False
        self.compact()
        sweep(self.table(), full=True)
        return True

    @property
    def _location(self) -> str:
        return str(self.folder) if self.folder else self.uri

    def filesystem(self) -> Any:
        """pyarrow's filesystem, whose root is the lake."""
        if self.folder:
            return pa.fs.SubTreeFileSystem(str(self.folder), pa.fs.LocalFileSystem())
        from deltalake.fs import DeltaStorageHandler

        return pa.fs.PyFileSystem(DeltaStorageHandler(self.uri, dict(self.options)))

    def put(self, path: str, data: bytes) -> None:
        """Write a small file beside the tables, as a whole."""
        filesystem = self.filesystem()
        if self.folder:
            filesystem.create_dir(path.rpartition("/")[0], recursive=True)
        with filesystem.open_output_stream(path) as stream:
            stream.write(data)

    def texts(self, folder: str, count: int) -> list[bytes]:
        """The last files of a folder beside the tables, by name; nothing where there is none."""
        filesystem = self.filesystem()
        found = filesystem.get_file_info(pa.fs.FileSelector(folder, allow_not_found=True))
        paths = sorted(info.path for info in found if info.type == pa.fs.FileType.File)[-count:]
        return [filesystem.open_input_stream(path).read() for path in paths]

    def keep_last(self, folder: str, count: int) -> None:
        """Delete the files of a folder beside the tables but the last ones, by name."""
        filesystem = self.filesystem()
        found = filesystem.get_file_info(pa.fs.FileSelector(folder, allow_not_found=True))
        for path in sorted(info.path for info in found if info.type == pa.fs.FileType.File)[:-count]:
            filesystem.delete_file(path)

    def _discard(self, files: Iterable[Written]) -> Appended:
        filesystem = self.filesystem()
        for file in files:
            filesystem.delete_file(file.path)
        return Appended()


def _has(table: Any, app_id: str, version: int) -> bool:
    seen = table.transaction_version(app_id)
    return seen is not None and seen >= version


def _action(file: Written) -> Any:
    from deltalake.transaction import AddAction

    return AddAction(
        path=file.path,
        size=file.size,
        partition_values={"source": file.source, "day": file.day},
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=file.stats,
    )


def _check(table: Any, uri: str) -> None:
    """Raise SchemaMismatch, naming the first column that differs, unless the table is of this version."""
    from deltalake import Schema

    stored = {column.name: column.type.to_json() for column in table.schema().fields}
    wanted = {column.name: column.type.to_json() for column in Schema.from_arrow(EVENTS_SCHEMA).fields}
    for name in [*wanted, *stored]:
        if stored.get(name) != wanted.get(name):
            held = f"holds {stored[name]}" if name in stored else "does not have it"
            needs = f"needs {wanted[name]}" if name in wanted else "does not know it"
            raise SchemaMismatch(f"column {name!r}: the lake {uri} {held}, this version {needs}. Use a new lake.")
