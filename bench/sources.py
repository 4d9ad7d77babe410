"""Each source by itself: `python -m bench.sources [--size MB] [--source ID ...]`.

A source's own examples, brought to their canonical shape, are multiplied with ids and times of their own into lines of
one file. That file is scanned with twenty rules, and normalised into a lake, by one process and by two. Every count is
checked: events, copies, and the matches of records that were marked.
"""

from __future__ import annotations

import argparse
import copy
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from bench import machine
from bench.data import FIRST_DAY, MB
from bench.report import table
from stratagem.ingest.files import expand
from stratagem.quiet.sample import sample
from stratagem.rules.load import load_text
from stratagem.rules.model import Rule
from stratagem.rules.routing import takes
from stratagem.sources import SOURCES
from stratagem.sources._contract import AS_IT_IS, Native, Source
from stratagem.sources._json import encode
from stratagem.strategy.scenario import move
from stratagem.window import Window

RULES = 20
MARK, NEEDLE = "bench_mark", "needle-in-the-log"
MARKED = 997
"""Every so many records are marked, and found by one of the rules."""
KINDS = ("rules", "lake")
WORKERS = (1, 2)


class WrongCount(Exception):
    """A run that did not account for what it was given. Its time means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file of one source's records, and what a run over it has to count."""

    source: str
    path: str
    bytes: int
    records: int
    events: int
    """Different ones; the rest are copies."""
    matches: int


def natives(source_id: str) -> list[Native]:
    """The canonical records of a source's examples."""
    with tempfile.TemporaryDirectory() as home:
        for number, example in enumerate(SOURCES[source_id].examples):
            (Path(home) / f"{number:03}.json").write_bytes(example.raw)
        return sample(expand([home]), {source_id}, Window()).natives(source_id)


def multiplied(source_id: str, base: Sequence[Native]) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Records without end, each with its JSON text: the base records in turn, a second later each time."""
    source = SOURCES[source_id]
    path = _id_path(source, base)
    number = 0
    while True:
        for native in base:
            record: dict[str, Any] = copy.deepcopy(dict(native))
            move(record, source, FIRST_DAY + timedelta(seconds=number))
            if path:
                _put(record, path, str(UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4)))
            if number % MARKED == 0:
                record[MARK] = NEEDLE
            yield encode(record), record
            number += 1


def _id_path(source: Source, base: Sequence[Native]) -> str | None:
    """The field that can be given any text: of the id, and of nothing by which the source knows its records."""
    taken = {*source.dispatch, *source.shape, *source.time_fields}
    for path in source.uid_fields:
        if path not in taken and all(isinstance(_at(native, path), str) for native in base):
            changed = [copy.deepcopy(dict(native)) for native in base]
            for record in changed:
                _put(record, path, str(UUID(int=0)))
            if all(source.recognise(record) and source.is_canonical(record) for record in changed):
                return path
    return None


def _at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record.get(name) if isinstance(record, Mapping) else None
    return record


def _put(record: dict[str, Any], path: str, value: str) -> None:
    *parents, last = path.split(".")
    here = record
    for name in parents:
        here = here[name]
    here[last] = value


def rule_texts(source_id: str, base: Sequence[Native]) -> list[str]:
    """Twenty rules: one finds the marked records, six name an operation that occurs, thirteen one that does not."""
    source = SOURCES[source_id]
    offered = next((one for one in source.logsources if one.only is None), source.logsources[0])
    logsource = {key: getattr(offered, key) for key in ("product", "service", "category") if getattr(offered, key)}
    field = source.dispatch[0]
    seen = [value for native in base if isinstance(value := _at(native, field), str) and value] or ["seen-nowhere"]
    detections: list[Mapping[str, Any]] = [{"selection": {MARK: NEEDLE}}]
    for number in range(1, RULES):
        if number <= 6:
            detections.append({"selection": {field: _literal(seen[number % len(seen)]), MARK: f"other-{number}"}})
        else:
            detections.append({"selection": {field: [f"absent-{number}", f"missing-{number}"]}})
    return [
        json.dumps(
            {
                "title": f"Made rule {number}",
                "id": str(UUID(int=number)),
                "logsource": logsource,
                "detection": {**detection, "condition": "selection"},
                "level": "low",
            }
        )
        for number, detection in enumerate(detections)
    ]


def _literal(text: str) -> str:
    """Text as Sigma writes it where nothing in it is a wildcard."""
    return "".join(f"\\{letter}" if letter in "\\*?" else letter for letter in text)


def make(source_id: str, base: Sequence[Native], size: int, folder: Path) -> Made:
    """At least `size` bytes of a source's records as lines of a file."""
    source = SOURCES[source_id]
    marks = [] if source.ocsf == AS_IT_IS else [_loaded(rule_texts(source_id, base)[0])]
    path = folder / f"{source_id}.jsonl"
    taken = records = 0
    ids: set[str | bytes] = set()
    matched: set[str | bytes] = set()
    with path.open("wb") as file:
        for line, record in multiplied(source_id, base):
            taken += file.write(line + b"\n")
            records += 1
            uid = source.uid(record) or line
            ids.add(uid)
            if MARK in record and marks and takes(source.logsources, marks[0].logsource, record):
                matched.add(uid)
            if taken >= size:
                break
    return Made(source=source_id, path=str(path), bytes=taken, records=records, events=len(ids), matches=len(matched))


