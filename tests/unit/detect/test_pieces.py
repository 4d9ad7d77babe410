"""Rows and the bytes that they stand in."""

from __future__ import annotations

import pytest

from stratagem.detect.pieces import ItemPieces, LinePieces


def test_a_row_is_its_line_at_its_byte_offset_and_blank_lines_are_no_rows() -> None:
    data = '{"a": "é"}\r\n\n  \n{"b": 2}'.encode()
    pieces = LinePieces(data, 100, 2)
    assert [pieces[row] for row in (0, 1)] == [('{"a": "é"}\r'.encode(), 100, 0), (b'{"b": 2}', 100 + 17, 0)]
    assert data[17:] == b'{"b": 2}'


@pytest.mark.parametrize(
    ("data", "records", "expected"),
    [
        (b'{"a": 1}\n{"a": 2}\n', 2, True),
        (b' {"a": 1} \r\n\n{"a": 2}', 2, True),
        (b'{"a": 1}{"a": 2}\n', 2, False),
        (b'{"a":\n1}\n', 1, False),
        (b'{"a": 1}{"a": 2}\n{"a":\n3}', 3, False),
        (b'{"a": 1} {"a":\n2}', 2, False),
    ],
    ids=["lines", "odd blanks", "two on a line", "one on two lines", "as many lines as records", "one reaches over"],
)
def test_lines_are_rows_only_where_every_line_is_one_record(data: bytes, records: int, expected: bool) -> None:
    assert LinePieces(data, 0, records).are_lines is expected


def test_places_in_the_block_tell_their_rows() -> None:
    data = b'{"a": 1}\n\n{"b": 2}\n{"c": 3}\n'
    pieces = LinePieces(data, 0, 3)
    assert pieces.rows_of([data.index(b"a"), data.index(b"c"), data.index(b"c") + 1]) == [0, 2, 2]
    assert pieces.rows_of([]) == []


def test_elements_keep_their_index_and_their_documents_offset() -> None:
    pieces = ItemPieces([b'{"a":\n1}', b"{}", b'{"b": 2}'], 40, 7)
    assert pieces[2] == (b'{"b": 2}', 40, 9)
    assert pieces.rows_of([pieces.block.index(b"b")]) == [2]


@pytest.mark.parametrize("data", [b'{"a": 1}\n{"b": 2}\n', b'{"a": 1}\n\n{"b": 2}', b'\n{"a": 1}\n{"b": 2}\n\n'])
def test_the_rows_as_a_column_say_the_same(data: bytes) -> None:
    pieces = LinePieces(data, 5, 2)
    texts, offsets, indexes = pieces.columns()
    assert [text.strip() for text in texts.to_pylist()] == ['{"a": 1}', '{"b": 2}']
    assert offsets.tolist() == [pieces[row][1] for row in (0, 1)]
    assert indexes.tolist() == [0, 0]
