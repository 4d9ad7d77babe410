"""What every lint check promises: its name, its docs, an example that trips it, and that nothing makes it raise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.errors import Severity
from stratagem.strategy.checks import CHECKS
from stratagem.strategy.checks._contract import Check, Hit
from stratagem.strategy.lint import desk
from stratagem.strategy.model import SECTIONS, Section, Strategy
from stratagem.strategy.parse import parse

CLEAN = (Path(__file__).parents[1] / "unit" / "strategy" / "checks" / "trail_stopped.md").read_text("utf-8")
EXAMPLES = [check.example for check in CHECKS.values()]
PIECES = [line for text in (CLEAN, *EXAMPLES) for line in text.split("\n") if line.strip()]


def _find(check: Check, strategy: Strategy) -> list[Hit]:
    return list(check.find(strategy, desk(strategy)))


@pytest.fixture(params=CHECKS.ids)
def named(request: pytest.FixtureRequest) -> tuple[str, Check]:
    return request.param, CHECKS[request.param]


def test_the_code_is_the_file_name(named: tuple[str, Check]) -> None:
    name, check = named
    assert check.code == name.upper().replace("_", "-")


def test_the_reference_page_has_something_to_say(named: tuple[str, Check]) -> None:
    _, check = named
    assert check.catches and "\n" not in check.catches and not check.catches.endswith(".")
    assert check.example.strip()
    assert isinstance(check.severity, Severity)


def test_the_example_trips_it_at_a_place_in_the_document(named: tuple[str, Check]) -> None:
    _, check = named
    hits = _find(check, parse(check.example, file="example.md").strategy)
    assert hits
    for hit in hits:
        assert 0 <= hit.line <= check.example.count("\n") + 1
        assert hit.message and hit.fix


def test_the_clean_document_does_not_trip_it(named: tuple[str, Check]) -> None:
    _, check = named
    assert _find(check, parse(CLEAN, file="trail_stopped.md").strategy) == []


def test_it_says_the_same_twice(named: tuple[str, Check]) -> None:
    _, check = named
    strategy = parse(check.example, file="example.md").strategy
    assert _find(check, strategy) == _find(check, strategy)


def test_an_empty_strategy_does_not_make_it_raise(named: tuple[str, Check]) -> None:
    _, check = named
    _find(check, Strategy(id="x", area="", file="x.md", title=""))


def test_sections_without_the_documents_text_do_not_make_it_raise(named: tuple[str, Check]) -> None:
    _, check = named
    sections = {title: Section(title=title, text="T1999 `pip install x`", line=3) for title in SECTIONS}
    _find(check, Strategy(id="x", area="", file="x.md", title="x", sections=sections, attack=("T1", "")))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """The clean document with lines dropped, doubled, swapped, or replaced by others' lines and by any text."""
    lines = CLEAN.split("\n")
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(lines) - 1))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)))
        kind = draw(st.sampled_from(["drop", "insert", "replace", "cut"]))
        if kind == "drop" and len(lines) > 1:
            del lines[at]
        elif kind == "insert":
            lines.insert(at, piece)
        elif kind == "replace":
            lines[at] = piece
        else:
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines)


@given(text=st.one_of(documents(), st.text(max_size=400)))
@settings(max_examples=60, deadline=None)
def test_no_document_makes_a_check_raise(text: str) -> None:
    strategy = parse(text, file="mutated.md").strategy
    end = strategy.text.count("\n") + 1
    for check in CHECKS.values():
        for hit in _find(check, strategy):
            assert 0 <= hit.line <= end, (check.code, hit)


@given(text=documents(), cut=st.integers(0, 60))
@settings(max_examples=30, deadline=None)
def test_a_strategy_whose_lines_do_not_fit_its_text_does_not_make_a_check_raise(text: str, cut: int) -> None:
    strategy = parse(text, file="mutated.md").strategy
    shorter = replace(strategy, text="\n".join(strategy.text.split("\n")[:cut]))
    for check in CHECKS.values():
        _find(check, shorter)
