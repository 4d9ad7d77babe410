"""How files divide into records, and what becomes of broken ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard

from stratagem.ingest.batch import Bad, Batch, Elements, Lines, Row
from stratagem.ingest.framing import is_splittable, read, read_range
from stratagem.ingest.limits import DEFAULT, MIB, Limits

SMALL = Limits(record=2_000, block=1_000, expansion=20, expansion_floor=100_000)


def records(batches: Iterator[Batch]) -> list[object]:
    """What the batches hold, decoded; a Bad stays as it is."""
    found: list[object] = []
    for batch in batches:
        match batch:
            case Lines():
                found += [json.loads(line) for line in batch.data.splitlines() if line.strip()]
            case Elements():
                found += [json.loads(item) for item in batch.items]
            case Row():
                found.append(dict(batch.value))
            case Bad():
                found.append(batch)
    return found


def put(folder: Path, data: bytes) -> str:
    file = folder / "input"
    file.write_bytes(data)
    return str(file)


def test_lines_come_whole_and_in_order_whatever_the_block_size(tmp_path: Path) -> None:
    rows = [{"n": number, "pad": "x" * (number % 97)} for number in range(500)]
    name = put(tmp_path, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    assert records(read(name, SMALL)) == rows


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
def test_compression_is_told_by_magic_bytes_not_by_the_file_ending(tmp_path: Path, pack: object) -> None:
    name = put(tmp_path, pack(b'{"a": 1}\n{"a": 2}\n'))  # type: ignore[operator]
    assert records(read(name, DEFAULT)) == [{"a": 1}, {"a": 2}]


def test_gzip_members_end_to_end_are_one_file(tmp_path: Path) -> None:
    name = put(tmp_path, gzip.compress(b'{"a": 1}\n') + gzip.compress(b'{"a": 2}\n') + b"\0" * 512)
    assert records(read(name, DEFAULT)) == [{"a": 1}, {"a": 2}]


def test_a_truncated_gzip_gives_what_came_before_the_cut_and_a_reason(tmp_path: Path) -> None:
    rows = b"".join(b'{"n": %d}\n' % number for number in range(50_000))
    found = records(read(put(tmp_path, gzip.compress(rows)[:-2000]), DEFAULT))
    assert found[0] == {"n": 0}
    assert isinstance(found[-1], Bad)
    assert found[-1].reason == "gzip data ends early"


def test_a_truncated_zstd_says_so(tmp_path: Path) -> None:
    packed = zstandard.ZstdCompressor().compress(b'{"n": 1}\n' * 100_000)
    found = records(read(put(tmp_path, packed[:-3]), DEFAULT))
    assert isinstance(found[-1], Bad)
    assert found[-1].reason == "zstd data ends early"


def test_a_compression_bomb_stops_at_the_stated_limit(tmp_path: Path) -> None:
    name = put(tmp_path, gzip.compress(b'{"n": 1}\n' + b" " * 40_000_000 + b"\n"))
    found = records(read(name, Limits(record=MIB, block=MIB, expansion=20, expansion_floor=1_000_000)))
    assert [item.reason for item in found if isinstance(item, Bad)][-1] == (
        "grows more than 20 times when decompressed (limit)"
    )


def test_a_line_over_the_limit_is_quarantined_and_the_next_line_is_read(tmp_path: Path) -> None:
    name = put(tmp_path, b'{"a": 1}\n{"b": "' + b"x" * 9_000 + b'"}\n{"a": 2}\n')
    before, bad, after = records(read(name, SMALL))
    assert (before, after) == ({"a": 1}, {"a": 2})
    assert isinstance(bad, Bad)
    assert (bad.offset, bad.size) == (9, 9_010)


@pytest.mark.parametrize("opening", [b"\xef\xbb\xbf", b""], ids=["with a byte order mark", "without"])
def test_a_byte_order_mark_is_no_part_of_the_first_record(tmp_path: Path, opening: bytes) -> None:
    assert records(read(put(tmp_path, opening + b'{"a": 1}\n{"a": 2}\n'), DEFAULT)) == [{"a": 1}, {"a": 2}]


def test_utf_16_is_read_as_the_text_it_is(tmp_path: Path) -> None:
    assert records(read(put(tmp_path, '{"a": "é"}\n{"a": 2}\n'.encode("utf-16")), DEFAULT)) == [{"a": "é"}, {"a": 2}]


@pytest.mark.parametrize("limits", [DEFAULT, SMALL], ids=["in one piece", "element by element"])
@pytest.mark.parametrize("indent", [None, 2], ids=["compact", "pretty"])
def test_a_document_of_records_gives_its_elements(tmp_path: Path, limits: Limits, indent: int | None) -> None:
    rows = [{"n": number, "deep": {"list": [1, {"x": "]}"}]}} for number in range(300)]
    name = put(tmp_path, json.dumps({"owner": "111122223333", "Records": rows}, indent=indent).encode())
    assert records(read(name, limits)) == rows


@pytest.mark.parametrize("limits", [DEFAULT, SMALL], ids=["in one piece", "element by element"])
def test_a_bare_array_gives_its_elements(tmp_path: Path, limits: Limits) -> None:
    rows = [{"n": number} for number in range(1_000)]
    assert records(read(put(tmp_path, json.dumps(rows, indent=1).encode()), limits)) == rows


def test_the_members_around_an_array_go_with_its_elements(tmp_path: Path) -> None:
    name = put(tmp_path, b'{"owner": "111122223333", "logEvents": [{"message": "a"}]}')
    (batch,) = read(name, DEFAULT)
    assert isinstance(batch, Elements)
    assert (batch.key, dict(batch.around)) == ("logEvents", {"owner": "111122223333"})


def test_documents_end_to_end_without_a_newline_are_all_read(tmp_path: Path) -> None:
    assert records(read(put(tmp_path, b'{"a": 1}{"a": 2}[{"a": 3}]'), DEFAULT)) == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_a_broken_document_gives_the_elements_before_the_break(tmp_path: Path) -> None:
    found = records(read(put(tmp_path, b'{"Records": [{"a": 1}, {"a": 2}, {"a": '), DEFAULT))
    assert any(isinstance(item, Bad) for item in found)


def test_a_csv_row_is_an_object_of_its_columns(tmp_path: Path) -> None:
    name = put(tmp_path, b'RecordType,AuditData\nExchange,"{""Id"": ""1"",\n""x"": 2}"\nshort\n')
    row, bad = records(read(name, DEFAULT))
    assert row == {"RecordType": "Exchange", "AuditData": '{"Id": "1",\n"x": 2}'}
    assert isinstance(bad, Bad)
    assert bad.reason == "CSV row of 1 cells under a header of 2"


def test_binary_data_is_one_quarantined_file(tmp_path: Path) -> None:
    (bad,) = records(read(put(tmp_path, b"\x7fELF\0\0\0" * 100), DEFAULT))
    assert isinstance(bad, Bad)
    assert bad.reason == "binary data, not a log"


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert records(read(put(tmp_path, b""), DEFAULT)) == []


def test_ranges_of_a_line_file_give_every_line_once(tmp_path: Path) -> None:
    rows = [{"n": number, "pad": "y" * (number * 7 % 131)} for number in range(400)]
    name = put(tmp_path, b"".join(json.dumps(row).encode() + b"\n" for row in rows)[:-1])
    size = Path(name).stat().st_size
    cuts = [0, 1, 500, 501, 7_000, size // 2, size]
    found: list[object] = []
    for start, end in pairwise(cuts):
        found += records(read_range(name, start, end, SMALL))
    assert found == rows


def test_offsets_are_byte_places_in_the_decompressed_file(tmp_path: Path) -> None:
    data = b"".join(b'{"n": %d}\n' % number for number in range(3_000))
    for batch in read(put(tmp_path, gzip.compress(data)), SMALL):
        assert isinstance(batch, Lines)
        assert data[batch.offset : batch.offset + len(batch.data)] == batch.data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": 1}\n{"a": 2}\n', True),
        (b'{"a": 1,\n "b": 2}\n', False),
        (gzip.compress(b'{"a": 1}\n{"a": 2}\n'), False),
        (b'[\n{"a": 1},\n{"a": 2}\n]\n', False),
    ],
    ids=["lines", "one pretty document", "compressed", "an array"],
)
def test_only_plain_line_files_may_be_shared_between_workers(tmp_path: Path, data: bytes, expected: bool) -> None:
    assert is_splittable(put(tmp_path, data), DEFAULT) is expected


@pytest.mark.parametrize("key", ["Records", "records", "value"])
def test_a_document_that_is_a_run_alone_gives_its_elements_under_their_key(tmp_path: Path, key: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(b'{"%b": [{"a": 1}, {"b": [2, {}]}]}' % key.encode())
    (batch,) = read(str(file), SMALL)
    assert isinstance(batch, Elements)
    assert (batch.key, list(batch.items), batch.around) == (key, [b'{"a": 1}', b'{"b": [2, {}]}'], {})


def test_a_run_beside_another_member_keeps_that_member(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(b'{"Records": [{"a": 1}], "value": [{"b": 1}]}')
    (batch,) = read(str(file), SMALL)
    assert isinstance(batch, Elements)
    assert (batch.key, batch.around) == ("Records", {"value": [{"b": 1}]})
