"""The verdict log of a workspace: what people said about findings, one JSON object a line, only ever appended to.

Baselines must not learn from recorded incidents: events of findings whose last verdict is `true_positive` do not teach.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stratagem.errors import UsageError

VERDICTS = ("true_positive", "benign_true_positive", "false_positive")


@dataclass(frozen=True, slots=True)
class Incidents:
    """What does not teach: events by `source/uid`, and the events of these findings of the lake."""

    events: frozenset[str] = frozenset()
    findings: frozenset[str] = frozenset()


def read(folder: Path) -> Incidents:
    """The incidents in `folder`'s NDJSON files. Of a finding's verdicts the one with the greatest `at` counts.

    A line has `finding`, `verdict` (one of VERDICTS), `by`, `reason` and `at` (ISO 8601, UTC), and may list `events`
    (`source/uid`): a finding that is not in the lake is known by these alone. Raises UsageError with file and line.
    """
    last: dict[str, dict[str, Any]] = {}
    for entry in _entries(folder):
        other = last.get(entry["finding"])
        if other is None or str(entry["at"]) >= str(other["at"]):
            last[entry["finding"]] = entry
    proven = [entry for entry in last.values() if entry["verdict"] == "true_positive"]
    return Incidents(
        events=frozenset(str(event) for entry in proven for event in entry.get("events") or ()),
        findings=frozenset(entry["finding"] for entry in proven),
    )


def record(
    folder: Path, finding: str, verdict: str, *, by: str, reason: str, at: datetime, events: Sequence[str] = ()
) -> Path:
    """Append a verdict; the file it went to. Raises UsageError for a word that is no verdict."""
    if verdict not in VERDICTS:
        raise UsageError(f"{verdict!r} is no verdict. There are: {', '.join(VERDICTS)}.")
    entry = {"finding": finding, "verdict": verdict, "by": by, "reason": reason, "at": at.isoformat()}
    if events:
        entry["events"] = list(events)  # type: ignore[assignment]
    file = folder / f"{at:%Y-%m}.ndjson"
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return file


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.ndjson")):
        for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if text.strip():
                yield _entry(text, f"{file}:{number}")


def _entry(text: str, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{place}: not JSON: {error}.") from error
    if not isinstance(entry, dict) or any(
        not isinstance(entry.get(name), str) for name in ("finding", "verdict", "at")
    ):
        raise UsageError(f"{place}: a verdict needs the texts `finding`, `verdict` and `at`.")
    if entry["verdict"] not in VERDICTS:
        raise UsageError(f"{place}: {entry['verdict']!r} is no verdict. There are: {', '.join(VERDICTS)}.")
    if not isinstance(entry.get("events") or [], list):
        raise UsageError(f"{place}: `events` is no list.")
    return entry
