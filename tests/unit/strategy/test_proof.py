from __future__ import annotations

import pytest

from stratagem.strategy.model import Strategy
from stratagem.strategy.proof import TestResult, effective_status, run_tests
from tests.unit.strategy.documents import FRONT, SECTIONS, parsed, strategy

BASE = "aws_cloudtrail/assume_role_by_service"


def block(name: str, expect: str, more: str = "") -> str:
    return f"```yaml scenario\nname: {name}\nexpect: {expect}\nbase: {BASE}\n{more}\n```\n"


def only(made: Strategy) -> TestResult:
    (result,) = run_tests([made])
    return result


def with_filter(more: str = "", **sections: str) -> Strategy:
    text = f"```yaml filter\nname: ci\nowner: me\nreason: builds\n{more}\n"
    text += "detection: {all: {eventName: AssumeRole}, condition: all}\n```"
    return strategy(False_Positives=text, **sections)


def test_a_strategy_with_a_positive_and_a_near_miss_is_proven() -> None:
    made = strategy()
    results = run_tests([made])
    assert [result.passed for result in results] == [True, True]
    assert effective_status(made, results) == "live"


def test_a_result_tells_which_rule_fired_with_level_and_title() -> None:
    result = only(strategy(Validation=block("x", "finding", "set: {awsRegion: eu-north-1}")))
    (hit,) = result.fired
    assert (hit.rule, hit.level, hit.because) == ("role_assumed", "high", "nobody works there")
    assert hit.title == "AssumeRole in eu-north-1"


def test_a_strategy_without_scenarios_fails() -> None:
    result = only(strategy(Validation="By hand."))
    assert not result.passed
    assert "nothing proves this strategy" in result.reason


def test_a_rule_that_fires_where_it_should_be_silent_fails() -> None:
    result = only(strategy(Validation=block("x", "silent")))
    assert result.reason == "should stay silent, but rule role_assumed fires. Narrow the rule, or add a filter."


def test_a_known_evasion_that_is_detected_makes_the_page_stale() -> None:
    made = strategy(Blind_Spots_and_Assumptions=block("x", "missed"), Validation="-")
    assert "the page is stale" in only(made).reason


def test_a_rule_that_does_not_fire_fails_with_the_test_that_did_not_hold() -> None:
    result = only(strategy(Validation=block("x", "finding", "set: {eventName: GetRole}")))
    assert "no rule fires" in result.reason
    assert "eventName" in result.reason
    assert result.steps


def test_a_level_that_differs_fails() -> None:
    result = only(strategy(Validation=block("x", "finding", "level: high")))
    assert result.reason == "the level is low, not high"


def test_a_filter_keeps_a_benign_scenario_silent() -> None:
    result = only(with_filter(Validation=block("x", "silent")))
    assert result.passed
    assert result.fired[0].filtered_by == "ci"


def test_a_filter_that_loses_a_validated_true_positive_fails() -> None:
    result = only(with_filter(Validation=block("x", "finding")))
    assert "filter ci loses a validated true positive" in result.reason


@pytest.mark.parametrize(("day", "removes"), [("2026-01-16", True), ("2026-01-15", False)])
def test_a_filter_expires_in_event_time(day: str, removes: bool) -> None:
    result = only(with_filter(f"expires: {day}", Validation=block("x", "silent")))
    assert result.passed is removes


def test_a_rule_for_another_logsource_is_told() -> None:
    text = SECTIONS["Strategy Abstract"].replace("{product: aws, service: cloudtrail}", "{product: okta}")
    result = only(strategy(Strategy_Abstract=text, Validation=block("x", "finding")))
    assert result.reason.startswith("the rules ask for logsource okta, and the events are of aws_cloudtrail")


def test_a_scenario_that_cannot_be_read_is_no_silent_skip() -> None:
    made = parsed(Validation="```yaml scenario\nname: x\nexpect: nonsense\n```").strategy
    result = only(made)
    assert (result.scenario, result.passed) == ("x", False)
    assert "cannot be read" in result.reason


def test_a_base_that_does_not_exist_fails_the_scenario() -> None:
    result = only(strategy(Validation=block("x", "finding").replace("assume_role", "asume_role")))
    assert "no event base" in result.reason


def test_names_choose_scenarios_by_pattern() -> None:
    assert [result.scenario for result in run_tests([strategy()], names=["another*"])] == ["another call"]
    assert run_tests([strategy(Validation="-")], names=["x"]) == ()


@pytest.mark.parametrize(
    ("validation", "status"),
    [
        (block("x", "finding"), "shadow"),
        (block("x", "silent", "set: {eventName: GetRole}"), "shadow"),
        (block("x", "finding", "level: high") + "\n" + SECTIONS["Validation"], "shadow"),
    ],
)
def test_live_needs_a_positive_a_near_miss_and_no_failure(validation: str, status: str) -> None:
    made = strategy(Validation=validation)
    assert effective_status(made, run_tests([made])) == status


def test_proof_never_raises_the_authors_intent() -> None:
    made = strategy(FRONT.replace("status: live", "status: draft"))
    assert effective_status(made, run_tests([made])) == "draft"


def test_without_a_rule_a_strategy_is_a_draft() -> None:
    made = strategy(Strategy_Abstract="Prose.")
    assert effective_status(made, run_tests([made])) == "draft"
