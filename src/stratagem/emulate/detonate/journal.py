"""A run's record on disk: appended and synchronised before each step, so that a crash loses nothing that was made.

A run is a folder; `record.jsonl` in it is what happened, a line an entry.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stratagem.errors import UsageError

RECORD = "record.jsonl"
COLD, WARM, DETONATED, REVERTED, CLEAN, FAILED = "cold", "warm", "detonated", "reverted", "clean", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something made and not yet removed."""

    number: int
    name: str
    remove: str
    find: str


@dataclass(frozen=True, slots=True)
class Journal:
    """The record of one run. What it says is read from disk each time: another process may have gone on with it."""

    folder: Path

    @property
    def run(self) -> str:
        """The run's id, which is its marker."""
        return self.folder.name

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry in order. A line that a crash cut off is left out."""
        for line in (self.folder / RECORD).read_text(encoding="utf-8").splitlines():
            with suppress(json.JSONDecodeError):
                yield json.loads(line)

    def append(self, what: str, **said: Any) -> None:
        """Write an entry, and be sure that the disk has it."""
        entry = {"what": what, "time": datetime.now(UTC).isoformat(timespec="milliseconds"), **said}
        file = self.folder / RECORD
        cut = file.exists() and file.stat().st_size and not file.read_bytes().endswith(b"\n")
        with file.open("a", encoding="utf-8") as stream:
            stream.write(("\n" if cut else "") + json.dumps(entry) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    @property
    def head(self) -> Mapping[str, Any]:
        """The first entry: technique, kind, target, and what was given."""
        return next(self.entries())

    @property
    def state(self) -> str:
        """cold, warm, detonated, reverted, clean or failed."""
        return next((e["state"] for e in reversed(list(self.entries())) if e["what"] == "state"), COLD)

    def must_warm_up(self) -> bool:
        """Does a detonation have to warm it up first. Raises UsageError for a run that cannot be detonated now."""
        state = self.state
        if state in (CLEAN, DETONATED):
            raise UsageError(f"run {self.run} is {state}. Begin another one, or revert it: stratagem emulate revert")
        return state not in (WARM, REVERTED)

    def times(self, state: str) -> datetime | None:
        """When the run last came into this state, or for an offline run when the attack happens."""
        found = [e for e in self.entries() if e["what"] == "state" and e["state"] == state]
        return datetime.fromisoformat(found[-1].get("at") or found[-1]["time"]) if found else None

    def left(self, phases: Sequence[str] = ()) -> tuple[Left, ...]:
        """What was made (in these phases) and is not recorded as removed, the latest first."""
        made: dict[int, Left] = {}
        for entry in self.entries():
            if entry["what"] == "makes" and (not phases or entry["phase"] in phases):
                made[entry["number"]] = Left(
                    number=entry["number"], name=entry["name"], remove=entry["remove"], find=entry["find"]
                )
            elif entry["what"] == "removed":
                made.pop(entry["number"], None)
        return tuple(reversed(made.values()))

    def makes(self, phase: str, name: str, remove: str = "", find: str = "") -> None:
        """Record that something is about to be made."""
        number = 1 + max((e["number"] for e in self.entries() if e["what"] == "makes"), default=0)
        self.append("makes", number=number, phase=phase, name=name, remove=remove, find=find)


def begin(home: Path, technique: str, kind: str, **said: Any) -> Journal:
    """A new run below `home`. Its id is short, and fit for the names of objects in every provider."""
    while True:
        folder = home / f"ads-{secrets.token_hex(4)}"
        if not folder.exists():
            break
    folder.mkdir(parents=True)
    journal = Journal(folder)
    journal.append("run", technique=technique, kind=kind, **said)
    return journal


def find(home: Path, run: str) -> Journal:
    """A run by its id. Raises UsageError and names the runs there are."""
    if "/" not in run and (home / run / RECORD).is_file():
        return Journal(home / run)
    known = ", ".join(one.run for one in runs(home)[-5:]) or "none"
    raise UsageError(f"no run {run!r} in {home}. The latest: {known}.")


def runs(home: Path) -> list[Journal]:
    """Every run below `home`, the oldest first."""
    found = [Journal(file.parent) for file in home.glob(f"*/{RECORD}")] if home.is_dir() else []
    return sorted((one for one in found if any(one.entries())), key=lambda one: str(one.head["time"]))
