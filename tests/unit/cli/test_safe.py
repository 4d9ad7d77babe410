"""Text of events must not lead a terminal, a spreadsheet or a Markdown viewer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.cli.safe import cell, json_text, markdown, printable


def test_an_escape_sequence_is_spelt_out() -> None:
    assert printable("\x1b[2Jgone\x07") == "\\x1b[2Jgone\\x07"


def test_line_ends_do_not_break_a_line() -> None:
    assert printable("a\nb\rc\td") == "a\\nb\\rc\\td"


def test_characters_that_turn_the_reading_direction_are_spelt_out() -> None:
    assert printable("invoice\u202efdp.exe") == "invoice\\u202efdp.exe"


def test_ordinary_text_of_any_language_stays() -> None:
    assert printable("Zoë 田中 Ελένη") == "Zoë 田中 Ελένη"


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_is_never_a_formula(value: str) -> None:
    assert cell(value).startswith("'")


def test_a_cell_that_is_no_formula_stays() -> None:
    assert cell("a=b") == "a=b"


def test_markdown_does_not_render_what_events_hold() -> None:
    assert markdown("[x](http://example.com) | `y` <b>") == "\\[x\\](http://example.com) \\| \\`y\\` \\<b\\>"


@given(st.text())
def test_json_made_harmless_decodes_to_the_same_value(text: str) -> None:
    written = json_text(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert not any("\x7f" <= character <= "\x9f" for character in written)


@given(st.text())
def test_printable_text_has_no_control_character(text: str) -> None:
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in printable(text))
