from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.sources import SOURCES, unwrap
from stratagem.sources.aws_cloudtrail.examples import RECORDS as CALLS
from stratagem.sources.ocsf.examples import API, EARLY, FLOW
from stratagem.workspace import Workspace

OCSF = SOURCES["ocsf"]


def columns(source_id: str, record: dict[str, Any]) -> dict[str, Any]:
    return project_one(source_id, SOURCES[source_id], record, connect(), event_uid="x")


def test_columns_are_the_event_s_own_members() -> None:
    found = columns("ocsf", FLOW)
    assert found["dst_endpoint"] == {"ip": "198.51.100.7", "port": 443}
    assert found["traffic"] == {"bytes": 4096, "packets": 12}
    assert found["start_time"].isoformat() == "2026-11-20T10:00:00+00:00"


def test_a_person_is_the_same_principal_as_in_the_native_log() -> None:
    assert columns("ocsf", API)["principal"] == columns("aws_cloudtrail", CALLS["stop_logging"])["principal"]


def test_what_has_no_column_stays_in_unmapped() -> None:
    assert columns("ocsf", API)["unmapped"] == '{"eventType":"AwsApiCall"}'


def test_members_of_versions_before_1_are_read_from_where_they_were() -> None:
    found = columns("ocsf", EARLY)
    assert found["class_uid"] == 6003
    assert found["actor"]["user"]["name"] == "dana"
    assert found["cloud"]["account"]["uid"] == "111122223333"


def test_an_event_without_an_id_is_told_apart_by_its_content(tmp_path: Path) -> None:
    one = {**FLOW, "metadata": {"version": "1.1.0", "product": {"name": "Example"}}}
    other = {**one, "traffic": {"bytes": 1}}
    (tmp_path / "events.json").write_bytes(b"\n".join(map(unwrap.encode, (one, other, one))))
    summary = Workspace(None).run([tmp_path]).summary
    assert (summary["events"]["total"], summary["duplicates"]) == (2, 1)


@pytest.mark.parametrize("record", [{"class_uid": 4001}, {"class_uid": True, "time": 1, "metadata": {}}, {"time": 1}])
def test_what_has_no_class_or_no_time_is_no_ocsf_event(record: dict[str, Any]) -> None:
    assert not OCSF.recognise(record)
