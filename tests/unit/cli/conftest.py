"""The command line, run in this process on a workspace that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stratagem.cli.app import code_of
from stratagem.cli.session import Session
from tests.unit.cli.fake import FakeWorkspace


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeWorkspace:
    """The workspace that every command of the test talks to, in an empty folder."""
    fake = FakeWorkspace()
    monkeypatch.setattr(Session, "workspace", lambda self: fake)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.argv", ["stratagem"])
    return fake


@pytest.fixture
def call(workspace: FakeWorkspace, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run a command line: its exit code, standard output and standard error."""

    def run(*arguments: str) -> Any:
        code = code_of(arguments)
        captured = capsys.readouterr()
        return SimpleNamespace(code=code, out=captured.out, err=captured.err)

    return run
