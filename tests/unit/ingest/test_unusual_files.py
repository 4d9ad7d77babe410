"""Files as people really have them: saved by other programs, cut short, or no logs at all."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from stratagem.ingest.batch import Bad, Batch, Elements, Lines, Row
from stratagem.ingest.files import expand
from stratagem.ingest.framing import is_splittable, read, read_range
from stratagem.ingest.limits import DEFAULT, MIB, Limits


def put(folder: Path, data: bytes) -> str:
    file = folder / "input"
    file.write_bytes(data)
    return str(file)


def reasons(batches: list[Batch]) -> list[str]:
    return [batch.reason for batch in batches if isinstance(batch, Bad)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04rest", "a ZIP archive: unpack it first"),
        (b"BZh91AY", "a bzip2 file: unpack it first"),
        (b"\xfd7zXZ\0\0", "an xz file: unpack it first"),
        (b"name" + b"\0" * 253 + b"ustar\0", "a tar archive: unpack it first"),
        (b"\x7fELF\0\0", "binary data, not a log"),
    ],
)
def test_what_must_be_unpacked_first_is_called_by_its_name(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reasons(list(read(put(tmp_path, data), DEFAULT))) == [reason]


@pytest.mark.parametrize(
    "data", [b"# Title\n\ntext\n" * 300, b"a: 1\nb:\n  - {c: d}\n  - {\n" * 300], ids=["prose", "YAML"]
)
def test_text_without_json_is_one_thing_however_long(tmp_path: Path, data: bytes) -> None:
    (bad,) = read(put(tmp_path, data), Limits(block=64))
    assert isinstance(bad, Bad)
    assert (bad.reason, bad.offset, bad.size) == ("text without JSON", 0, len(data))


def test_text_before_the_first_json_is_one_thing_and_the_lines_are_read(tmp_path: Path) -> None:
    data = b"starting up\n" * 500_000 + b'2026-01-15 {"a": 1}\n{"a": 2}\n'
    bad, *rest = read(put(tmp_path, data), DEFAULT)
    assert isinstance(bad, Bad)
    assert (bad.reason, bad.offset) == ("text without JSON", 0)
    assert all(isinstance(batch, Lines) for batch in rest)
    assert sum(len(batch.data) for batch in rest if isinstance(batch, Lines)) + bad.size == len(data)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    (batch,) = read(put(tmp_path, '{"a": "é"}\n{"b": 1}\n'.encode(encoding)), DEFAULT)
    assert isinstance(batch, Lines)
    assert batch.data == '{"a": "é"}\n{"b": 1}\n'.encode()


@pytest.mark.parametrize("mark", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_csv_is_read_as_excel_saves_it_anywhere(tmp_path: Path, mark: str) -> None:
    name = put(tmp_path, f'Id{mark}AuditData\n1{mark}"{{""a"": 1}}"\n'.encode())
    (row,) = read(name, DEFAULT)
    assert isinstance(row, Row)
    assert row.value == {"Id": "1", "AuditData": '{"a": 1}'}


def test_csv_takes_time_in_proportion_to_its_length(tmp_path: Path) -> None:
    name = put(tmp_path, b"Id,AuditData\n" + b'1,"{""a"": 1}"\n' * 200_000)
    started = time.monotonic()
    assert sum(1 for _ in read(name, DEFAULT)) == 200_000
    assert time.monotonic() - started < 20


def test_a_document_with_a_record_a_line_is_a_document(tmp_path: Path) -> None:
    name = put(tmp_path, b'{"Records": [\n{"a": 1},\n{"a": 2}\n]}\n')
    (batch,) = read(name, DEFAULT)
    assert isinstance(batch, Elements)
    assert [json.loads(item) for item in batch.items] == [{"a": 1}, {"a": 2}]
    assert not is_splittable(name, DEFAULT)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'[{"a": 1},\n', "the JSON document ends early"),
        (b'{"Records": [{"a": 1}', "the JSON document ends early"),
        (b'{"a": 1,', "the JSON document ends early"),
        (b'{"Records": [{"a": 1}, {"b": ', "broken JSON: Expecting value: char 29"),
        (b'{"Records": [{"a": 1}, {"b": ' + b"9" * 5_000, "broken JSON: an integer of too many digits"),
        (b"[" * 5_000, "nested too deep (limit)"),
    ],
    ids=["array", "envelope", "object", "inside", "digits", "deep"],
)
def test_a_document_that_breaks_off_says_so_once(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reasons(list(read(put(tmp_path, data), DEFAULT))) == [reason]


def test_a_broken_record_far_into_a_large_document_is_not_called_too_long(tmp_path: Path) -> None:
    some = b'{"a": "' + b"x" * 300 + b'"},\n'
    data = b'{"Records": [\n' + some * 50 + b'{"a": oops},\n' + some * 50 + b'{"a": 1}\n]}'
    found = list(read(put(tmp_path, data), Limits(record=2_000, block=1_000)))
    (reason,) = reasons(found)
    assert reason == f"broken JSON: Expecting value: char {data.index(b'oops')}"
    assert sum(len(batch.items) for batch in found if isinstance(batch, Elements)) == 101


def test_an_object_larger_than_the_limit_is_told_even_where_its_members_are_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stratagem.ingest.framing._SNIFF", 500)
    monkeypatch.setattr("stratagem.ingest.values._WHOLE", 500)
    data = json.dumps({f"k{number}": "x" * 50 for number in range(100)}).encode()
    found = list(read(put(tmp_path, data + data), Limits(record=2_000, block=500)))
    assert reasons(found) == ["a record of more than 0 MiB (limit)"] * 2


def test_members_that_are_no_json_do_not_stop_a_large_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stratagem.ingest.framing._SNIFF", 500)
    monkeypatch.setattr("stratagem.ingest.values._WHOLE", 500)
    data = b'{"x": NaN, "y": "\xff", "Records": [{"a": "' + b"x" * 1_500 + b'"}, {"a": "' + b"x" * 1_500 + b'"}]}'
    found = list(read(put(tmp_path, data), Limits(record=2_000, block=500)))
    assert reasons(found) == []
    assert sum(len(batch.items) for batch in found if isinstance(batch, Elements)) == 2


def test_a_line_of_exactly_the_limit_is_read_and_one_byte_more_is_not_wherever_it_stands(tmp_path: Path) -> None:
    small = Limits(record=100, block=30)
    fits, over = b'{"a":"' + b"x" * 91 + b'"}\n', b'{"a":"' + b"x" * 92 + b'"}\n'
    data = b'{"a": 1}\n{"a": 2}\n' + fits + over + fits
    name = put(tmp_path, data)
    for found in (list(read(name, small)), list(read_range(name, 0, len(data), small))):
        assert [(one.offset, one.size) for one in found if isinstance(one, Bad)] == [(18 + len(fits), len(over))]


def test_millions_of_tiny_elements_are_not_held_at_once(tmp_path: Path) -> None:
    name = put(tmp_path, b"[" + b"1," * (3 * MIB) + b"1]")
    most = max(len(batch.items) for batch in read(name, Limits(block=MIB)) if isinstance(batch, Elements))
    assert most <= MIB


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (inside,) = expand([str(tmp_path)])
    (named,) = expand([str(tmp_path / "pipe")])
    assert (inside.problem, named.problem) == ("Not a regular file", "")


def test_a_file_reached_by_two_names_goes_by_the_same_one_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{}", encoding="utf-8")
    (tmp_path / "a.json").symlink_to(tmp_path / "b.json")
    paths = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    assert expand(paths) == expand(paths[::-1])
