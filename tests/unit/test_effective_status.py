"""A live strategy that nothing proves runs as shadow, and nobody's file is rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratagem import content
from stratagem.workspace import Workspace
from tests.unit.strategy.documents import parsed


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "strategies" / "aws" / "role_assumed.md"
    file.parent.mkdir(parents=True)
    file.write_text(parsed().strategy.text, encoding="utf-8")
    return file


def status(file: Path) -> tuple[str, list[str]]:
    library = Workspace(file.parents[2])._library(None, None)
    (one,) = library.strategies
    return one.status, [problem.message for problem in library.problems if problem.code == "P-STATUS"]


def test_a_proven_strategy_keeps_its_status(page: Path) -> None:
    assert status(page) == ("live", [])


def test_a_live_strategy_that_stops_passing_runs_as_shadow_with_the_reason(page: Path) -> None:
    broken = page.read_text("utf-8").replace("eventName: AssumeRole", "eventName: AssumeNothing")
    page.write_text(broken, encoding="utf-8")
    found, messages = status(page)
    assert found == "shadow"
    assert "runs as shadow: scenario 'the call' fails" in messages[0]
    assert page.read_text("utf-8") == broken


def test_the_proof_is_kept_and_not_done_again(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status(page)
    monkeypatch.setattr("stratagem.strategy.proof.run_tests", lambda *_, **__: pytest.fail("ran again"))
    assert status(page) == ("live", [])


def test_an_overlay_that_loses_a_true_positive_lowers_the_status(page: Path) -> None:
    overlay = page.parents[2] / "overlays" / "role_assumed.yml"
    overlay.parent.mkdir()
    overlay.write_text(
        "filters:\n  - name: everything\n    owner: me\n    reason: quiet\n    ticket: X-1\n    expires: 2027-01-01\n"
        "    detection: {all: {eventName: AssumeRole}, condition: all}\n"
    )
    found, messages = status(page)
    assert found == "shadow"
    assert "filter everything loses a validated true positive" in messages[0]


def test_a_run_tells_it_in_its_summary(page: Path, tmp_path: Path) -> None:
    page.write_text(page.read_text("utf-8").replace("eventName: AssumeRole", "eventName: AssumeNothing"), "utf-8")
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "empty.json").write_text("{}")
    summary = Workspace(page.parents[2]).run([logs]).summary
    assert list(summary["lowered_to_shadow"]) == ["role_assumed"]


def test_packaged_strategies_are_not_proven_at_the_start_of_a_run() -> None:
    packaged = content.folder("strategies")
    workspace = Workspace()
    strategies = [one for one in workspace._library(None, None).strategies if one.status == "live"]
    assert strategies and all(Path(one.file).is_relative_to(packaged) for one in strategies)
    assert workspace._unproven(strategies) == {}
