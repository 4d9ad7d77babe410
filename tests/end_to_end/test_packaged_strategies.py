"""The packaged strategies keep their word: every scenario, no lint, and the demo's attack found, and only it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from stratagem import content
from stratagem.emulate.story import Story, write_story
from stratagem.errors import Severity
from stratagem.events.columns import EVENTS_SCHEMA
from stratagem.places import read
from stratagem.proving import Prover
from stratagem.strategy.lint import lint
from stratagem.strategy.model import SECTIONS
from stratagem.strategy.outline import outline
from stratagem.strategy.parse import Parsed, load_folder
from stratagem.strategy.proof import TestResult, effective_status, run_tests
from stratagem.workspace import RunResult, Workspace
from tests.golden import check_golden
from tests.strategies_page import strategies_page

PARSED = load_folder(content.folder("strategies"))
IDS = [one.strategy.id for one in PARSED]
PROVER = Prover([one.strategy for one in PARSED])


@pytest.fixture(scope="module")
def results() -> tuple[TestResult, ...]:
    return tuple(run_tests([one.strategy for one in PARSED], behaviour=PROVER.fired))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return write_story(tmp_path_factory.mktemp("story"))


@pytest.fixture(scope="module")
def run(story: Story) -> RunResult:
    return Workspace().run([story.folder], strategies=content.folder("strategies"), workers=1)


def test_strategies_cover_kubernetes_aws_and_entra() -> None:
    areas = Counter(one.strategy.area for one in PARSED)
    assert min(areas["kubernetes"], areas["aws"], areas["entra"]) >= 5


def test_t1526_and_t1069_003_are_covered() -> None:
    techniques = Counter(technique for one in PARSED for technique in one.strategy.attack)
    assert techniques["T1526"] >= 1
    assert techniques["T1069.003"] >= 2


@pytest.mark.parametrize("parsed", PARSED, ids=IDS)
def test_a_packaged_strategy_reads_without_problems_and_has_all_nine_sections(parsed: Parsed) -> None:
    assert parsed.problems == ()
    assert parsed.strategy.rejected == ()
    assert set(SECTIONS) <= set(parsed.strategy.sections)


def test_lint_finds_neither_error_nor_warning() -> None:
    serious = [problem for problem in lint(PARSED, behaviour=PROVER.fired) if problem.severity is not Severity.INFO]
    assert serious == []


def test_every_scenario_passes(results: tuple[TestResult, ...]) -> None:
    assert [result for result in results if not result.passed] == []


@pytest.mark.parametrize("parsed", PARSED, ids=IDS)
def test_proof_allows_the_status_that_the_author_intends(parsed: Parsed, results: tuple[TestResult, ...]) -> None:
    assert effective_status(parsed.strategy, results) == parsed.strategy.status


@pytest.mark.parametrize("parsed", PARSED, ids=IDS)
def test_a_packaged_strategy_names_an_evasion_a_benign_look_alike_and_a_live_command(parsed: Parsed) -> None:
    expectations = Counter(scenario.expect for scenario in parsed.strategy.scenarios)
    assert min(expectations[kind] for kind in ("finding", "silent", "missed")) >= 1
    assert any(scenario.live for scenario in parsed.strategy.scenarios)
    assert parsed.strategy.filters
    assert all(each.owner and each.reason and each.ticket and each.expires for each in parsed.strategy.filters)


@pytest.mark.parametrize("parsed", PARSED, ids=IDS)
def test_every_level_has_a_scenario_and_a_reason(parsed: Parsed) -> None:
    priority = parsed.strategy.priority
    assert priority is not None
    assert priority.key
    assert priority.budget_per_day
    assert all(level.because for level in priority.levels)
    shown = {scenario.level for scenario in parsed.strategy.scenarios if scenario.expect == "finding"}
    assert {level.level for level in priority.levels} <= shown


def test_the_demo_finds_what_was_planted_and_nothing_else(run: RunResult, story: Story) -> None:
    found = sorted((one.time.replace(microsecond=0), one.analytic_uid) for one in run.findings)
    assert found == [(each.time, each.strategy) for each in story.planted]


def test_the_demo_reads_every_event_once(run: RunResult, story: Story) -> None:
    assert run.summary["events"]["total"] == story.events
    assert run.summary["quarantined"]["count"] == 0
    assert run.summary["duplicates"] > 0


def test_the_demos_ordinary_day_is_tempting(run: RunResult) -> None:
    assert set(run.summary["findings"]["filtered"]["by_filter"]) >= {"access_review", "pods_of_reported_workloads"}


def test_the_reference_page_of_the_packaged_strategies_is_up_to_date() -> None:
    page = strategies_page(one.strategy for one in PARSED)
    check_golden(Path("strategies.md"), page, folder=Path(__file__).parents[2] / "docs" / "reference")


def _playbooks() -> Iterator[Path]:
    return content.folder("playbooks").glob("*.md")


def _book(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The questions, evidence and steps of a shared playbook, from its blocks."""
    found: dict[str, list[dict[str, Any]]] = {}
    for fence in outline(path.read_text(encoding="utf-8")).fences:
        located = read(fence.text, line=fence.line)
        assert located.flaws == (), path.name
        found |= located.value
    return found


def test_every_playbook_that_a_strategy_uses_exists_and_is_used() -> None:
    used = {one.strategy.playbook.use for one in PARSED if one.strategy.playbook}
    assert used == {path.stem for path in _playbooks()}


@pytest.mark.parametrize("path", sorted(_playbooks()), ids=lambda path: path.stem)
def test_a_playbook_keeps_evidence_before_it_contains(path: Path) -> None:
    book = _book(path)
    kept = {item["id"] for item in book["evidence"]}
    first, *rest = book["steps"]
    assert set(first["evidence"]) == kept
    for step in rest:
        assert set(step["evidence"]) <= kept
        assert step["verify"]
        assert step["blast_radius"]
        assert step["reversible"] is False or (step["do"] and ("undo" in step or step["blast_radius"] == "none"))


@pytest.mark.parametrize("parsed", PARSED, ids=IDS)
def test_a_strategys_own_steps_need_evidence_that_it_or_its_playbook_keeps(parsed: Parsed) -> None:
    own = parsed.strategy.playbook
    assert own is not None
    shared = _book(content.folder("playbooks") / f"{own.use}.md")
    kept = {item["id"] for item in (*shared["evidence"], *own.evidence)}
    assert all(set(step["evidence"]) <= kept for step in own.steps)


def _queries() -> Iterator[tuple[str, str]]:
    for one in PARSED:
        for question in one.strategy.playbook.questions if one.strategy.playbook else ():
            if "sql" in question:
                yield f"{one.strategy.id}: {question['ask']}", question["sql"]
    for path in sorted(_playbooks()):
        for question in _book(path)["questions"]:
            yield f"{path.stem}: {question['ask']}", question["sql"]


@pytest.mark.parametrize("sql", [pytest.param(sql, id=name) for name, sql in _queries()])
def test_every_triage_query_runs_on_events(sql: str) -> None:
    values = {"time": "2026-03-12T13:00:00Z", "gap_start": "2026-03-12T13:00:00Z", "gap_end": "2026-03-12T14:00:00Z"}
    asked = {name: values.get(name, "example") for name in re.findall(r"\$([a-z_]+)", sql.replace("'$.", "'"))}
    for name in values:
        sql = re.sub(rf"\${name}\b", f"${name}::TIMESTAMPTZ", sql)
    connection = duckdb.connect()
    connection.register("events", EVENTS_SCHEMA.empty_table())
    assert connection.execute(sql, asked).fetchall() is not None
