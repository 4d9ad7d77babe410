"""Which files a user means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stratagem.errors import UsageError
from stratagem.ingest.files import expand


def test_a_folder_means_its_files_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.json", "a/c.json", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert [Path(file.name).name for file in expand([str(tmp_path)])] == ["c.json", "b.json"]


def test_a_file_reached_in_two_ways_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "link.json").symlink_to(tmp_path / "a.json")
    assert len(expand([str(tmp_path), str(tmp_path / "*.json")])) == 1


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "a.json").write_text("{}")
    (tmp_path / "inside" / "up").symlink_to(tmp_path)
    assert len(expand([str(tmp_path)])) == 1


def test_a_broken_link_is_a_file_with_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (file,) = expand([str(tmp_path)])
    assert file.problem == "No such file or directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_a_file_with_a_problem(tmp_path: Path) -> None:
    (tmp_path / "shut.json").write_text("{}")
    (tmp_path / "shut.json").chmod(0)
    (file,) = expand([str(tmp_path)])
    assert file.problem == "Permission denied"


def test_a_path_that_is_not_there_says_what_to_check(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        expand([str(tmp_path / "missing")])
