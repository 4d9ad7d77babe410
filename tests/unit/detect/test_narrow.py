"""Records of which only some paths are decoded."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stratagem.detect.narrow import narrow
from stratagem.rules.model import Op, Test
from stratagem.rules.reads import reads
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from stratagem.sources._contract import Malformed
from stratagem.sources._json import decode

keys = st.sampled_from(["a", "b", "c", "a.b", "b.c", "a.b.c", "z"])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["x", "é", "\0", ""])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
records = st.dictionaries(keys, values, max_size=5)


def test_only_the_asked_paths_are_decoded() -> None:
    read = narrow([("a", "b"), ("c",)])
    assert read(b'{"a": {"b": 1, "x": 2}, "c": {"d": 3}, "z": 4}') == {"a": {"b": 1}, "c": {"d": 3}}


def test_a_key_that_holds_dots_is_decoded_at_every_level() -> None:
    read = narrow([("a", "b", "c")])
    record = {"a.b": {"c": 1}, "a": {"b.c": 2, "b": {"c": 3}}, "a.b.c": 4}
    assert read(json.dumps(record).encode()) == record


def test_a_record_with_an_array_in_the_way_is_decoded_whole() -> None:
    record = {"a": [{"b": 1}], "z": 2}
    assert narrow([("a", "b")])(json.dumps(record).encode()) == record


def test_the_last_of_equal_keys_wins_as_in_a_whole_record() -> None:
    assert narrow([("a", "b")])(b'{"a": {"b": 1}, "a": {"b": 2}}') == {"a": {"b": 2}}


def test_broken_text_is_malformed_as_to_the_whole_decoder() -> None:
    with pytest.raises(Malformed):
        narrow([("a",)])(b'{"a": ')


@given(records, st.sampled_from(["a", "a.b", "a.b.c", "b.c", "c"]))
@example({"a": {"b.c": "x"}, "a.b": {"c": None}}, "a.b.c")
def test_a_test_on_a_field_says_the_same_of_the_narrow_record(record: dict[str, Any], field: str) -> None:
    raw = json.dumps(record).encode()
    for test in (
        Test(field=field, op=Op.EQUALS, value="x"),
        Test(field=field, op=Op.EXISTS, value=True),
        Test(field=field, op=Op.IS_NULL),
        Test(field=field, op=Op.FIELD_EQUALS, value="c"),
    ):
        paths = reads(test, PLAIN)
        assert paths is not None
        assert matches(test, narrow(paths)(raw), PLAIN) == matches(test, decode(raw), PLAIN)
