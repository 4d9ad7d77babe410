from __future__ import annotations

import pytest

from stratagem.errors import UsageError
from stratagem.sources import SOURCES
from stratagem.strategy.new import scaffold
from stratagem.strategy.parse import parse
from stratagem.strategy.proof import run_tests


@pytest.mark.parametrize("source", SOURCES)
def test_a_new_strategy_parses_without_problems_and_its_scenarios_pass(source: str) -> None:
    made = parse(scaffold("new_one", source=source, attack=["T1526"]), file="strategies/x/new_one.md")
    assert made.problems == ()
    results = run_tests([made.strategy])
    assert [result.reason for result in results if not result.passed] == []
    assert {result.expect for result in results} == {"finding", "silent"}


def test_the_area_chooses_the_source() -> None:
    assert "source: kubernetes_audit" in scaffold("x", area="kubernetes")
    assert "source: aws_cloudtrail" in scaffold("x", area="aws")


@pytest.mark.parametrize("title", ['Root: "signs in"', "{x} [y] # z", "yes", "- a", "\u202ename"])
def test_any_title_survives(title: str) -> None:
    made = parse(scaffold("x", title, owner=title), file="x.md")
    assert made.strategy.title == title
    assert made.strategy.owner == title
    assert made.problems == ()


def test_an_unknown_source_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="There are:"):
        scaffold("x", source="nowhere")
