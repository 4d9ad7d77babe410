"""Real records multiplied: unique, repeatable, and the same in both forms."""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import cloudtrail_records, is_whole, whole_records
from bench.data import MB, make, multiplied


def record(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
        "eventTime": "2026-01-01T00:00:00Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "eventID": f"id of {name}",
        "requestParameters": {"note": 'a "quoted" word, é'},
        **changes,
    }


BASE = [record("ListUsers"), record("CreateUser"), record("DeleteUser")]


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others() -> None:
    first, second, third = (list(islice(multiplied(BASE, seed), 50)) for seed in (1, 1, 2))

    assert first == second != third


def test_every_made_record_has_an_id_of_its_own() -> None:
    made = [json.loads(line) for line in islice(multiplied(BASE, 1), 1000)]

    assert len({one["eventID"] for one in made}) == 1000


def test_only_id_and_time_differ_from_the_base_record() -> None:
    kept = {"eventID": "", "eventTime": ""}
    base = {json.dumps({**one, **kept}) for one in BASE}

    made = {json.dumps({**json.loads(line), **kept}) for line in islice(multiplied(BASE, 1), 30)}

    assert made == base


def test_base_records_come_equally_often() -> None:
    names = [json.loads(line)["eventName"] for line in islice(multiplied(BASE, 1), 300)]

    assert {names.count(name) for name in set(names)} == {100}


def test_a_record_whose_time_stands_before_its_id_is_cut_in_the_right_places() -> None:
    turned = dict(reversed(record("ListUsers").items()))

    made = json.loads(next(multiplied([turned], 1)))

    assert made["eventTime"].startswith("2026-") and len(made["eventID"]) == 36


def test_lines_and_gzip_documents_hold_the_same_records(tmp_path: Path) -> None:
    made = make(BASE, 1000, 1, tmp_path)

    lines = [json.loads(line) for line in made.ndjson.read_bytes().splitlines()]
    zipped = [
        one for file in sorted(made.gzip.iterdir()) for one in json.loads(gzip.decompress(file.read_bytes()))["Records"]
    ]
    assert lines == zipped
    assert len(lines) == made.records
    assert made.bytes == made.ndjson.stat().st_size >= 1000


def test_what_was_made_before_is_used_again(tmp_path: Path) -> None:
    first = make(BASE, 1000, 1, tmp_path, with_gzip=False)
    first.ndjson.write_bytes(b"marked")

    second = make(BASE, 1000, 1, tmp_path, with_gzip=False)

    assert second == first
    assert second.ndjson.read_bytes() == b"marked"


@pytest.mark.parametrize("change", [{"size": 2 * MB}, {"seed": 2}, {"base": BASE[:2]}])
def test_other_parameters_get_a_folder_of_their_own(tmp_path: Path, change: dict[str, Any]) -> None:
    asked: dict[str, Any] = {"base": BASE, "size": 1000, "seed": 1, "home": tmp_path, "with_gzip": False}

    assert make(**{**asked, **change}).folder != make(**asked).folder


@pytest.mark.parametrize("name", ["eventVersion", "userIdentity", "eventTime", "eventID"])
def test_a_record_without_what_every_record_has_is_not_whole(name: str) -> None:
    trimmed = {key: value for key, value in record("ListUsers").items() if key != name}

    assert is_whole(record("ListUsers"))
    assert not is_whole(trimmed)


def test_a_time_that_is_none_is_not_whole() -> None:
    assert not is_whole(record("ListUsers", eventTime="yesterday"))


def test_copies_count_once() -> None:
    assert whole_records([*BASE, *BASE]) == BASE


def test_records_are_found_in_every_envelope_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "trail.json").write_text(json.dumps({"Records": BASE[:2]}))
    (tmp_path / "lines.ndjson").write_text(json.dumps(BASE[2]) + "\nnot json\n")
    (tmp_path / "other.json").write_text('{"kind": "Event"}')

    names = [found["eventName"] for found in cloudtrail_records(tmp_path)]

    assert sorted(names) == ["CreateUser", "DeleteUser", "ListUsers"]


def test_of_a_corpus_sorted_by_log_only_cloudtrail_is_read(tmp_path: Path) -> None:
    for folder in ("aws_cloudtrail", "aws_guardduty"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.json").write_text(json.dumps(record(folder)))

    assert [found["eventName"] for found in cloudtrail_records(tmp_path)] == ["aws_cloudtrail"]
