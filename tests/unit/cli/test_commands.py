"""The commands around `run`, as shells: what they print and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import stratagem
from stratagem.errors import Problem, Severity
from stratagem.rules.explain import Step
from tests.unit.cli.fake import FakeWorkspace

Call = Callable[..., Any]
WARNING = Problem(
    code="L-ADS-05",
    severity=Severity.WARNING,
    file="a.md",
    line=7,
    column=3,
    message="vague: \x1b[2J",
    fix="Say how much.",
)
ERROR = Problem(code="L-ADS-01", severity=Severity.ERROR, file="a.md", message="no Goal")


def _result(**changes: Any) -> SimpleNamespace:
    values = {"strategy": "s", "scenario": "a root sign-in", "expect": "finding", "passed": True, "reason": ""}
    return SimpleNamespace(**{**values, "file": "s.md", "line": 4, **changes})


@pytest.mark.parametrize(("problems", "code"), [((), 0), ((WARNING,), 0), ((WARNING, ERROR), 1)])
def test_lint_fails_for_errors(call: Call, workspace: FakeWorkspace, problems: Any, code: int) -> None:
    workspace.problems = problems
    assert call("lint").code == code


def test_strict_lint_fails_for_warnings_too(call: Call, workspace: FakeWorkspace) -> None:
    workspace.problems = (WARNING,)
    assert call("lint", "--strict").code == 1


def test_lint_prints_problems_as_compilers_do(call: Call, workspace: FakeWorkspace) -> None:
    workspace.problems = (WARNING, ERROR)
    done = call("lint", "--format", "table")
    assert done.out.splitlines() == [
        "a.md:7:3: warning: vague: \\x1b[2J [L-ADS-05]",
        "    Say how much.",
        "a.md: error: no Goal [L-ADS-01]",
    ]
    assert done.err == "1 error, 1 warning, 0 infos\n"


def test_lint_into_a_pipe_is_one_problem_a_line(call: Call, workspace: FakeWorkspace) -> None:
    workspace.problems = (WARNING,)
    (row,) = [json.loads(line) for line in call("lint").out.splitlines()]
    assert row["severity"] == "warning"
    assert row["message"] == WARNING.message


def test_a_failed_scenario_fails_the_test_command_and_is_told_with_its_place(
    call: Call, workspace: FakeWorkspace
) -> None:
    workspace.tests = (_result(), _result(scenario="a near miss", expect="silent", passed=False, reason="fires"))
    done = call("test", "--format", "table")
    assert done.code == 1
    assert done.out.splitlines() == [
        "ok    s: a root sign-in (expect: finding)",
        "FAIL  s: a near miss (expect: silent)",
        "      s.md:4: fires",
    ]
    assert done.err == "2 scenarios: 1 passed, 1 failed\n"


def test_a_test_run_without_a_scenario_is_no_success(call: Call) -> None:
    done = call("test")
    assert (done.code, done.err) == (1, "No scenarios were found: nothing is proven.\n")


def test_explain_prints_a_tree_of_pass_and_fail(call: Call, workspace: FakeWorkspace) -> None:
    leaf = Step(label="eventName is 'StopLogging'", passed=False, reason="got '\x1b[2J'", actual=("'\x1b[2J'",))
    workspace.step = Step(label="A trail was stopped", passed=False, children=(leaf,))
    done = call("explain", "trail_stopped", "{}", "--format", "table", "--rules", "sigma")
    assert done.code == 0
    assert done.out.splitlines() == ["FAIL A trail was stopped", "FAIL   eventName is 'StopLogging': got '\\x1b[2J'"]
    assert workspace.asked["rules"] == Path("sigma")


def test_explain_shows_of_many_records_those_that_fire(call: Call, workspace: FakeWorkspace) -> None:
    branches = tuple(Step(label=f"record {number}", passed=number == 7) for number in range(20))
    workspace.step = Step(label="trail_stopped", passed=True, children=branches)
    done = call("explain", "trail_stopped", "@/dev/null", "--format", "table")
    assert done.out.splitlines() == ["PASS trail_stopped", "PASS   record 7", "... and 19 more records or rules"]


def test_identify_says_what_each_file_holds(call: Call, workspace: FakeWorkspace) -> None:
    workspace.files = (("a.json", {"aws_cloudtrail": 12}, ""), ("b.bin", {}, "binary data, not a log"))
    rows = [json.loads(line) for line in call("identify", "logs").out.splitlines()]
    assert rows == [
        {"file": "a.json", "sources": {"aws_cloudtrail": 12}, "reason": ""},
        {"file": "b.bin", "sources": {}, "reason": "binary data, not a log"},
    ]
    assert "aws_cloudtrail 12" in call("identify", "logs", "--format", "table").out


def test_sources_lists_describes_and_names_fields(call: Call) -> None:
    assert '"id":"aws_cloudtrail"' in call("sources").out
    assert "how to enable" in call("sources", "aws_cloudtrail").out
    assert '"field":"eventName"' in call("sources", "fields", "aws_cloudtrail").out


def test_an_unknown_source_is_an_error_that_lists_the_known_ones(call: Call) -> None:
    done = call("sources", "aws_cloudtrial")
    assert done.code == 3
    assert "aws_cloudtrail" in done.err


def test_import_writes_the_draft_and_tells_what_is_missing(call: Call) -> None:
    done = call("import", "report.md")
    assert (done.code, done.out, done.err) == (0, "# Draft\n", "the goal is missing\n")


def test_import_into_a_folder_names_the_file_and_never_overwrites(call: Call) -> None:
    assert call("import", "report.md", "--output", ".").code == 0
    assert Path("report.md").read_text(encoding="utf-8") == "# Draft\n"
    assert call("import", "report.md", "--output", ".").code == 3


def test_new_wants_area_and_name(call: Call) -> None:
    assert call("new", "aws/root_login").out == "strategies/aws/root_login.md\n"
    assert "Write it like aws/root_console_login" in call("new", "root_login").err


def test_attack_show_knows_both_versions(call: Call) -> None:
    rows = [json.loads(line) for line in call("attack", "show", "t1526").out.splitlines()]
    assert [row["version"] for row in rows] == ["18.1", "19"]
    assert call("attack", "show", "T9999").code == 3


def test_settings_show_value_and_place(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATAGEM_FAIL_ON", "high")
    rows = {row["setting"]: row for row in map(json.loads, call("settings").out.splitlines())}
    assert (rows["fail_on"]["value"], rows["fail_on"]["from"]) == ("high", "STRATAGEM_FAIL_ON")


def test_without_a_command_the_help_is_shown_and_the_code_is_3(call: Call) -> None:
    done = call()
    assert done.code == 3
    assert done.err.startswith("Usage: stratagem")


def test_a_misspelt_variable_is_noted(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATAGEM_FAIL_ONN", "high")
    assert "Did you mean STRATAGEM_FAIL_ON?" in call("sources").err


@pytest.mark.parametrize("program", [["-m", "stratagem"], ["-c", "from stratagem.cli import main; main()"]])
def test_the_program_says_its_version(program: list[str]) -> None:
    done = subprocess.run([sys.executable, *program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"stratagem {stratagem.__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_can_be_shown(shell: str) -> None:
    environment = {"_STRATAGEM_COMPLETE": f"source_{shell}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-m", "stratagem"], capture_output=True, text=True, env=environment)
    assert done.returncode == 0
    assert "_STRATAGEM_COMPLETE" in done.stdout


def test_completion_offers_sources() -> None:
    environment = {
        "_STRATAGEM_COMPLETE": "complete_bash",
        "COMP_WORDS": "stratagem run logs --source aws_clo",
        "COMP_CWORD": "4",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run([sys.executable, "-m", "stratagem"], capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["aws_cloudtrail"]
