from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stratagem.errors import UsageError
from stratagem.events.columns import EVENTS_SCHEMA
from stratagem.events.project import project, without_nulls
from stratagem.events.query import connect
from stratagem.lake.store import Appended, Lake
from stratagem.lake.writer import SchemaMismatch
from tests.unit.events.mini import MINI, batch, record


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def events(*records: Any, source: str = "mini", **columns: list[Any]) -> pa.Table:
    """An `events` table of the mini source's records, with batch columns replaced by `columns`."""
    table = batch(*records)
    for name, values in columns.items():
        kind = table.schema.field(name).type if name in table.column_names else None
        array = pa.array(values, kind)
        position = table.column_names.index(name) if name in table.column_names else None
        table = table.append_column(name, array) if position is None else table.set_column(position, name, array)
    return project(source, MINI, table, connect(), keep_raw=True).table


def three_days() -> pa.Table:
    return events(*(record(number, when=f"2026-01-{15 + number % 3}T10:00:00Z") for number in range(9)))


def _all(lake: Lake, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake.query(sql).to_pylist()
    return rows


def test_what_was_appended_is_read_back(lake: Lake) -> None:
    table = three_days()
    assert lake.append([table], app_id="run", version=1) == Appended(rows=9, files=3, was_new=True)
    found = lake.query('SELECT * FROM events ORDER BY "offset"')
    assert found.schema.names == EVENTS_SCHEMA.names
    assert without_nulls(found.to_pylist()) == without_nulls(table.sort_by("offset").to_pylist())


def test_a_version_is_appended_once(lake: Lake) -> None:
    assert lake.append([three_days()], app_id="run", version=1).was_new
    assert lake.append([three_days()], app_id="run", version=1) == Appended()
    assert lake.has(app_id="run", version=1)
    assert not lake.has(app_id="run", version=2)
    assert _all(lake, "SELECT count(*) AS n FROM copies") == [{"n": 9}]


def test_a_version_that_is_there_does_not_read_what_would_be_appended(lake: Lake) -> None:
    lake.append([three_days()], app_id="run", version=1)

    def unread() -> Any:
        raise AssertionError("read")
        yield

    assert lake.append(unread(), app_id="run", version=1) == Appended()


def test_of_two_writers_of_one_version_the_second_leaves_nothing_behind(lake: Lake) -> None:
    lake.create()
    first, second = lake.writer(), lake.writer()
    first.add(three_days())
    second.add(three_days())
    ours, theirs = first.close(), second.close()
    assert lake.commit(ours, app_id="run", version=7).was_new
    assert lake.commit(theirs, app_id="run", version=7) == Appended()
    assert len(list(Path(lake.uri).rglob("*.parquet"))) == len(ours)


def test_other_applications_and_later_versions_are_appended(lake: Lake) -> None:
    for app_id, version in (("run", 1), ("run", 2), ("serve", 1)):
        assert lake.append([three_days()], app_id=app_id, version=version).was_new
    assert _all(lake, "SELECT count(*) AS n FROM copies") == [{"n": 27}]


def test_files_lie_by_source_and_day_and_hold_neither(lake: Lake) -> None:
    lake.append([three_days(), events(record(0), source="other")], app_id="run", version=1)
    folders = sorted({str(file.parent.relative_to(lake.uri)) for file in Path(lake.uri).rglob("*.parquet")})
    assert folders == [
        "source=mini/day=2026-01-15",
        "source=mini/day=2026-01-16",
        "source=mini/day=2026-01-17",
        "source=other/day=2026-01-15",
    ]
    for file in Path(lake.uri).rglob("*.parquet"):
        assert not {"source", "day"} & set(pq.read_schema(file).names)


def test_a_file_holds_only_the_columns_that_have_a_value_and_all_are_read(lake: Lake) -> None:
    lake.append([events(record(0))], app_id="run", version=1)
    (file,) = Path(lake.uri).rglob("*.parquet")
    schema = pq.read_schema(file)
    assert "device" not in schema.names
    assert [member.name for member in schema.field("actor").type] == ["user"]
    assert _all(
        lake, "SELECT device.os.name AS os, source, actor.user.name AS who, actor.idp.uid AS idp FROM events"
    ) == [{"os": None, "source": "mini", "who": "alice", "idp": None}]


def test_files_that_hold_different_columns_are_read_and_compacted_together(lake: Lake) -> None:
    lake.append([events(record(0, addr="none", things=None))], app_id="run", version=1)
    lake.append([events(record(1, who={}), event_uid=["event-1"])], app_id="run", version=2)
    columns = "event_uid, actor.user.name AS who, src_endpoint.ip AS ip, resources[1].name AS pod"
    sql = f"SELECT {columns} FROM events ORDER BY 1"
    expected = [
        {"event_uid": "event-0", "who": "alice", "ip": None, "pod": None},
        {"event_uid": "event-1", "who": None, "ip": "192.0.2.7", "pod": "pod-1"},
    ]
    assert _all(lake, sql) == expected
    lake.compact()
    assert _all(lake, sql) == expected


def test_a_struct_that_a_file_lacks_as_a_whole_is_read_like_any_other(lake: Lake) -> None:
    """DuckDB 2.0 fails with an internal error where it has to fit such files to each other."""
    for version, rows in enumerate(([0, 1], [2]), start=1):
        table = events(*(record(row, when=f"2026-01-{15 + row}T10:00:00Z") for row in rows))
        table = table.set_column(table.schema.get_field_index("event_uid"), "event_uid", pa.array(map(str, rows)))
        place = table.schema.get_field_index("api")
        said = [{"operation": "list", "response": {"code": 200}} if row == 1 else None for row in rows]
        table = table.set_column(place, "api", pa.array(said, table.schema.field("api").type))
        lake.append([table], app_id="run", version=version)
    expected = [("0", None, None), ("1", "list", 200), ("2", None, None)]
    for more in ("", ", api"):
        sql = f"SELECT event_uid, api.operation AS did, api.response.code AS code{more} FROM events ORDER BY 1"
        found = _all(lake, sql)
        assert [(row["event_uid"], row["did"], row["code"]) for row in found] == expected


def test_a_small_buffer_gives_the_same_rows_in_more_files(lake: Lake) -> None:
    lake.create()
    writer = lake.writer(buffer_bytes=20_000)
    for start in range(0, 3000, 500):
        rows = (record(number, when=f"2026-01-{15 + number % 2}T10:00:00Z") for number in range(start, start + 500))
        writer.add(events(*rows, event_uid=[f"event-{number}" for number in range(start, start + 500)]))
    written = writer.close()
    assert sum(file.rows for file in written) == 3000
    assert len(written) > 2
    lake.commit(written, app_id="run", version=1)
    assert _all(lake, "SELECT count(DISTINCT event_uid) AS n FROM events") == [{"n": 3000}]


def test_small_partitions_wait_for_more_of_their_kind(lake: Lake) -> None:
    lake.create()
    writer = lake.writer(buffer_bytes=60_000)
    for _ in range(10):
        writer.add(events(*(record(0, when=f"2026-01-{day}T10:00:00Z") for day in [15] * 40 + [16])))
    days = [file.day for file in writer.close()]
    assert days.count("2026-01-15") > 1
    assert days.count("2026-01-16") == 1


def test_of_copies_of_an_event_one_survives_by_revision_then_hash_then_place(lake: Lake) -> None:
    def copy(verb: str, revision: str | None, record_hash: int, file: str) -> pa.Table:
        columns = {"revision": [revision], "record_hash": [record_hash], "file": [file]}
        return events(record(0, verb=verb), **columns)

    copies = [
        copy("old", "1", 2**64 - 1, "a"),
        copy("hash", "2", 5, "a"),
        copy("kept", "2", 2**63 + 5, "b"),
        copy("kept", "2", 2**63 + 5, "a"),
        copy("none", None, 2**64 - 1, "a"),
    ]
    for version, table in enumerate(copies):
        lake.append([table], app_id="run", version=version)
    lake.append([events(record(0, verb="own"), source="other")], app_id="run", version=99)
    survivors = _all(lake, "SELECT source, api.operation AS verb, file FROM events ORDER BY source")
    assert survivors == [
        {"source": "mini", "verb": "kept", "file": "a"},
        {"source": "other", "verb": "own", "file": "mini.ndjson"},
    ]
    assert _all(lake, "SELECT count(*) AS n FROM copies") == [{"n": 6}]


def test_files_of_other_days_and_sources_are_not_opened(lake: Lake) -> None:
    lake.append([three_days()], app_id="run", version=1)
    where = "source = 'mini' AND day = '2026-01-16'"
    assert lake.query("SELECT DISTINCT day::VARCHAR AS day FROM events", where=where).to_pylist() == [
        {"day": "2026-01-16"}
    ]
    assert lake.query("SELECT count(*) AS n FROM events", where="source = 'none'").to_pylist() == [{"n": 0}]


def test_an_empty_lake_has_every_column_and_no_row(lake: Lake) -> None:
    lake.create()
    assert lake.query("SELECT * FROM events").schema.names == EVENTS_SCHEMA.names


def test_appending_nothing_remembers_the_version(lake: Lake) -> None:
    assert lake.append([], app_id="run", version=1) == Appended(was_new=True)
    assert lake.has(app_id="run", version=1)


def test_compaction_joins_files_and_keeps_rows(lake: Lake) -> None:
    for version in range(4):
        lake.append([three_days()], app_id="run", version=version)
    lake.append([events(record(0, addr="x"))], app_id="run", version=9)
    before = lake.query("SELECT * FROM copies ORDER BY ALL").to_pylist()
    counts = lake.compact()
    assert counts["numFilesRemoved"] > counts["numFilesAdded"]
    assert lake.query("SELECT * FROM copies ORDER BY ALL").to_pylist() == before
    assert lake.has(app_id="run", version=3)


def test_vacuum_sweeps_what_no_version_names_once_it_is_old(lake: Lake) -> None:
    lake.append([three_days()], app_id="run", version=1)
    writer = lake.writer()
    writer.add(three_days())
    writer.close()
    assert lake.vacuum() == ()
    assert len(lake.vacuum(keep_hours=0)) == 3
    assert _all(lake, "SELECT count(*) AS n FROM events") == [{"n": 9}]


def test_a_folder_without_lake_is_told_with_the_command_that_fills_one(lake: Lake) -> None:
    assert not lake.exists()
    with pytest.raises(UsageError, match=r"is no lake yet\. Fill it: stratagem run PATH --lake"):
        lake.query("SELECT 1")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (EVENTS_SCHEMA.empty_table().drop_columns(["principal"]), "lack the column 'principal'"),
        (EVENTS_SCHEMA.empty_table().append_column("x", pa.array([], pa.string())), "no column 'x'"),
        (
            EVENTS_SCHEMA.empty_table().set_column(
                EVENTS_SCHEMA.get_field_index("status_id"), "status_id", pa.array([], pa.string())
            ),
            "column 'status_id' is string, `events` has int32",
        ),
    ],
)
def test_events_of_another_schema_are_refused_by_the_column_that_differs(table: Any, told: str, lake: Lake) -> None:
    with pytest.raises(SchemaMismatch) as failure:
        lake.append([table], app_id="run", version=1)
    assert told in str(failure.value)
    assert not lake.has(app_id="run", version=1)


