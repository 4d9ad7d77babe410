"""`stratagem run` as a shell: what it asks of the workspace, where text goes, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stratagem.detect.model import Location
from stratagem.detect.tally import Quarantined
from stratagem.errors import ContentError, Problem, Severity
from stratagem.settings import Settings
from tests.unit.cli import samples
from tests.unit.cli.fake import FakeWorkspace

Call = Callable[..., Any]
REJECTED = {"file": "x.yml", "line": 1, "title": "X", "id": None, "construct": "modifier", "reason": "no 'foo'"}


def test_the_command_asks_the_workspace_in_the_same_words(call: Call, workspace: FakeWorkspace) -> None:
    call(
        "run", "logs", "-", "--rules", "sigma", "--source", "aws_cloudtrail", "--from", "2026-11-20", "--format", "csv"
    )
    assert workspace.asked == {
        "paths": ["logs", "-"],
        "strategies": None,
        "rules": Path("sigma"),
        "source": "aws_cloudtrail",
        "start": datetime(2026, 11, 20, tzinfo=UTC),
        "end": None,
        "lake": None,
        "horizon": None,
        "strict": False,
        "workers": None,
        "progress": None,
        "detail": True,
        "as_of": None,
        "learn_until": None,
    }


def test_the_times_of_correlations_and_baselines_are_read_like_the_others(call: Call, workspace: FakeWorkspace) -> None:
    call("run", "logs", "--learn-until", "2026-11-10", "--as-of", "2026-11-20T12:00+02:00")
    assert workspace.asked["learn_until"] == datetime(2026, 11, 10, tzinfo=UTC)
    assert workspace.asked["as_of"] == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_findings_go_to_standard_output_and_the_summary_to_standard_error(call: Call) -> None:
    done = call("run", "logs", "--format", "csv")
    assert done.code == 0
    assert done.out.startswith("time,level,title")
    assert "1,200 events (aws_cloudtrail 1,000, kubernetes_audit 200)" in done.err
    assert "2 quarantined: not JSON (2)" in done.err


def test_what_could_not_be_used_is_told_by_place(call: Call, workspace: FakeWorkspace) -> None:
    workspace.summary = samples.summary(rules={"loaded": 1, "rejected": [REJECTED] * 7})
    workspace.quarantined = [Quarantined(location=Location(file="a.json", offset=12), reason="not JSON")]
    err = call("run", "logs", "--format", "csv").err
    assert err.count("x.yml:1: rejected: modifier: no 'foo'") == 5
    assert "... and 2 more rejected rules. See them all with --summary FILE." in err
    assert "a.json:12: quarantined: not JSON" in err


def test_quiet_leaves_standard_error_empty(call: Call) -> None:
    assert call("run", "logs", "--format", "table", "-q").err == ""


def test_a_table_ends_with_commands_that_explain_the_first_finding(call: Call) -> None:
    done = call("run", "logs", "--format", "table")
    assert "stratagem explain aws_root_console_login logs/trail.json:0:3" in done.err
    assert "strategies/aws/aws_root_console_login.md" in done.err


def test_the_suggested_explanation_looks_in_the_same_folders(call: Call) -> None:
    done = call("run", "logs", "--format", "table", "--rules", "my rules")
    assert "logs/trail.json:0:3 --rules 'my rules'" in done.err


@pytest.mark.parametrize(("level", "code"), [("critical", 0), ("high", 1), ("low", 1)])
def test_fail_on_ends_with_1_at_that_level_and_above(call: Call, level: str, code: int) -> None:
    assert call("run", "logs", "--format", "csv", "--fail-on", level).code == code


@pytest.mark.parametrize(
    "changes",
    [{"quarantined": {"count": 0, "reasons": {}}, "rules": {"loaded": 1, "rejected": [REJECTED]}}, {}],
)
def test_strict_ends_with_2_for_what_could_not_be_used(call: Call, workspace: FakeWorkspace, changes: Any) -> None:
    workspace.summary = samples.summary(**changes)
    assert call("run", "logs", "--format", "csv").code == 0
    assert call("run", "logs", "--format", "csv", "--strict", "--fail-on", "low").code == 2


def test_output_and_summary_are_files(call: Call, workspace: FakeWorkspace) -> None:
    done = call("run", "logs", "--output", "findings.csv", "--summary", "summary.json")
    assert done.out == ""
    assert Path("findings.csv").read_text(encoding="utf-8").startswith("time,level")
    assert json.loads(Path("summary.json").read_text(encoding="utf-8")) == workspace.summary


def test_nothing_recognised_is_said_with_the_command_that_tells_why(call: Call, workspace: FakeWorkspace) -> None:
    workspace.summary, workspace.findings = samples.summary(events={"total": 0, "by_source": {}}), ()
    assert "No events were recognised. See why: stratagem identify" in call("run", "logs", "--format", "csv").err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "Missing argument"),
        (["run", "logs", "--wrong"], "No such option"),
        (["runn"], "Did you mean 'run'?"),
        (["run", "logs", "--format", "xml"], "--format: 'xml' does not work for format. Give one of table"),
        (["run", "logs", "--workers", "0"], "a whole number from 1 up"),
        (["run", "logs", "--from", "soon"], "is not a time"),
        (["-C", "nowhere", "run", "logs"], "stratagem init nowhere"),
    ],
)
def test_wrong_usage_ends_with_3_and_says_what_would_do(call: Call, arguments: list[str], says: str) -> None:
    done = call(*arguments)
    assert done.code == 3
    assert says in done.err
    assert done.out == ""


def test_content_that_cannot_load_ends_with_2_and_names_every_problem(
    call: Call, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = [Problem(code="X", severity=Severity.ERROR, file=f"{name}.md", message="broken") for name in "ab"]

    def fail(*_: Any, **__: Any) -> None:
        raise ContentError(problems)

    monkeypatch.setattr(workspace, "run", fail)
    done = call("run", "logs")
    assert done.code == 2
    assert done.err.splitlines() == ["a.md: X: broken", "b.md: X: broken"]


def test_an_interrupt_ends_with_130(call: Call, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workspace, "run", interrupt)
    done = call("run", "logs")
    assert (done.code, done.err) == (130, "Interrupted.\n")


def test_an_error_nobody_foresaw_keeps_its_traceback(
    call: Call, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "run", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call("run", "logs")


def test_the_workspace_file_sets_what_no_flag_says(call: Call, workspace: FakeWorkspace) -> None:
    Path("stratagem.toml").write_text('fail_on = "low"\nrules = "sigma"\n', encoding="utf-8")
    assert call("run", "logs", "--format", "csv").code == 1
    assert workspace.asked["rules"] == Path.cwd() / "sigma"


def test_every_setting_for_a_run_is_a_flag_of_it(call: Call) -> None:
    text = call("run", "--help").out
    others = ("origins", "owner", "attack_version", "emulations")
    for name in (name for name in Settings.__slots__ if name not in others and not name.startswith("lab_")):
        assert "--" + name.replace("_", "-") in text
