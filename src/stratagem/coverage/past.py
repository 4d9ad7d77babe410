"""A workspace as it was: the commit that was live at a moment, read from git without touching the user's tree."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from stratagem.coverage.model import Revision
from stratagem.errors import UsageError

_FILE_MODES = (b"100644", b"100755")
"""Links and submodules are left out: they may lead anywhere."""


PARTS = ("strategies", "overlays", "context", "bases", "baselines")
"""What of a workspace decides on coverage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A workspace as it was, in a folder of its own."""

    commit: Revision
    source: Path
    """The folder of the user's that strategies came from."""
    strategies: Path
    """What it became."""

    def of(self, files: Mapping[str, str]) -> dict[str, Revision]:
        """For each name of a restored file: the last commit that touched it."""
        base = self.strategies
        paths = {
            name: Path(file).relative_to(base).as_posix() for name, file in files.items() if base in Path(file).parents
        }
        found = last_changes(self.source, self.commit.commit, tuple(paths.values()))
        return {name: found[path] for name, path in paths.items() if path in found}


def restore(root: Path | None, strategies: Path | None, moment: datetime, home: Path) -> Restored:
    """Write the workspace `root`, or the folder `strategies` in place of its own, as it was at a moment.

    Raises UsageError where git does not know.
    """
    folder = strategies or root
    if folder is None:
        raise UsageError(
            "what was live in the past is read from a workspace's git repository, and this is no workspace. "
            "Name one: stratagem -C DIR coverage --as-of DATE"
        )
    commit = live_at(folder, moment)
    if root is not None:
        own = commit if folder == root else live_at(root, moment)
        write_tree(root, own.commit, home, PARTS if strategies is None else PARTS[1:])
    if strategies is not None and not write_tree(strategies, commit.commit, home / PARTS[0], ()):
        raise UsageError(f"commit {commit.commit[:12]}, live on {moment:%Y-%m-%d}, has nothing in {strategies}.")
    return Restored(commit=commit, source=folder, strategies=home / PARTS[0] if strategies is not None else home)


def live_at(folder: Path, moment: datetime) -> Revision:
    """The last commit of the checked-out branch before the moment, by when it got there (merges count as a whole).

    Raises UsageError outside a git repository, and where the repository is younger than that.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder, so there is no commit to look for.")
    inside = _git(folder, "rev-parse", "--is-inside-work-tree", check=False)
    if inside.strip() != b"true":
        raise UsageError(
            f"{folder} is in no git repository, so what was live on {moment:%Y-%m-%d} is not known. "
            "Leave out --as-of, or keep the workspace in git."
        )
    before = f"--before={moment.isoformat()}"
    commit = _git(folder, "rev-list", "-1", "--first-parent", before, "HEAD", check=False).decode().strip()
    if not commit:
        raise UsageError(f"the git repository of {folder} has no commit before {moment:%Y-%m-%d %H:%M} UTC.")
    return Revision(commit=commit, time=_time(folder, commit))


def write_tree(folder: Path, commit: str, into: Path, parts: Sequence[str]) -> tuple[str, ...]:
    """Write `parts` (names below `folder`; none: everything) as they were in a commit; the paths written."""
    files = dict(_listed(folder, commit, parts))
    if not files:
        return ()
    texts = _contents(folder, list(files.values()))
    for path, text in zip(files, texts, strict=True):
        place = into / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    return tuple(files)


def last_changes(folder: Path, commit: str, paths: Sequence[str]) -> dict[str, Revision]:
    """For each path below `folder`: the last commit, up to `commit`, that touched it."""
    wanted = set(paths)
    found: dict[str, Revision] = {}
    said = _git(folder, "log", "--format=%x00%H %cI", "--name-only", "--relative", commit, "--", ".")
    for entry in said.decode("utf-8", "replace").split("\0")[1:]:
        head, *names = entry.splitlines()
        name, _, time = head.partition(" ")
        for path in names:
            if path in wanted and path not in found:
                found[path] = Revision(commit=name, time=datetime.fromisoformat(time).astimezone(UTC))
    return found


def _time(folder: Path, commit: str) -> datetime:
    said = _git(folder, "show", "-s", "--format=%cI", commit).decode().strip()
    return datetime.fromisoformat(said).astimezone(UTC)


def _listed(folder: Path, commit: str, parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Path and object id of each plain file, paths from `folder` on."""
    said = _git(folder, "ls-tree", "-r", "-z", commit, *(["--", *parts] if parts else []))
    for entry in filter(None, said.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, _, name = facts.split(b" ")
        if mode in _FILE_MODES:
            yield path.decode("utf-8", "surrogateescape"), name.decode()


def _contents(folder: Path, names: Sequence[str]) -> Iterator[bytes]:
    """The bytes of objects, in order. `cat-file --batch` answers `<id> blob <size>`, the bytes, a line end."""
    said = _git(folder, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    at = 0
    for _ in names:
        end = said.index(b"\n", at)
        size = int(said[at:end].rsplit(b" ", 1)[1])
        yield said[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _git(folder: Path, *words: str, given: bytes = b"", check: bool = True) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "-c", "core.quotePath=false", *words],
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed, and what was live in the past is read from it.") from None
    if check and done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"git {words[0]} failed in {folder}: {said[-1] if said else done.returncode}")
    return done.stdout
