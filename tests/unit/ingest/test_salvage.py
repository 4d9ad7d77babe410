"""JSON inside lines that are not JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.ingest.salvage import embedded


@pytest.mark.parametrize(
    ("line", "values", "left"),
    [
        (b'2026-01-15T10:00:00Z {"a": 1}', [b'{"a": 1}'], b""),
        (b'<13>Jan 15 10:00:00 host audit: {"a": 1}\r', [b'{"a": 1}'], b""),
        (b'{"a": 1}{"b": 2}, {"c": 3}', [b'{"a": 1}', b'{"b": 2}', b'{"c": 3}'], b""),
        (b'{"a": 1}{"b": ', [b'{"a": 1}'], b'{"b": '),
        (b"plain text", [], b"plain text"),
        (b"", [], b""),
        ('é {"a": "é"}'.encode(), ['{"a": "é"}'.encode()], b""),
        (b"x" * 600 + b'{"a": 1}', [], b"x" * 600 + b'{"a": 1}'),
        (b'{"a": ' + b"9" * 5_000 + b"}", [], b'{"a": ' + b"9" * 5_000 + b"}"),
        (b'{"a":' * 5_000, [], b'{"a":' * 5_000),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_values_and_what_is_left(line: bytes, values: list[bytes], left: bytes) -> None:
    assert embedded(line) == (values, left)


@given(st.binary(max_size=80) | st.text(alphabet='{}[]",: 19a\\', max_size=80).map(str.encode))
def test_any_line_is_divided_without_an_error(line: bytes) -> None:
    values, left = embedded(line)
    assert all(value in line for value in values)
    assert line.endswith(left)
