"""The reference page of what each source fills, found out by sending its examples through its projection."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stratagem.detect.compile import Plan
from stratagem.detect.run import run
from stratagem.engines.local import Job
from stratagem.events.columns import COLUMNS
from stratagem.ingest.files import expand
from stratagem.lake.store import Lake
from stratagem.sources import SOURCES

CLASSES = {
    1007: "Process Activity",
    2002: "Vulnerability Finding",
    2004: "Detection Finding",
    3001: "Account Change",
    3002: "Authentication",
    3004: "Entity Management",
    3006: "Group Management",
    4001: "Network Activity",
    4002: "HTTP Activity",
    4003: "DNS Activity",
    6002: "Application Lifecycle",
    6003: "API Activity",
}
"""OCSF's names (https://schema.ocsf.io/1.6.0/classes, read 2026-11-24)."""
TOLD = tuple(
    column.path for column in COLUMNS if column.given_by != "ingest" and column.path not in ("day", "ingest_time")
)
HEAD = """# What each source fills

<!-- Made from the code by tests/test_docs.py: change the code and run it with STRATAGEM_WRITE_GOLDEN=1. -->

Columns of `events` that the examples of a source fill, by OCSF class; [what each column holds](events.md).
A column that no example fills may still be filled by your records: this is what is shown to work, not a limit.
The numbers count columns, without those that every source fills: {common}.
"""

Filled = Mapping[str, Mapping[int, Mapping[str, int]]]
"""Source -> class -> column -> how many of its events have it; "" counts the events."""


def source_columns() -> str:
    """The whole page."""
    filled = _filled()
    rows = [counts for classes in filled.values() for counts in classes.values()]
    common = [path for path in TOLD if all(counts.get(path) == counts[""] for counts in rows)]
    return "\n".join(_page(filled, common))


def _filled() -> Filled:
    """Each source's examples, read into a lake as a user's logs would be, and looked at there."""
    found: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    with tempfile.TemporaryDirectory(prefix="stratagem-examples-") as home:
        for source_id, source in SOURCES.items():
            for number, example in enumerate(source.examples):
                (Path(home) / f"{source_id}-{number:02}.json").write_bytes(example.raw)
        lake = str(Path(home) / "lake")
        run(Job(plan=Plan(rules=(), routes={}), lake=lake), expand([home]), workers=1)
        for row in Lake(lake).query("SELECT * FROM events ORDER BY source, class_uid, event_uid").to_pylist():
            counts = found[row["source"]][row["class_uid"]]
            counts[""] += 1
            for path in TOLD:
                counts[path] += _is_filled(row, path)
    return found


def _is_filled(row: Any, path: str) -> bool:
    for name in path.split("."):
        row = (row or {}).get(name)
    return row is not None and row != []


def _page(filled: Filled, common: list[str]) -> Iterator[str]:
    classes = sorted({uid for one in filled.values() for uid in one})
    yield HEAD.format(common=", ".join(f"`{path}`" for path in common))
    yield f"| source | {' | '.join(f'{_class(uid)}' for uid in classes)} |"
    yield "|---|" + "--:|" * len(classes)
    for source_id in SOURCES:
        cells = (str(len(_own(filled[source_id][uid], common))) if uid in filled[source_id] else "" for uid in classes)
        yield f"| [`{source_id}`](#{source_id}) | {' | '.join(cells)} |"
    yield ""
    for source_id in SOURCES:
        yield from _source(source_id, filled[source_id], common)


def _source(source_id: str, classes: Mapping[int, Mapping[str, int]], common: list[str]) -> Iterator[str]:
    yield from (f"## {source_id}", "", "| class | in every example | in some |", "|---|---|---|")
    for uid, counts in sorted(classes.items()):
        own = _own(counts, common)
        every = [path for path in own if counts[path] == counts[""]]
        yield f"| {_class(uid)} | {_listed(every)} | {_listed([path for path in own if path not in every])} |"
    yield ""


def _class(uid: int) -> str:
    return f"{CLASSES.get(uid, 'class')} {uid}"


def _own(counts: Mapping[str, int], common: list[str]) -> list[str]:
    return [path for path in TOLD if counts[path] and path not in common]


def _listed(paths: list[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
