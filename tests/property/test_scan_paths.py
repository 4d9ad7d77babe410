"""The quick path of the scan says what the careful one says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stratagem.ingest.batch import Elements, Lines
from stratagem.rules import prefilter
from stratagem.rules.prefilter import Prefilter
from stratagem.sources import SOURCES
from stratagem.sources.unwrap import encode
from stratagem.window import Window
from tests import declared_sources
from tests.property.scanning import GARBAGE, carefully, dropping_plan, lines, natives, outcome, quick, scanned, written

EVERY = pytest.mark.parametrize("source_id", [*SOURCES.ids, *declared_sources.IDS])
_TRAIL = encode(natives("aws_cloudtrail")[0])
_WITH_A_MARK_OF_NOISE = _TRAIL[:-1] + b',"insightDetails":{}}'


@pytest.fixture(autouse=True, scope="module")
def _with_declared_sources() -> Iterator[None]:
    with declared_sources.known():
        yield


def both_agree(batches: list[Lines] | list[Elements], **options: object) -> None:
    assert outcome(scanned(batches, **options)) == outcome(carefully(batches, **options))


@quick
@given(lines())
@example([b"  ", _TRAIL])
@example([_TRAIL, _TRAIL + _TRAIL, b"{", b'"a": 1}', _TRAIL])
@example([_TRAIL, b'{"x": 1e999}'])
@example([_TRAIL, _WITH_A_MARK_OF_NOISE])
def test_lines_of_all_sources(some: list[bytes]) -> None:
    both_agree([Lines(data=b"\n".join(some) + b"\n", offset=0)])


@EVERY
@quick
@given(data=st.data())
def test_lines_of_one_source(source_id: str, data: st.DataObject) -> None:
    some = [encode(natives(source_id)[0]), *data.draw(lines([source_id]))]
    both_agree([Lines(data=b"\n".join(some), offset=0)])


@EVERY
@quick
@given(data=st.data())
def test_elements_of_an_array(source_id: str, data: st.DataObject) -> None:
    some = data.draw(st.lists(written([source_id]), min_size=1, max_size=8))
    key = data.draw(st.sampled_from(["", "Records", "records", "value", "logEvents"]))
    both_agree([Elements(items=some, offset=0, first=0, key=key)])


@EVERY
@quick
@given(data=st.data())
def test_values_on_one_line_and_values_over_several_lines(source_id: str, data: st.DataObject) -> None:
    """Line feeds and glue come anywhere between tokens: never may one record's id go with another's bytes."""
    good = encode(natives(source_id)[0])
    some = data.draw(st.lists(written([source_id]), min_size=2, max_size=6))
    glue = data.draw(st.lists(st.sampled_from([b"\n", b"", b" ", b"\n\n"]), min_size=len(some), max_size=len(some)))
    torn = [text.replace(b"{", b"{\n", data.draw(st.integers(0, 2))) for text in some]
    both_agree([Lines(data=good + b"\n" + b"".join(a + b for a, b in zip(torn, glue, strict=True)), offset=0)])


@quick
@given(lines(), st.sampled_from(SOURCES.ids))
def test_under_a_forced_source(some: list[bytes], forced: str) -> None:
    both_agree([Lines(data=b"\n".join(some), offset=0)], forced=forced)


@quick
@given(lines(), st.integers(2024, 2027), st.booleans())
def test_between_times(some: list[bytes], year: int, before: bool) -> None:
    edge = datetime(year, 1, 15, 10, tzinfo=UTC)
    window = Window(None, edge) if before else Window(edge, None)
    both_agree([Lines(data=b"\n".join(some), offset=0)], window=window)


@quick
@given(lines(), st.booleans())
@example([_TRAIL, _TRAIL.replace(b'"eventName":"', b'"eventName":"List')], False)
def test_under_ingest_rules(some: list[bytes], between: bool) -> None:
    window = Window(datetime(2026, 1, 10, tzinfo=UTC), None) if between else None
    both_agree([Lines(data=b"\n".join(some), offset=0)], plan=dropping_plan(), window=window)


@quick
@given(lines())
def test_copies_that_ingest_rules_drop_are_not_read_again(some: list[bytes]) -> None:
    batches = [Lines(data=b"\n".join(some), offset=0)]
    wanted = {source: frozenset(ids) for source, ids in outcome(scanned(batches)).ids.items()}
    options = {"wanted": wanted, "plan": dropping_plan()}
    copies = [sorted(map(repr, path(batches, **options).copies)) for path in (scanned, carefully)]
    assert copies[0] == copies[1]


@quick
@given(lines())
def test_what_is_dropped_is_neither_event_nor_hit_and_the_rest_is_as_without_ingest_rules(some: list[bytes]) -> None:
    batches = [Lines(data=b"\n".join(some), offset=0)]
    kept, all_ = outcome(scanned(batches, plan=dropping_plan())), outcome(scanned(batches))
    assert kept.records == all_.records
    assert sum(kept.sources.values()) + sum(kept.excluded.values()) == sum(all_.sources.values()) + sum(
        all_.excluded.values()
    )
    assert [hit for hit in kept.hits if hit not in all_.hits] == []
    assert kept.quarantined == all_.quarantined


@quick
@given(lines())
def test_when_events_that_came_twice_are_read_again(some: list[bytes]) -> None:
    batches = [Lines(data=b"\n".join(some), offset=0)]
    wanted = {source: frozenset(ids) for source, ids in outcome(scanned(batches)).ids.items()}
    copies = [sorted(map(repr, path(batches, wanted=wanted).copies)) for path in (scanned, carefully)]
    assert copies[0] == copies[1]


@quick
@given(lines())
def test_every_record_is_counted_once(some: list[bytes]) -> None:
    found = outcome(scanned([Lines(data=b"\n".join(some), offset=0)]))
    parts = (found.sources, found.excluded, found.quarantined)
    assert found.records == sum(sum(counts.values()) for counts in parts)


@quick
@given(lines())
def test_without_hyperscan(some: list[bytes]) -> None:
    batches = [Lines(data=b"\n".join(some), offset=0)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prefilter, "Prefilter", partial(Prefilter, engine="python"))
        plain = outcome(scanned(batches))
    assert plain == outcome(scanned(batches))


def test_the_garbage_is_garbage_to_both() -> None:
    for text in GARBAGE:
        both_agree([Lines(data=_TRAIL + b"\n" + text + b"\n" + _TRAIL, offset=0)])
