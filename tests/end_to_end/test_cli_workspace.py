"""The way of an author: a workspace, a new strategy, lint, test; and the demo with what it suggests."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.end_to_end.program import call, rows


def test_a_new_strategy_can_be_linted_and_tested_at_once(tmp_path: Path) -> None:
    assert call("init", "own", cwd=tmp_path).returncode == 0
    own = tmp_path / "own"
    made = call("new", "aws/root_login", cwd=own)
    assert (made.returncode, made.stdout.strip().endswith("strategies/aws/root_login.md")) == (0, True)
    assert call("lint", cwd=own).returncode in (0, 1)
    assert call("test", cwd=own).returncode in (0, 1)
    assert call("new", "aws/root_login", cwd=own).returncode == 3


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    assert call("init", ".", cwd=tmp_path).returncode == 0
    again = call("init", ".", cwd=tmp_path)
    assert again.returncode == 3
    assert "exists and is left as it is" in again.stderr


def test_the_packaged_strategies_prove_themselves(tmp_path: Path) -> None:
    done = call("test", cwd=tmp_path)
    assert done.returncode == 0, [row for row in rows(done) if not row["passed"]]


def test_the_packaged_strategies_pass_lint(tmp_path: Path) -> None:
    done = call("lint", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_demo_finds_its_story_and_suggests_commands_that_work(tmp_path: Path) -> None:
    done = call("demo", "--logs", "logs", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "CRITICAL" in done.stdout or "HIGH" in done.stdout
    suggested = [line[len("  why it fired    ") :] for line in done.stderr.splitlines() if line.startswith("  ")]
    commands = [line for line in suggested if line.startswith("stratagem ")]
    assert len(commands) >= 3
    for command in commands:
        ran = call(*shlex.split(command)[1:], cwd=tmp_path)
        assert ran.returncode == 0, f"{command}\n{ran.stderr}"
