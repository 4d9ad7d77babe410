"""What was live at a moment is read from git, and the user's tree stays as it is."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stratagem import content
from stratagem.coverage.model import State
from stratagem.coverage.past import last_changes, live_at, write_tree
from stratagem.errors import UsageError
from stratagem.workspace import Workspace

PAGE = "strategies/kubernetes/secrets_listed_across_namespaces.md"


def git(folder: Path, *words: str, day: str = "2026-01-01") -> str:
    when = f"{day}T12:00:00Z"
    env = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *words], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, day: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", day, day=day)
    return git(folder, "rev-parse", "HEAD")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace below a repository's top: a strategy came on the 10th, became a draft on the 20th, is edited now."""
    top = tmp_path_factory.mktemp("repository")
    git(top, "init", "-q", "-b", "main")
    (top / "README").write_text("ours", encoding="utf-8")
    commit(top, "2026-01-05")
    page = top / "detections" / PAGE
    page.parent.mkdir(parents=True)
    text = (content.folder("strategies") / "kubernetes" / page.name).read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    (top / "detections" / "stratagem.toml").write_text("", encoding="utf-8")
    commit(top, "2026-01-10")
    page.write_text(text.replace("status: live", "status: draft"), encoding="utf-8")
    commit(top, "2026-01-20")
    page.write_text("not yet committed", encoding="utf-8")
    return top / "detections"


def test_the_last_commit_before_the_moment_was_live(repository: Path) -> None:
    assert live_at(repository, at("2026-01-15")).time == at("2026-01-10T12:00")
    assert live_at(repository, at("2026-02-01")).time == at("2026-01-20T12:00")


def test_what_came_with_a_merge_was_live_from_the_merge_on(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "a").write_text("1", encoding="utf-8")
    first = commit(tmp_path, "2026-01-01")
    git(tmp_path, "checkout", "-q", "-b", "side")
    (tmp_path / "a").write_text("2", encoding="utf-8")
    commit(tmp_path, "2026-01-05")
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "side", day="2026-01-10")
    assert live_at(tmp_path, at("2026-01-07")).commit == first
    assert live_at(tmp_path, at("2026-01-11")).time == at("2026-01-10T12:00")


def test_files_are_written_as_they_were_and_links_are_left_out(repository: Path, tmp_path: Path) -> None:
    live = live_at(repository, at("2026-01-15"))
    assert write_tree(repository, live.commit, tmp_path, ("strategies", "overlays")) == (PAGE,)
    assert "status: live" in (tmp_path / PAGE).read_text(encoding="utf-8")
    (repository / "link").symlink_to("/etc/hostname")
    git(repository, "add", "link")
    git(repository, "commit", "-q", "-m", "link", day="2026-01-21")
    written = write_tree(repository, git(repository, "rev-parse", "HEAD"), tmp_path / "new", ())
    assert "link" not in written


def test_each_file_knows_the_last_commit_up_to_then_that_touched_it(repository: Path) -> None:
    live = live_at(repository, at("2026-01-15"))
    assert {path: one.time for path, one in last_changes(repository, live.commit, [PAGE]).items()} == {
        PAGE: at("2026-01-10T12:00")
    }


def test_coverage_as_of_a_day_is_that_of_the_commit_that_was_live(repository: Path) -> None:
    before = (repository / PAGE).read_text(encoding="utf-8")
    then = Workspace(repository).coverage(as_of=at("2026-01-15"))
    later = Workspace(repository).coverage(as_of=at("2026-02-01"))
    assert [cell.state for cell in then.cells] == [State.EARNED]
    assert [cell.why for cell in later.cells] == [("secrets_listed_across_namespaces: it is a draft",)]
    assert then.commit
    assert then.commit.time == at("2026-01-10T12:00")
    assert {name: one.time for name, one in then.changed.items()} == {
        "secrets_listed_across_namespaces": at("2026-01-10T12:00")
    }
    assert (repository / PAGE).read_text(encoding="utf-8") == before == "not yet committed"


def test_a_folder_of_strategies_is_read_as_it_was(repository: Path) -> None:
    found = Workspace().coverage(strategies=repository / "strategies", as_of=at("2026-01-15"))
    assert [cell.state for cell in found.cells] == [State.EARNED]
    assert list(found.changed) == ["secrets_listed_across_namespaces"]


def test_what_git_does_not_know_is_said(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is in no git repository"):
        Workspace(tmp_path).coverage(as_of=at("2026-01-15"))
    with pytest.raises(UsageError, match="no commit before 2025-06-01"):
        Workspace(repository).coverage(as_of=at("2025-06-01"))
    with pytest.raises(UsageError, match="this is no workspace"):
        Workspace().coverage(as_of=at("2026-01-15"))
    with pytest.raises(UsageError, match="has nothing in"):
        Workspace().coverage(strategies=repository / "strategies", as_of=at("2026-01-06"))