def _loaded(text: str) -> Rule:
    (rule,) = load_text(text, file="made.yml").rules
    return rule


def measure(made: Made, kind: str, workers: int, folder: Path) -> float:
    """Seconds of one run, in this process. Raises WrongCount."""
    from stratagem.detect.compile import Plan, compile
    from stratagem.detect.run import run
    from stratagem.engines.local import Job

    is_lake = kind == "lake"
    texts = rule_texts(made.source, natives(made.source))
    plan = Plan(rules=(), routes={}) if is_lake else compile(map(_loaded, texts), [], SOURCES)
    job = Job(plan=plan, lake=str(folder / "lake") if is_lake else None, detail=False)
    if not is_lake:
        _warm_up(job, made, folder)
    begun = time.perf_counter()
    result = run(job, expand([made.path]), workers=workers)
    found = len(result.findings)
    seconds = time.perf_counter() - begun
    _check(made, result.summary, None if is_lake else found)
    if is_lake:
        from stratagem.lake.store import Lake

        rows = Lake(str(folder / "lake")).query("SELECT count(*) AS rows FROM copies")["rows"][0].as_py()
        if rows != made.records:
            raise WrongCount(f"the lake has {rows:,} rows of {made.records:,} records")
    return seconds


def _warm_up(job: Any, made: Made, folder: Path) -> None:
    """Import and compile what a run of rules needs. A lake would start threads, and workers are then started anew."""
    from stratagem.detect.run import run

    few = folder / "few.jsonl"
    with Path(made.path).open("rb") as file:
        few.write_bytes(b"".join(islice(file, 2000)))
    list(run(job, expand([str(few)]), workers=1).findings)


def _check(made: Made, summary: Mapping[str, Any], found: int | None) -> None:
    told = {
        "records": summary["records"],
        "events": summary["events"]["by_source"].get(made.source, 0),
        "copies": summary["duplicates"],
        "quarantined": summary["quarantined"]["count"],
        "not in the lake": sum(summary.get("not_in_lake", {}).values()),
    }
    wanted = {
        "records": made.records,
        "events": made.events,
        "copies": made.records - made.events,
        "quarantined": 0,
        "not in the lake": 0,
    }
    if found is not None:
        told["matches"], wanted["matches"] = found, made.matches
    wrong = [f"{name} {told[name]:,}, not {count:,}" for name, count in wanted.items() if told[name] != count]
    if wrong:
        raise WrongCount("; ".join(wrong))


def measured(made: Made, kind: str, workers: int) -> float | str:
    """Events a second, in a process of its own; or what went wrong."""
    asked = json.dumps({"made": asdict(made), "kind": kind, "workers": workers})
    done = subprocess.run(
        [sys.executable, "-m", "bench.sources", "--measure", asked], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return lines[-1] if lines else f"code {done.returncode}"
    return made.records / float(done.stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a Markdown table; 1 where a count was wrong."""
    options = _parser().parse_args(arguments)
    if options.measure:
        asked = json.loads(options.measure)
        with tempfile.TemporaryDirectory() as home:
            print(measure(Made(**asked["made"]), asked["kind"], asked["workers"], Path(home)))
        return 0
    rows: list[tuple[str, ...]] = []
    wrong: list[str] = []
    for source_id in options.source or SOURCES.ids:
        rows.append(_row(source_id, options.size * MB, wrong))
        print(" ".join(rows[-1]), file=sys.stderr, flush=True)
    about = machine.describe()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {about['cores']} cores, {about['model']}, Python {about['python']}; events/s.\n"
    )
    head = ("source", "bytes/event", "rules, 1", "rules, 2", "lake, 1", "lake, 2")
    print("\n".join(table(head, rows)))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


def _row(source_id: str, size: int, wrong: list[str]) -> tuple[str, ...]:
    base = natives(source_id)
    with tempfile.TemporaryDirectory() as home:
        made = make(source_id, base, size, Path(home))
        cells = []
        for kind in KINDS:
            for workers in WORKERS:
                if kind == "rules" and SOURCES[source_id].ocsf == AS_IT_IS:
                    cells.append("-")  # Its rules are on columns, and are measured with the lake.
                    continue
                rate = measured(made, kind, workers)
                if isinstance(rate, str):
                    wrong.append(f"{source_id}, {kind}, {workers}: {rate}")
                cells.append("wrong" if isinstance(rate, str) else f"{rate:,.0f}")
    return (source_id, f"{made.bytes / made.records:,.0f}", *cells)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.sources", description="Measure each source by itself.")
    parser.add_argument("--size", type=int, default=30, metavar="MB", help="of each source's file (default 30)")
    parser.add_argument("--source", action="append", choices=SOURCES.ids, metavar="ID", help="only this; repeatable")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
