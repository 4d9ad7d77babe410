"""A run finds the same whatever the order, the split, the repetition and the workers, and accounts for every record."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.detect.compile import compile
from stratagem.detect.run import RunResult, run
from stratagem.engines import local
from stratagem.engines.local import Job
from stratagem.ingest.files import expand
from stratagem.ingest.limits import Limits
from stratagem.ingest.values import whole_value
from stratagem.sources import SOURCES
from stratagem.sources.unwrap import encode
from stratagem.window import Window
from tests.property.scanning import EXAMPLES, filtered, lines, natives, plan, quick, rules

few = settings(quick, max_examples=EXAMPLES // 2)


def ran(files: Sequence[bytes], job: Job | None = None, workers: int = 1) -> RunResult:
    """A run over files of these contents, named in this order."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(files):
            (Path(folder) / f"{number:03}.json").write_bytes(data)
        result = run(job or Job(plan=plan(), detail=False), expand([folder]), workers=workers)
        list(result.findings)
        return result


def findings(result: RunResult) -> set[tuple[str, str]]:
    found = [(finding.uid, finding.level) for finding in result.findings]
    assert len(found) == len(set(found))
    return set(found)


def counts(result: RunResult) -> tuple[object, ...]:
    summary = result.summary
    return summary["records"], summary["events"], summary["duplicates"], summary["excluded"], summary["quarantined"]


def all_are_accounted_for(result: RunResult) -> bool:
    summary = result.summary
    parts = (summary["events"]["total"], summary["duplicates"], summary["excluded"], summary["quarantined"]["count"])
    return bool(summary["records"] == sum(parts))


def rival(line: bytes, change: int) -> bytes:
    """Another copy of the same event, with different content."""
    return line.replace(b"{", b'{"extra": %d, ' % change, 1) if line.startswith(b"{") else line


@st.composite
def deliveries(draw: st.DrawFn) -> list[bytes]:
    """Lines in which events come more than once, as they were and changed."""
    some = draw(lines())
    again = draw(st.lists(st.sampled_from(some), max_size=5))
    return [*some, *again, *(rival(line, draw(st.integers(0, 5))) for line in again)]


@few
@given(deliveries(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_and_split_change_nothing(some: list[bytes], chance: random.Random, parts: int) -> None:
    # How a file is divided is told by its first lines: a broken or indented one there may join with the next.
    some = [line for line in some if line.startswith(b"{") and whole_value(line)]
    one = ran([b"\n".join(some)])
    chance.shuffle(some)
    split = [b"\n".join(some[part::parts]) + b"\n" for part in range(parts)]
    other = ran(split)
    assert findings(one) == findings(other)
    assert counts(one)[1:4] == counts(other)[1:4]
    assert all_are_accounted_for(one)
    assert all_are_accounted_for(other)


@few
@given(deliveries())
def test_repeated_delivery_changes_nothing_but_the_duplicates(some: list[bytes]) -> None:
    once, twice = ran([b"\n".join(some)]), ran([b"\n".join(some)] * 2)
    assert findings(once) == findings(twice)
    assert once.summary["events"] == twice.summary["events"]
    assert twice.summary["records"] == 2 * once.summary["records"]
    assert all_are_accounted_for(twice)


@few
@given(deliveries(), st.integers(2024, 2027))
def test_two_windows_that_meet_find_what_the_whole_does(some: list[bytes], year: int) -> None:
    """Copies of one event may differ in time; then each window has its own."""
    edge = datetime(year, 6, 1, tzinfo=UTC)
    data = [b"\n".join(some)]
    before, after = (
        ran(data, Job(plan=plan(), detail=False, window=Window(*span))) for span in ((None, edge), (edge, None))
    )
    assert findings(ran(data)) <= findings(before) | findings(after)
    assert all_are_accounted_for(before)
    assert before.summary["records"] == after.summary["records"]


@few
@given(deliveries(), st.sampled_from(SOURCES.ids))
def test_a_forced_source_is_all_that_there_is(some: list[bytes], forced: str) -> None:
    result = ran([b"\n".join(some)], Job(plan=plan(), detail=False, forced=forced))
    assert set(result.summary["events"]["by_source"]) <= {forced}
    assert all_are_accounted_for(result)


def test_a_filter_takes_events_out_until_the_day_it_expires_by_the_events_own_time() -> None:
    base = dict(natives("aws_cloudtrail")[0])
    days = ("2026-01-14", "2026-01-15", "2026-01-16")
    data = [encode({**base, "eventID": day, "eventTime": f"{day}T23:59:59Z", "extra": "odd"}) + b"\n" for day in days]
    (rule,) = [rule for rule in rules() if rule.uid == "aws_cloudtrail-3"]
    result = ran([data[0] + b"".join(data)], Job(plan=compile([filtered(rule, "2026-01-15")], [], SOURCES)))
    assert [finding.evidences[0].event_uid for finding in result.findings] == ["2026-01-15", "2026-01-16"]
    assert result.summary["findings"]["filtered"] == {"total": 1, "by_filter": {"all": 1}}


def test_the_evidence_of_a_line_is_the_line_at_its_offset(tmp_path: Path) -> None:
    records = [
        json.dumps({**natives("aws_cloudtrail")[0], "eventID": f"é{number}"}, ensure_ascii=False)
        for number in range(50)
    ]
    file = tmp_path / "trail.json"
    file.write_text("\n\n".join(records), encoding="utf-8")
    result = run(Job(plan=plan(), detail=False), expand([str(file)]))
    data = file.read_bytes()
    assert len(result.findings) == 50 * len({finding.rule_uid for finding in result.findings})
    for finding in result.findings:
        (evidence,) = finding.evidences
        line = data[evidence.location.offset :].split(b"\n", 1)[0]
        assert json.loads(line)["eventID"] == evidence.event_uid


@pytest.mark.long
def test_workers_that_share_files_find_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    some = [
        encode({**native, "extra": chance.choice(["odd", 3, None, "é"])})
        for source_id in SOURCES
        for native in natives(source_id)
    ] * 40
    chance.shuffle(some)
    files = [b"\n".join(some[part::3]) for part in range(3)]
    job = Job(plan=plan(), detail=False, limits=Limits(split=64 * 1024, block=32 * 1024))
    alone = ran(files, job)
    monkeypatch.setattr(local, "_ALONE", 0)
    shared = ran(files, replace(job), workers=2)
    assert findings(alone) == findings(shared)
    assert counts(alone) == counts(shared)
