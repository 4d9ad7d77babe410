from __future__ import annotations

from pathlib import Path

import pytest

from stratagem.strategy.model import Strategy
from stratagem.strategy.notes import Notes
from stratagem.strategy.overlay import apply, apply_folder, read_overlay
from tests.unit.strategy.documents import strategy

FILTER = "{name: ours, owner: me, reason: ours, detection: {s: {userAgent: x}, condition: s}}"
WITH_FILTER = (
    "```yaml filter\nname: ci\nowner: me\nreason: builds\nexpires: 2026-01-01\n"
    "detection: {s: {userAgent: ci}, condition: s}\n```"
)


def changed(text: str, made: Strategy | None = None) -> Strategy:
    made = made or strategy()
    notes = Notes(file="overlays/role_assumed.yml")
    overlay = read_overlay(text, made, notes)
    assert overlay is not None, notes.found
    return apply(made, overlay)


def problems(text: str) -> list[tuple[int, int, str]]:
    notes = Notes(file="overlays/role_assumed.yml")
    assert read_overlay(text, strategy(False_Positives=WITH_FILTER), notes) is None
    return [(problem.line, problem.column, problem.message) for problem in notes.found]


def test_status_and_owner_change() -> None:
    made = changed("status: shadow\nowner: soc\nreason: noisy here\n")
    assert (made.status, made.owner) == ("shadow", "soc")


def test_severity_moves_the_rules_that_take_their_level_from_it() -> None:
    assert changed("severity: critical").rules[0].level == "critical"
    text = "```yaml sigma\nlevel: low\nlogsource: {product: aws}\ndetection: {s: {a: 1}, condition: s}\n```"
    assert changed("severity: critical", strategy(Strategy_Abstract=text)).rules[0].level == "low"


def test_levels_and_budget_replace_those_of_the_priority_block() -> None:
    made = changed("levels: [{level: critical, because: ours}]\nbudget_per_day: 3\n")
    assert made.priority is not None
    assert [entry.level for entry in made.priority.levels] == ["critical"]
    assert made.priority.budget_per_day == 3
    assert made.priority.title == "{eventName} in {awsRegion}"


def test_filters_are_added_to_the_rules_that_they_name() -> None:
    made = changed(f"filters: [{FILTER}]")
    assert [filter_.name for filter_ in made.filters] == ["ours"]
    assert [filter_.name for filter_ in made.rules[0].filters] == ["ours"]


def test_a_filters_expiry_moves() -> None:
    made = changed("expires: {ci: 2027-01-01}", strategy(False_Positives=WITH_FILTER))
    assert made.filters[0].expires == made.rules[0].filters[0].expires == "2027-01-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("severty: high", (1, 1, "unknown key 'severty'; did you mean 'severity'?")),
        (
            "severity: hi",
            (1, 11, "'severity' is 'hi', not one of informational, low, medium, high, critical; did you mean 'high'?"),
        ),
        ("\nexpires: {cj: 2027-01-01}", (2, 11, "the strategy has no filter 'cj'.")),
        ("expires: {ci: soon}", (1, 15, "'ci' is 'soon', which does not have the form 2026-06-30.")),
        (f"filters: [{FILTER.replace('ours, owner', 'ci, owner')}]", (1, 18, "filter name 'ci' is taken.")),
        ("a: b: c", (1, 5, "not YAML: ':' inside a plain value; quote the value.")),
        ("", (1, 1, "the block must be a mapping, not empty.")),
    ],
)
def test_an_overlay_with_an_error_is_not_applied_and_says_where(text: str, expected: tuple[int, int, str]) -> None:
    assert problems(text) == [expected]


def test_a_folder_of_overlays_is_applied_by_file_name(tmp_path: Path) -> None:
    (tmp_path / "role_assumed.yml").write_text("status: shadow\n")
    (tmp_path / "role_asumed.yml").write_text("status: shadow\n")
    made, found = apply_folder([strategy()], tmp_path)
    assert made[0].status == "shadow"
    assert [problem.message for problem in found] == [
        "no strategy has the id 'role_asumed'; did you mean 'role_assumed'?"
    ]


def test_without_a_folder_nothing_changes(tmp_path: Path) -> None:
    made = (strategy(),)
    assert apply_folder(made, None) == (made, ())
    assert apply_folder(made, tmp_path / "nowhere") == (made, ())
