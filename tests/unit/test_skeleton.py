"""A new workspace."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from stratagem.context.lists import load_lists
from stratagem.errors import UsageError
from stratagem.settings import SETTINGS, Settings, find_workspace, load
from stratagem.skeleton import lay_out


def test_a_new_workspace_is_found_and_changes_no_setting(tmp_path: Path) -> None:
    lay_out(tmp_path)
    assert find_workspace(tmp_path / "strategies") == tmp_path
    assert load(environ={}, workspace=tmp_path) == Settings()


def test_every_setting_is_in_the_file_and_valid_once_uncommented(tmp_path: Path) -> None:
    lay_out(tmp_path)
    text = (tmp_path / "stratagem.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ") and " = " in line]
    assert set(tomllib.loads("\n".join(lines))) == {setting.name for setting in SETTINGS}
    (tmp_path / "stratagem.toml").write_text("\n".join(lines), encoding="utf-8")
    load(environ={}, workspace=tmp_path)


def test_the_example_list_loads(tmp_path: Path) -> None:
    lay_out(tmp_path)
    (entry,) = load_lists(tmp_path / "context" / "lists")["example_registries"]
    assert entry.value == "registry.example.com/*"


def test_nothing_is_overwritten_and_nothing_is_left_half_done(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"README\.md exists and is left as it is"):
        lay_out(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["README.md"]
