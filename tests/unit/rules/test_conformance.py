"""Each construct of Sigma does what the conformance page says. `STRATAGEM_WRITE_GOLDEN=1` rewrites that page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stratagem.rules.load import load_text
from stratagem.rules.matcher import compile
from stratagem.rules.model import Rule, RuleSet
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from tests.unit.rules.constructs import CONSTRUCTS, LISTS, REFUSED, Construct, Refused
from tests.unit.rules.page import render

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sigma-conformance.md"


def load(detection: str) -> RuleSet:
    indented = detection.replace("\n", "\n  ")
    return load_text(
        f"title: example\nlogsource: {{product: aws}}\ndetection:\n  {indented}\n", file="example.yml", lists=LISTS
    )


def only_rule(detection: str) -> Rule:
    loaded = load(detection)
    assert loaded.rejected == ()
    return loaded.rules[0]


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: f"{construct.section}: {construct.name}")
def test_a_construct_matches_what_the_page_says(construct: Construct) -> None:
    condition = only_rule(construct.detection).condition
    fast = compile(condition, PLAIN)
    for record in construct.matches:
        assert matches(condition, record, PLAIN), record
        assert fast(record), record
    for record in construct.misses:
        assert not matches(condition, record, PLAIN), record
        assert not fast(record), record


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused.detection.replace("\n", " "))
def test_a_refusal_names_the_construct_and_the_reason(refused: Refused) -> None:
    loaded = load(refused.detection)
    assert loaded.rules == ()
    (rejection,) = loaded.rejected
    assert rejection.construct == refused.construct
    assert refused.reason in rejection.reason
    assert rejection.file == "example.yml"
    assert rejection.line >= 3


def test_the_conformance_page_is_current() -> None:
    if os.environ.get("STRATAGEM_WRITE_GOLDEN"):
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(render(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == render(), "rewrite it with STRATAGEM_WRITE_GOLDEN=1"
