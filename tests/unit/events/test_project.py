from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from stratagem.clock import NoTime, parse_time
from stratagem.errors import UsageError
from stratagem.events.columns import EVENTS_SCHEMA
from stratagem.events.project import project, project_many, project_one
from stratagem.events.query import connect
from stratagem.sources._contract import Labels
from tests.unit.events.mini import MINI, batch, record, with_select

TIME = "iso_time(native.when) AS time, 6003 AS class_uid, 1 AS activity_id"


@pytest.fixture
def duck() -> Any:
    return connect()


def _rows(source: Any, table: pa.Table, duck: Any) -> list[dict[str, Any]]:
    return project("mini", source, table, duck).table.to_pylist()


def test_a_projection_fills_nested_columns_and_leaves_the_rest_null(duck: Any) -> None:
    projected = project("mini", MINI, batch(record(1)), duck)
    assert projected.table.schema.equals(EVENTS_SCHEMA)
    row = projected.table.to_pylist()[0]
    assert row["actor"]["user"]["name"] == "alice"
    assert row["api"]["operation"] == "get"
    assert row["resources"][0]["name"] == "pod-1"
    assert row["user"]["name"] is None
    assert row["http_request"]["x_forwarded_for"] is None
    assert row["raw_data"] is None


def test_ids_of_class_and_type_the_day_and_defaults_are_worked_out(duck: Any) -> None:
    row = _rows(MINI, batch(record(1)), duck)[0]
    assert (row["category_uid"], row["class_uid"], row["type_uid"]) == (6, 6003, 600302)
    assert row["day"] == date(2026, 1, 15)
    assert (row["severity_id"], row["status_id"], row["source"]) == (1, 0, "mini")


def test_an_offset_moves_the_time_and_the_day_to_utc(duck: Any) -> None:
    row = _rows(MINI, batch(record(when="2026-01-15T23:30:00-02:00")), duck)[0]
    assert row["time"] == datetime(2026, 1, 16, 1, 30, tzinfo=UTC)
    assert row["day"] == date(2026, 1, 16)


def test_epoch_seconds_become_a_time(duck: Any) -> None:
    source = with_select('epoch_time(native."when") AS time, 6003 AS class_uid, 1 AS activity_id')
    assert _rows(source, batch(record(when=1768471200.25)), duck)[0]["time"] == datetime(
        2026, 1, 15, 10, 0, 0, 250000, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-15T10:00:00Z",
        "2026-01-15T10:00:00.1234567Z",
        "2026-01-15 10:00:00.123456789",
        "2026-01-15T10:00:00+02:00",
        "2026-01-15T10:00:00+0530",
        "2026-01-15T10:00:00",
        "2026-01-15",
        " 2026-01-15T10:00Z ",
        "20260115T100000Z",
        "1/5/2026 3:04:05 PM",
        "01/15/2026, 15:04:05",
        "1/5/2026 3:04 AM",
        "1768471200",
        "1768471200123",
        "1768471200.25",
        "redacted",
        "",
        "13/45/2026 1:00:00 PM",
        "2026-02-30T00:00:00Z",
        "20000-01-01T00:00:00Z",
        "infinity",
    ],
)
def test_the_projection_reads_a_time_as_the_scan_does(text: str, duck: Any) -> None:
    try:
        expected = [parse_time(text)]
    except NoTime:
        expected = []
    assert [row["time"] for row in _rows(MINI, batch(record(when=text)), duck)] == expected


@pytest.mark.parametrize("count", [3, 40])
def test_rows_without_time_are_cut_out_and_the_others_keep_their_places(count: int, duck: Any) -> None:
    records = [record(row, when="?" if row % 2 else "2026-01-15T10:00:00Z", verb=f"v{row}") for row in range(2 * count)]
    projected = project("mini", MINI, batch(*records), duck, keep_raw=True)
    assert [item.row for item in projected.bad] == list(range(1, 2 * count, 2))
    rows = projected.table.to_pylist()
    assert [row["api"]["operation"] for row in rows] == [f"v{row}" for row in range(0, 2 * count, 2)]
    assert all(f'"{row["api"]["operation"]}"' in row["raw_data"] for row in rows)
    assert [row["offset"] for row in rows] == list(range(0, 200 * count, 200))


