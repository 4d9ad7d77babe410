"""Coverage: a cell is earned where a strategy is proven and its source is alive, and says why where it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stratagem import content
from stratagem.attack import load
from stratagem.coverage.check import Made, check
from stratagem.coverage.model import Cell, State
from stratagem.detect.compile import compile
from stratagem.health.model import Complaint, Health, Scope, SourceHealth, StrategyHealth, Trouble
from stratagem.sources import SOURCES
from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import load_folder
from stratagem.strategy.proof import TestResult, run_tests

ATTACK = load("18.1")
NOW = datetime(2026, 1, 15, tzinfo=UTC)
PROD, TEST = Scope("cluster", "prod"), Scope("cluster", "test")
SECRETS = "secrets_listed_across_namespaces"


@pytest.fixture(scope="module")
def strategy() -> Strategy:
    documents = load_folder(content.folder("strategies") / "kubernetes", {})
    (found,) = [one.strategy for one in documents if one.strategy.id == SECRETS]
    return found


@pytest.fixture(scope="module")
def passed(strategy: Strategy) -> tuple[TestResult, ...]:
    return run_tests([strategy])


def made(strategy: Strategy, results: tuple[TestResult, ...], health: Health | None = None) -> Made:
    return check(compile((), [strategy], SOURCES), ATTACK, results, health)


def cell(found: Made) -> Cell:
    (only,) = found.cells
    return only


def source(scope: Scope, *troubles: Trouble) -> SourceHealth:
    complaints = tuple(Complaint(trouble=one, message=f"it is {one}", since=NOW) for one in troubles)
    return SourceHealth(source="kubernetes_audit", scope=scope, complaints=complaints)


def sight(scope: Scope, sight: str = "evaluable", *reasons: str) -> StrategyHealth:
    return StrategyHealth(strategy=SECRETS, scope=scope, sight=sight, reasons=reasons, since=NOW if reasons else None)


def test_a_proven_strategy_earns_its_technique_on_its_platform_from_its_source(
    strategy: Strategy, passed: tuple[TestResult, ...]
) -> None:
    found = cell(made(strategy, passed))
    assert (found.technique.id, found.platform, found.source) == ("T1552.007", "Containers", "kubernetes_audit")
    assert (found.state, found.strategies, found.why) == (State.EARNED, (SECRETS,), ())


def test_a_failed_scenario_takes_the_cell_away_and_is_named(strategy: Strategy, passed: tuple[TestResult, ...]) -> None:
    broken = (replace(passed[0], passed=False, reason="no rule fires"), *passed[1:])
    found = cell(made(strategy, broken))
    assert found.state is State.CLAIMED
    assert found.why == (f"{SECRETS}: scenario '{passed[0].scenario}' fails: no rule fires",)


@pytest.mark.parametrize(
    ("kept", "lacks"),
    [
        (lambda one: one.expect != "finding", "no scenario expects a finding"),
        (lambda one: not one.near_miss_of, "no silent scenario is a near miss"),
    ],
)
def test_scenarios_that_prove_nothing_earn_nothing(
    strategy: Strategy, passed: tuple[TestResult, ...], kept: object, lacks: str
) -> None:
    some = tuple(one for one in passed if kept(one))  # type: ignore[operator]
    found = cell(made(strategy, some))
    assert (found.state, found.why) == (State.CLAIMED, (f"{SECRETS}: {lacks}",))


def test_a_draft_earns_nothing(strategy: Strategy, passed: tuple[TestResult, ...]) -> None:
    found = cell(made(replace(strategy, status="draft"), passed))
    assert (found.state, found.why) == (State.CLAIMED, (f"{SECRETS}: it is a draft",))


def test_a_source_that_never_came_earns_nothing(strategy: Strategy, passed: tuple[TestResult, ...]) -> None:
    found = cell(made(strategy, passed, Health(as_of=NOW, sources=())))
    assert (found.state, found.why) == (
        State.CLAIMED,
        (f"{SECRETS}: no event of kubernetes_audit in the lake",),
    )


def test_a_source_that_is_silent_in_one_scope_of_two_earns_a_part(
    strategy: Strategy, passed: tuple[TestResult, ...]
) -> None:
    sources = (source(PROD, Trouble.SILENT), source(TEST))
    found = cell(
        made(strategy, passed, Health(as_of=NOW, sources=sources, strategies=(sight(PROD, "blind"), sight(TEST))))
    )
    assert found.state is State.PARTLY
    assert found.why == (f"{SECRETS}: kubernetes_audit blind in 1 of 2 scopes: cluster prod: it is silent",)
    assert found.claims[0].since == NOW


def test_a_source_that_is_silent_everywhere_earns_nothing(strategy: Strategy, passed: tuple[TestResult, ...]) -> None:
    health = Health(as_of=NOW, sources=(source(PROD, Trouble.SILENT),), strategies=(sight(PROD, "blind"),))
    assert cell(made(strategy, passed, health)).state is State.CLAIMED


def test_a_field_that_is_gone_dims_only_the_strategies_that_read_it(
    strategy: Strategy, passed: tuple[TestResult, ...]
) -> None:
    reads = sight(PROD, "partly", "kubernetes_audit: 'verb' is gone")
    dim = Health(as_of=NOW, sources=(source(PROD, Trouble.FIELD),), strategies=(reads,))
    bright = Health(as_of=NOW, sources=(source(PROD, Trouble.FIELD),), strategies=(sight(PROD),))
    found = cell(made(strategy, passed, dim))
    assert found.state is State.PARTLY
    assert found.why == (f"{SECRETS}: kubernetes_audit partly blind in 1 of 1 scopes: cluster prod: 'verb' is gone",)
    assert cell(made(strategy, passed, bright)).state is State.EARNED


def test_advice_and_low_volume_do_not_take_a_cell_away(strategy: Strategy, passed: tuple[TestResult, ...]) -> None:
    health = Health(as_of=NOW, sources=(source(PROD, Trouble.LOW, Trouble.READS_ABSENT),), strategies=(sight(PROD),))
    assert cell(made(strategy, passed, health)).state is State.EARNED


def test_a_strategy_without_a_technique_or_source_is_told_apart(
    strategy: Strategy, passed: tuple[TestResult, ...]
) -> None:
    assert made(replace(strategy, attack=()), passed).unplaced == ((SECRETS, "it names no ATT&CK technique"),)
    assert made(replace(strategy, rules=()), passed).unplaced == ((SECRETS, "no source meets its rules"),)
    unknown = made(replace(strategy, attack=("T9999", "T1552.007")), passed)
    assert unknown.unplaced == ((SECRETS, "T9999 is not in ATT&CK 18.1"),)
    assert len(unknown.cells) == 1


def test_one_strategy_that_works_is_enough_for_a_cell(strategy: Strategy, passed: tuple[TestResult, ...]) -> None:
    found = cell(made(strategy, passed))
    lame = replace(found.claims[0], strategy="other", state=State.CLAIMED, reasons=("it is a draft",))
    assert replace(found, claims=(lame, *found.claims)).state is State.EARNED
