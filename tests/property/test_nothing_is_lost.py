"""Whatever lies in a folder, every record is an event, a copy, excluded or quarantined, and no run fails."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.detect.run import RunResult, run
from stratagem.engines.local import Job
from stratagem.ingest.files import expand
from stratagem.sources import SOURCES
from stratagem.sources._contract import Example
from stratagem.sources._json import decode
from tests.property.scanning import EXAMPLES, GARBAGE, natives, plan, quick

few = settings(quick, max_examples=EXAMPLES // 2)
EVERY_EXAMPLE = [(source_id, example) for source_id in SOURCES for example in SOURCES[source_id].examples]

ENVELOPES: tuple[Callable[[list[Any]], Any], ...] = (
    lambda events: {"Records": events},
    lambda events: {"value": events},
    lambda events: events,
    lambda events: {"Records": [{"message": json.dumps(one)} for one in events]},
    lambda events: [{"log": json.dumps(one), "stream": "stdout"} for one in events],
    lambda events: [{"event": {"original": json.dumps(one)}} for one in events],
    lambda events: {"body": {"Records": events}, "headers": {}},
    lambda events: {"Records": [{"message": json.dumps({"log": json.dumps(one)})} for one in events]},
    lambda events: {
        "logEvents": [{"id": str(number), "message": json.dumps(one)} for number, one in enumerate(events)]
    },
)


def ran(files: Sequence[bytes]) -> RunResult:
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(files):
            (Path(folder) / f"{number:03}.json").write_bytes(data)
        result = run(Job(plan=plan(), detail=False), expand([folder]), workers=1)
        list(result.findings)
        return result


def accounted(result: RunResult) -> dict[str, int]:
    """Events of each source with their copies, once every record is accounted for."""
    summary = result.summary
    parts = (summary["events"]["total"], summary["duplicates"], summary["excluded"], summary["quarantined"]["count"])
    assert summary["records"] == sum(parts)
    assert summary["events"]["total"] == sum(summary["events"]["by_source"].values())
    assert bool(summary["quarantined"]["count"]) == bool(result.quarantined)
    assert all(one.reason for one in result.quarantined)
    return dict(summary["events"]["by_source"])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file that something happened to: cut short, garbled, packed twice, or never a log at all."""
    _, example = draw(st.sampled_from(EVERY_EXAMPLE))
    raw = example.raw
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return draw(st.binary(max_size=200))
    if kind == 1:
        packed = gzip.compress(raw * 20)
        return packed[: draw(st.integers(1, len(packed) - 1))]
    if kind == 2:
        return raw[: draw(st.integers(0, len(raw)))]
    if kind == 3:
        at = draw(st.integers(0, len(raw)))
        return raw[:at] + draw(st.binary(min_size=1, max_size=8)) + raw[at:]
    if kind == 4:
        return gzip.compress(gzip.compress(raw))
    return b"\n".join([*draw(st.lists(st.sampled_from(GARBAGE), max_size=4)), raw])


@pytest.mark.parametrize(
    ("source_id", "example"), [pytest.param(*one, id=f"{one[0]}: {one[1].name}") for one in EVERY_EXAMPLE]
)
def test_an_example_alone_in_a_file_gives_its_events(source_id: str, example: Example) -> None:
    result = ran([example.raw])
    assert set(accounted(result)) == {source_id}
    assert result.summary["events"]["total"] + result.summary["duplicates"] == example.records


@few
@given(
    st.lists(st.sampled_from(EVERY_EXAMPLE), max_size=4, unique_by=lambda one: (one[0], one[1].name)),
    st.lists(damaged(), min_size=1, max_size=4),
)
def test_damaged_files_take_nothing_from_those_beside_them(
    intact: list[tuple[str, Example]], broken: list[bytes]
) -> None:
    result = ran([*broken, *(example.raw for _, example in intact)])
    found = accounted(result)
    assert set(found) >= {source_id for source_id, _ in intact}
    there = sum(example.records for _, example in intact)
    assert result.summary["events"]["total"] + result.summary["duplicates"] >= there


@few
@given(
    st.lists(st.sampled_from(SOURCES.ids), min_size=1, max_size=4),
    st.lists(st.sampled_from(ENVELOPES), min_size=1, max_size=3),
    st.booleans(),
    st.data(),
)
def test_every_event_in_an_envelope_is_found(
    source_ids: list[str], envelopes: list[Any], is_packed: bool, data: st.DataObject
) -> None:
    events = [decode(json.dumps(data.draw(st.sampled_from(natives(source_id))))) for source_id in source_ids]
    files = [json.dumps(envelope(events)).encode() for envelope in envelopes]
    result = ran([gzip.compress(file) if is_packed else file for file in files])
    assert set(accounted(result)) == set(source_ids)
    assert result.summary["events"]["total"] + result.summary["duplicates"] == len(events) * len(envelopes)
    assert result.summary["quarantined"]["count"] == 0


@few
@given(
    st.lists(st.sampled_from(SOURCES.ids), min_size=1, max_size=6),
    st.lists(st.sampled_from(GARBAGE), max_size=6),
    st.data(),
)
def test_lines_between_garbage_are_all_found(source_ids: list[str], garbage: list[bytes], data: st.DataObject) -> None:
    lines = [json.dumps(data.draw(st.sampled_from(natives(source_id)))).encode() for source_id in source_ids]
    first, rest = lines[0], data.draw(st.permutations([*lines[1:], *garbage]))
    # How a file is read is told by its first lines: two records make it lines, whatever follows.
    result = ran([b"\n".join([first, first, *rest]) + b"\n"])
    assert set(accounted(result)) >= set(source_ids)
    assert result.summary["events"]["total"] + result.summary["duplicates"] >= 1 + len(lines)