@pytest.mark.parametrize(
    ("text", "address"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::1"), ("ec2.example.com", None), ("AWS Internal", None)],
)
def test_only_an_address_stands_in_an_address_column(text: str, address: str | None, duck: Any) -> None:
    assert _rows(MINI, batch(record(addr=text)), duck)[0]["src_endpoint"]["ip"] == address


def test_labels_fill_in_where_the_projection_is_silent(duck: Any) -> None:
    labelled = batch(record(1), label_cluster=["prod"], label_region=["eu-west-1"])
    row = _rows(MINI, labelled, duck)[0]
    assert (row["cluster"], row["region"], row["cloud"]["region"]) == ("prod", "eu-west-1", "eu-west-1")
    own = with_select(f"{TIME}, native.verb AS cluster")
    assert _rows(own, labelled, duck)[0]["cluster"] == "get"


def test_columns_of_ingest_pass_through_and_hashes_keep_their_bits(duck: Any) -> None:
    table = batch(record(1)).set_column(5, "record_hash", pa.array([2**64 - 1], pa.uint64()))
    row = _rows(MINI, table, duck)[0]
    assert (row["event_uid"], row["file"], row["offset"]) == ("event-0", "mini.ndjson", 0)
    assert row["record_hash"] == -1


def test_the_record_itself_is_attached_when_asked_for(duck: Any) -> None:
    kept = project("mini", MINI, batch('{"when": "2026-01-15T10:00:00Z"}'), duck, keep_raw=True).table
    assert kept["raw_data"].to_pylist() == ['{"when": "2026-01-15T10:00:00Z"}']


def test_rows_keep_their_order_across_chunks_and_threads() -> None:
    chunks = [batch(*(record(row, verb=f"v{row}") for row in range(at, at + 500))) for at in range(0, 20000, 500)]
    projected = project("mini", MINI, pa.concat_tables(chunks), connect(threads=4))
    assert [row["operation"] for row in projected.table["api"].to_pylist()] == [f"v{row}" for row in range(20000)]


def test_a_record_that_aborts_the_batch_is_isolated_and_the_rest_goes_on(duck: Any) -> None:
    table = batch(record(0), '{"when": "\\ud800"}', record(2), "not json", record(4))
    projected = project("mini", MINI, table, duck)
    assert projected.table["event_uid"].to_pylist() == ["event-0", "event-2", "event-4"]
    assert [(item.row, item.reason) for item in projected.bad] == [
        (1, "not valid JSON for the event columns"),
        (3, "not valid JSON for the event columns"),
    ]


def test_a_record_that_fails_an_expression_is_isolated_and_its_content_is_not_in_the_reason(duck: Any) -> None:
    source = with_select(f"{TIME}, native.verb::INTEGER AS status_id")
    table = batch(*(record(row, verb="secret" if row == 3 else "1") for row in range(6)))
    projected = project("mini", source, table, duck)
    assert projected.table["offset"].to_pylist() == [0, 100, 200, 400, 500]
    assert [item.row for item in projected.bad] == [3]


def test_a_record_without_a_readable_time_is_a_bad_row(duck: Any) -> None:
    projected = project("mini", MINI, batch("}", record(1, when="yesterday"), record(2)), duck)
    assert [item.row for item in projected.bad] == [0, 1]
    assert projected.bad[1].reason == "event time not readable"
    assert projected.table["event_uid"].to_pylist() == ["event-2"]


def test_an_empty_batch_gives_an_empty_table(duck: Any) -> None:
    projected = project("mini", MINI, batch(), duck)
    assert projected.table.schema.equals(EVENTS_SCHEMA)
    assert projected.table.num_rows == 0


def test_a_batch_in_which_every_record_is_broken_gives_an_empty_table(duck: Any) -> None:
    projected = project("mini", MINI, batch("]", "["), duck)
    assert (projected.table.num_rows, len(projected.bad)) == (0, 2)


def test_fields_of_another_type_become_null_or_text(duck: Any) -> None:
    row = _rows(MINI, batch(record(verb={"a": 1}, who="alice", things="pod")), duck)[0]
    assert row["api"]["operation"] == '{"a":1}'
    assert row["actor"]["user"]["name"] is None
    assert row["resources"] is None


@pytest.mark.parametrize(
    ("select", "told"),
    [
        (f'{TIME}, 1 AS "actor.user.nam"', "unknown path 'actor.user.nam'. There are: actor.user.name"),
        (f"{TIME}, 1 AS actor", "unknown path 'actor'. There are: actor.app_name"),
        (f"{TIME}, 1 AS event_uid_2", "unknown path 'event_uid_2'. There are:"),
        (f"{TIME}, 'x' AS day", "unknown path 'day'"),
        (f"{TIME}, 'x' AS cluster, 'y' AS cluster", "'cluster' is given twice"),
        ("iso_time(native.when) AS time, 1 AS activity_id", "no value for 'class_uid'"),
        ("native.when::TIMESTAMP AS time, 1 AS class_uid, 1 AS activity_id", "has lost its offset"),
        (f"{TIME}, native.things AS resources", "Give a list of structs"),
        (f"{TIME}, native.who AS message", "to_json(struct)"),
        (f"{TIME}, native.things AS message", "to_json(list)"),
        (f"{TIME}, nativ.x AS message", "is not valid SQL"),
    ],
)
def test_a_projection_that_does_not_fit_is_told_with_what_would(select: str, told: str, duck: Any) -> None:
    with pytest.raises(UsageError) as failure:
        project("mini", with_select(select), batch(), duck)
    assert told in str(failure.value)


def test_a_step_computes_once_what_several_columns_need(duck: Any) -> None:
    steps = f"native.who.name AS _name\n;\n'user ' || _name AS _who\n  ;\n{TIME}, _who AS principal, _name AS message"
    row = _rows(with_select(steps), batch(record(0)), duck)[0]
    assert (row["principal"], row["message"]) == ("user alice", "alice")


def test_one_record_is_projected_to_a_dict_without_nulls(duck: Any) -> None:
    found = project_one("mini", MINI, record(1), duck, event_uid="event-1", labels=Labels(cluster="prod"))
    assert found["actor"] == {"user": {"name": "alice"}}
    assert found["cluster"] == "prod"
    assert "user" not in found


def test_several_records_keep_their_places_and_a_bad_one_is_empty(duck: Any) -> None:
    several = [(record(row, when="?" if row == 1 else "2026-01-15"), f"event-{row}", Labels()) for row in range(3)]
    assert [bool(found) for found in project_many("mini", MINI, several, duck)] == [True, False, True]


@pytest.mark.parametrize("text", ["infinity", "-infinity", "20000-01-01T00:00:00Z", "0044-03-15 (BC)"])
def test_a_time_that_no_calendar_of_ours_has_is_no_value(text: str, duck: Any) -> None:
    source = with_select(
        'iso_time(native.verb) AS "actor.session.created_time", iso_time(native.when) AS time, '
        "6003 AS class_uid, 1 AS activity_id"
    )
    (row,) = _rows(source, batch(record(verb=text)), duck)
    assert row["actor"]["session"]["created_time"] is None
