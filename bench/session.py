"""One run of the benchmark: make the inputs, run the cases, compare the matches, judge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bench import cases, contenders, data, machine, matches, rounds, rules, targets
from bench.corpus import Record, cloudtrail_records, whole_records
from bench.rounds import Say
from stratagem.errors import UsageError

SMALL_EVENTS = 200
LARGE = 4
"""How many times the input the large one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the user asked for."""

    corpus: Path
    rules: Path
    home: Path
    """Where inputs are kept."""
    size: int
    rounds: int
    seed: int = 1
    large: bool = True
    timeout: float = 1800.0


def run(asked: Parameters, say: Say) -> dict[str, Any]:
    """The report of a run; see bench/report.py for its shape."""
    started = datetime.now(UTC)
    if contenders.tenzir_version() is None:
        say("Tenzir is not installed, so there is nothing to compare with: pip install 'stratagem[bench]'")
    records = list(cloudtrail_records(asked.corpus))
    inputs, count = prepare(asked, records, say)
    timed, once = cases.timed(inputs), cases.once(inputs)
    samples = rounds.measure(timed, asked.rounds, inputs.work, say, asked.timeout)
    for case in once:
        samples.append(rounds.run_once(case, 1, inputs.work, asked.timeout))
        say(f"once     {rounds.describe(samples[-1])}")
    found = rounds.results([*timed, *once], samples)
    compared = compare(inputs, records, say) if contenders.tenzir_version() else []
    return {
        "date": started.date().isoformat(),
        "machine": machine.describe(),
        "parameters": {"size": asked.size, "rounds": asked.rounds, "seed": asked.seed},
        "data": {name: value for name, value in asdict(inputs.full).items() if name != "folder"},
        "rules": count,
        "results": [asdict(result) for result in found.values()],
        "samples": [asdict(sample) for sample in samples],
        "targets": [asdict(verdict) for verdict in targets.judge(found, samples, compared)],
        "comparisons": [asdict(one) for one in compared],
    }


def prepare(asked: Parameters, records: Sequence[Record], say: Say) -> tuple[cases.Inputs, int]:
    """All inputs, and how many public rules there are. Raises UsageError where a folder does not hold what it must."""
    base = whole_records(records)
    if not base:
        raise UsageError(f"{asked.corpus}: holds no whole CloudTrail record. Give a folder of CloudTrail logs.")
    work = asked.home / "work"
    work.mkdir(parents=True, exist_ok=True)
    count = rules.copy_cloudtrail(asked.rules, work / "public")
    if not count:
        raise UsageError(f"{asked.rules}: holds no rule with the logsource aws cloudtrail.")
    say(f"{len(records):,} CloudTrail records in the corpus, {len(base):,} whole ones; {count} public rules")
    full = data.make(base, asked.size, asked.seed, asked.home)
    say(f"{full.records:,} events, {full.bytes / 1e6:,.0f} MB, and in {full.gzip_files} gzip files")
    tiny = data.make(base, data.MB, asked.seed, asked.home, with_gzip=False)
    large = data.make(base, LARGE * asked.size, asked.seed, asked.home, with_gzip=False) if asked.large else None
    inputs = cases.Inputs(
        full=full,
        tiny=tiny,
        large=large,
        small=_small(base, asked.seed, work),
        small_events=SMALL_EVENTS,
        public=work / "public",
        fifty=rules.write_made(work / "rules_50", 50, asked.seed),
        thousand=rules.write_made(work / "rules_1000", 1_000, asked.seed),
        work=work,
    )
    return inputs, count


def compare(inputs: cases.Inputs, records: Sequence[Record], say: Say) -> list[matches.Comparison]:
    """Matches on the corpus as it is and on the multiplied records."""
    plain = inputs.work / "plain.ndjson"
    wanted = [
        ("the corpus records", plain, matches.write_plain(records, plain)),
        ("the multiplied records", inputs.full.ndjson, inputs.full.records),
    ]
    found = []
    for name, path, count in wanted:
        one = matches.compare(name, path, count, inputs.public, inputs.work)
        say(f"matches on {name}: Tenzir {one.tenzir:,}, stratagem {one.stratagem:,}, the same {one.both:,}")
        for row in one.differences:
            say(f"  {_difference(row)}")
        found.append(one)
    return found


def _difference(row: matches.Difference) -> str:
    sides = [
        f"only {name} {count:,} (event {example})"
        for name, count, example in (
            ("Tenzir", row.only_tenzir, row.example_tenzir),
            ("stratagem", row.only_stratagem, row.example_stratagem),
        )
        if count
    ]
    return f"{row.title} {row.rule}: {', '.join(sides)}"


def _small(base: Sequence[Mapping[str, Any]], seed: int, work: Path) -> Path:
    """One document as a trail delivers it, small enough to be read by eye."""
    file = work / "small.json"
    records = [json.loads(line) for line in islice(data.multiplied(base, seed), SMALL_EVENTS)]
    file.write_text(json.dumps({"Records": records}), encoding="utf-8")
    return file
