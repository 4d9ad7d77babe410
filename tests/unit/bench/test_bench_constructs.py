"""The comparison by construct: what stratagem does is what the specification wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import contenders
from bench.construct_list import CONSTRUCTS
from bench.constructs import Answer, ask, one_selection, rows

TWO = one_selection("two", {"a": "x"}, ({"a": "x"}, True), ({"a": "y"}, False), ({"a": "z"}, None))


def test_stratagem_does_what_the_specification_wants_for_every_construct(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contenders, "tenzir_version", lambda: None)

    wrong = {one.construct.name: one.wrong for one in ask(CONSTRUCTS, tmp_path) if one.wrong}

    assert not wrong


def test_every_construct_has_a_name_of_its_own() -> None:
    assert len({one.name for one in CONSTRUCTS}) == len(CONSTRUCTS)


def test_records_on_which_all_agree_are_not_shown() -> None:
    assert not list(rows([Answer(construct=TWO, stratagem=frozenset({0}), tenzir=frozenset({0}))]))


def test_a_difference_is_shown_with_what_the_specification_wants() -> None:
    shown = list(rows([Answer(construct=TWO, stratagem=frozenset({0}), tenzir=frozenset())]))

    assert shown == [("two", '`{"a": "x"}`', '`{"a": "x"}`', "match", "match", "no match")]


def test_where_the_specification_says_nothing_nobody_is_wrong() -> None:
    answer = Answer(construct=TWO, stratagem=frozenset({0, 2}), tenzir=frozenset({0}))

    assert not answer.wrong
    assert [row[3:] for row in rows([answer])] == [("not said", "match", "no match")]