def test_a_lake_of_another_version_is_refused_by_the_column_that_differs(lake: Lake) -> None:
    from deltalake import DeltaTable

    other = EVENTS_SCHEMA.set(EVENTS_SCHEMA.get_field_index("cluster"), pa.field("cluster", pa.int64()))
    DeltaTable.create(lake.uri, schema=other, partition_by=["source", "day"])
    with pytest.raises(SchemaMismatch, match=r"column 'cluster': the lake .* holds .*long"):
        lake.append([], app_id="run", version=1)


def test_the_reader_of_object_stores_gives_the_same_rows(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    from stratagem.lake.read import reader

    for version in range(2):
        lake.append([three_days()], app_id="run", version=version)
    remote = reader(lake.table(), is_local=False)
    sql = 'SELECT source, day, event_uid, actor.user.name, file, "offset" FROM events ORDER BY ALL'
    assert remote.sql(sql).to_arrow_table().to_pylist() == lake.query(sql).to_pylist()


def test_a_lake_goes_to_other_processes_and_a_file_uri_is_its_folder(lake: Lake) -> None:
    assert pickle.loads(pickle.dumps(lake)) == lake
    assert Lake(f"file://{lake.uri}").folder == Path(lake.uri)
    assert Lake("s3://bucket/lake").folder is None
