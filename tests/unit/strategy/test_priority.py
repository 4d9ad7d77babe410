from __future__ import annotations

from typing import Any

import pytest

from stratagem import content
from stratagem.rules.resolve import PLAIN, Resolver
from stratagem.sources import SOURCES
from stratagem.strategy.model import Priority
from stratagem.strategy.parse import load_folder
from stratagem.strategy.priority import Judge, evaluate, format_title, placeholders, title_flaw
from stratagem.strategy.scenario import stage
from tests.unit.strategy.documents import strategy


@pytest.mark.parametrize(
    ("region", "expected"), [("eu-north-1", ("high", "nobody works there")), ("us-east-1", ("low", ""))]
)
def test_the_first_level_that_holds_wins(region: str, expected: tuple[str, str]) -> None:
    priority = strategy().priority
    assert priority is not None
    level, because, title = evaluate(priority, {"eventName": "X", "awsRegion": region}, PLAIN)
    assert (level, because) == expected
    assert title == f"X in {region}"


def test_without_a_level_that_holds_the_default_stands() -> None:
    text = "```yaml priority\ntitle: x\nlevels: [{level: risk_only, when: {a: 1}}]\n```"
    priority = strategy(Priority=text).priority
    assert priority is not None
    assert evaluate(priority, {"a": 1}, PLAIN)[0] == "risk_only"
    assert evaluate(priority, {}, PLAIN, default="critical")[0] == "critical"


@pytest.mark.parametrize(
    ("record", "title"),
    [
        ({"a": "x"}, "got x"),
        ({}, "got ?"),
        ({"a": None}, "got ?"),
        ({"a": ["x", "y", "x"]}, "got x, y"),
        ({"a": list(range(8))}, "got 0, 1, 2, 3, 4, and 3 more"),
        ({"a": True}, "got true"),
        ({"a": "evil\x1b[2J\u202e\nname"}, "got evil\\u001b[2J\\u202e\\u000aname"),
        ({"a": "x" * 500}, "got " + "x" * 79 + "…"),
        ({"a": [{"k": 1}]}, "got {k}"),
        ({"a": "{b}", "b": "secret"}, "got {b}"),
    ],
)
def test_titles_show_values_that_cannot_do_harm(record: dict[str, Any], title: str) -> None:
    assert format_title("got {a}", record, PLAIN) == title
    assert Judge(Priority(title="got {a}", levels=()), PLAIN).title(record) == title


def test_placeholders_are_paths_through_lists() -> None:
    record = {"spec": {"containers": [{"image": "a"}, {"image": "b"}]}}
    assert format_title("{spec.containers.image}", record, PLAIN) == "a, b"


@pytest.mark.parametrize(
    ("record", "title"), [({"a": "x", "b": "y"}, "x"), ({"a": "", "b": "y"}, "y"), ({"b": "y"}, "y"), ({}, "?")]
)
def test_of_several_paths_the_first_with_a_value_is_shown(record: dict[str, Any], title: str) -> None:
    assert format_title("{a|b}", record, PLAIN) == title
    assert Judge(Priority(title="{a|b}", levels=()), PLAIN).title(record) == title
    assert placeholders("{a | b}") == ("a", "b")


@pytest.mark.parametrize(("title", "bad"), [("a {b} c", False), ("{", True), ("{}", True), ("{a}}", True), ("", False)])
def test_braces_of_a_title_come_in_pairs_with_a_path_between(title: str, bad: bool) -> None:
    assert bool(title_flaw(title)) is bad


def test_compiled_criteria_give_the_level_that_the_reference_gives() -> None:
    for parsed in load_folder(content.folder("strategies")):
        strategy = parsed.strategy
        assert strategy.priority is not None
        for scenario in strategy.scenarios:
            for event in stage(scenario):
                resolver = Resolver.for_source(SOURCES[event.source])
                level = Judge(strategy.priority, resolver, default=strategy.severity).level(event.native)
                assert level == evaluate(strategy.priority, event.native, resolver, default=strategy.severity)[:2]
