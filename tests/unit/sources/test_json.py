"""JSON text keeps integers of any size exact, wherever they stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.sources._json import decode

LONG = 12345678901234567890123


@pytest.mark.parametrize("text", ["%d", "[%d]", "[1,-%d]", '{"a":%d}', '{"a" :\t\n %d}', '["%d",%d]', '["x%d", %d]'])
def test_a_long_number_is_exact(text: str) -> None:
    filled = text.replace("%d", str(LONG))
    assert decode(filled) == json.loads(filled)
    assert decode(filled.encode()) == json.loads(filled)


values = st.recursive(
    st.integers() | st.text(alphabet='0123456789-:, "\\', max_size=60) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="0123456789:", max_size=30), inner),
    max_leaves=5,
)


@given(values, st.sampled_from((None, 1)))
def test_what_was_written_is_read(value: Any, indent: int | None) -> None:
    assert decode(json.dumps(value, indent=indent)) == value
