"""The head reader reads what a full decode reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.detect.heads import MISSING, Heads, columns, first, nested, pluck
from stratagem.sources import SOURCES
from tests.property.scanning import quick, written

EVERY = pytest.mark.parametrize("source_id", SOURCES.ids)


@EVERY
@quick
@given(data=st.data())
def test_a_head_path_has_the_value_that_a_full_decode_finds_there(source_id: str, data: st.DataObject) -> None:
    source = SOURCES[source_id]
    text = data.draw(written([source_id]))
    try:
        head = Heads(source).one(text)
    except ValueError:
        return  # a value that is no scalar, or a number that none can hold: the record takes the careful path
    record = json.loads(text)
    for path in source.head:
        (value,) = columns([path])([head])
        plucked = pluck(record, path)
        assert value == plucked or (plucked is MISSING and value is MISSING), path
        assert type(value) is type(plucked)


def test_a_missing_parent_is_a_missing_value_and_null_is_none() -> None:
    assert pluck({"a": {"b": None}}, "a.b") is None
    assert pluck({"a": None}, "a.b") is MISSING
    assert pluck({}, "a.b") is MISSING
    assert pluck({"a": {"b": [1]}}, "a.b") is ...


def test_the_first_path_that_a_record_has_gives_the_time() -> None:
    source = SOURCES["kubernetes_audit"]
    stage, received = source.time_fields
    heads = Heads(source).lines(
        b'{"%b": "2", "%b": "1"}\n{"%b": "1"}\n{}' % (stage.encode(), received.encode(), received.encode())
    )
    assert first(source.time_fields)(heads) == ["2", "1", MISSING]


@pytest.mark.parametrize(
    ("paths", "values", "record"),
    [
        (("a.b", "a.c"), ("x", "y"), {"a": {"b": "x", "c": "y"}}),
        (("a.b", "c"), (MISSING, None), {"c": None}),
    ],
)
def test_head_values_make_the_record_that_has_just_them(
    paths: tuple[str, ...], values: tuple[Any, ...], record: dict[str, Any]
) -> None:
    assert nested(paths, values) == record


def test_a_head_field_that_is_no_scalar_fails_the_reader() -> None:
    with pytest.raises(ValueError, match="eventName"):
        Heads(SOURCES["aws_cloudtrail"]).one(b'{"eventName": ["a"]}')
