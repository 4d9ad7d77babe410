"""Every byte of a file is read once and the same, whatever the blocks, the ranges and the compression."""

from __future__ import annotations

import gzip
import json
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stratagem.ingest.batch import Bad, Batch, Elements, Lines, Row
from stratagem.ingest.framing import read, read_range
from stratagem.ingest.limits import DEFAULT, Limits
from tests.property.scanning import lines, outcome, quick, scanned

RECORD = 500
blocks = st.integers(1, RECORD).map(lambda size: Limits(record=RECORD, block=size))
line_files = st.lists(
    st.integers(0, 2 * RECORD).map(lambda size: b'{"a": "' + b"x" * size + b'"}')
    | st.sampled_from([b"", b" \r", b"{"]),
    min_size=2,
    max_size=20,
).map(lambda some: b'{"first": 1}\n{"second": 2}\n' + b"\n".join(some))


def batches(data: bytes, limits: Limits) -> list[Batch]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "input"
        file.write_bytes(data)
        return list(read(str(file), limits))


def pieces(found: list[Batch]) -> list[tuple[object, ...]]:
    """What was read, line by line and element by element, with its place."""
    every: list[tuple[object, ...]] = []
    for batch in found:
        match batch:
            case Lines():
                offset = batch.offset
                for line in batch.data.split(b"\n"):
                    if line.strip():
                        every.append(("line", offset, line))
                    offset += len(line) + 1
            case Elements():
                every += [
                    ("element", batch.offset, index, item.strip())
                    for index, item in enumerate(batch.items, batch.first)
                ]
            case Row():
                every.append(("row", batch.offset, dict(batch.value)))
            case Bad():
                every.append(("bad", batch.offset, batch.reason, batch.size))
    return every


@quick
@given(line_files, blocks)
def test_lines_do_not_depend_on_the_block_size(data: bytes, limits: Limits) -> None:
    assert pieces(batches(data, limits)) == pieces(batches(data, Limits(record=RECORD, block=RECORD)))


@quick
@given(line_files, blocks, st.data())
def test_lines_do_not_depend_on_how_the_file_is_shared_out(data: bytes, limits: Limits, draw: st.DataObject) -> None:
    cuts = sorted({0, len(data), *draw.draw(st.lists(st.integers(0, len(data)), max_size=6))})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "input"
        file.write_bytes(data)
        shared = [piece for start, end in pairwise(cuts) for piece in read_range(str(file), start, end, limits)]
        whole = list(read(str(file), limits))
    assert pieces(shared) == pieces(whole)


@quick
@given(line_files, blocks)
def test_a_line_stands_at_its_offset(data: bytes, limits: Limits) -> None:
    for kind, offset, *rest in pieces(batches(data, limits)):
        assert isinstance(offset, int)
        if kind == "line":
            assert isinstance(rest[0], bytes)
            assert data[offset : offset + len(rest[0])] == rest[0]
        else:
            assert data[offset - 1 : offset] in (b"", b"\n")


@quick
@given(line_files, blocks)
def test_no_byte_is_lost(data: bytes, limits: Limits) -> None:
    found = batches(data, limits)
    sizes = [len(one.data) if isinstance(one, Lines) else one.size for one in found if isinstance(one, Lines | Bad)]
    assert sum(sizes) == len(data)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=6,
)
documents = st.one_of(
    st.lists(values, min_size=1, max_size=12),
    st.builds(
        lambda key, some, more: {"owner": "111122223333", key: some, "after": more},
        st.sampled_from(["Records", "value", "logEvents", "other"]),
        st.lists(values, min_size=1, max_size=12),
        values,
    ),
)


@quick
@given(documents, st.sampled_from([None, 0, 1]), st.integers(1, 300), st.booleans())
def test_a_document_gives_the_same_elements_whole_and_in_pieces(
    document: object, indent: int | None, block: int, is_wide: bool
) -> None:
    data = json.dumps(document, indent=indent, ensure_ascii=is_wide).encode("utf-8", "replace")
    whole = [item for batch in batches(data, DEFAULT) if isinstance(batch, Elements) for item in batch.items]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stratagem.ingest.values._whole", lambda *_: None)
        small = [batch for batch in batches(data, Limits(block=block)) if not isinstance(batch, Lines)]
    assert not any(isinstance(batch, Bad) for batch in small)
    found = [json.loads(item) for batch in small if isinstance(batch, Elements) for item in batch.items]
    assert found == [json.loads(item) for item in whole] or found == [document]


@quick
@given(
    st.binary(max_size=300)
    | st.text(alphabet='{}[]",:\n\\ a1\x00é', max_size=300).map(str.encode)
    | st.builds(
        lambda head, rest: head + rest, st.sampled_from([b"\x1f\x8b", b"a,b\n", b'{"Records": [']), st.binary()
    ),
    st.integers(1, 100),
)
def test_any_bytes_are_read_without_an_error(data: bytes, block: int) -> None:
    small = Limits(record=100, block=block)
    scanned(batches(data, small))
    scanned(batches(gzip.compress(data), small))
    scanned(batches(b"\xef\xbb\xbf" + data, small))


@quick
@given(lines(), st.sampled_from([gzip.compress, zstandard.ZstdCompressor().compress]))
def test_compression_changes_nothing(some: list[bytes], pack: object) -> None:
    data = b"\n".join(some)
    assert pieces(batches(pack(data), DEFAULT)) == pieces(batches(data, DEFAULT))  # type: ignore[operator]


@quick
@given(lines(), st.data())
def test_a_compressed_file_cut_anywhere_gives_a_reason_and_no_error(some: list[bytes], data: st.DataObject) -> None:
    packed = gzip.compress(b"\n".join(some))
    found = batches(packed[: data.draw(st.integers(3, len(packed) - 1))], DEFAULT)
    assert [one.reason for one in found if isinstance(one, Bad)][-1:] == ["gzip data ends early"]
    scanned(found)


@quick
@given(lines(), st.integers(1, 2_000), st.integers(1, 2_000))
def test_what_a_scan_finds_does_not_depend_on_the_block_size(some: list[bytes], one: int, other: int) -> None:
    data = some[0] + b"\n" + b"\n".join(some) + b"\n"
    found = [outcome(scanned(batches(data, Limits(block=size)))) for size in (one, other)]
    assert found[0] == found[1]
