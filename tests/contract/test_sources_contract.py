"""What every source promises (sources/_contract.py), asked of each one that the folder offers."""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratagem.errors import UsageError
from stratagem.events.vocabulary import may_give
from stratagem.ingest.text import read_lines, text_log
from stratagem.sources import SOURCES, unwrap
from stratagem.sources._contract import AS_IT_IS, Example, Malformed, Native, Source
from stratagem.sources._text import joined
from stratagem.sources.identify import identify
from tests import declared_sources

with declared_sources.known():
    EVERY = pytest.mark.parametrize("source_id", SOURCES.ids)
    EVERY_EXAMPLE = pytest.mark.parametrize(
        ("source_id", "example"),
        [pytest.param(key, one, id=f"{key}: {one.name}") for key in SOURCES for one in SOURCES[key].examples],
    )
PATH = re.compile(r"[^\s|]+")
MISSING = object()


@pytest.fixture(autouse=True, scope="module")
def _with_declared_sources() -> Iterator[None]:
    """Sources that files declare promise the same."""
    with declared_sources.known():
        yield


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
anything = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3),
    max_leaves=8,
)
quick = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def values(example: Example) -> Iterator[Any]:
    """The JSON values of an example: a document, lines, rows of a CSV file, lines of text; compressed or not."""
    raw = gzip.decompress(example.raw) if example.raw[:2] == b"\x1f\x8b" else example.raw
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        yield unwrap.decode(raw)
        return
    except Malformed:
        lines = [unwrap.strip_prefix(line) for line in raw.splitlines() if line.strip()]
    if lines[0][:1] in (b"{", b"["):
        yield from map(unwrap.decode, lines)
    elif (told := text_log(raw)) is not None:
        yield from map(unwrap.decode, read_lines(raw, *told))
    else:
        yield from csv.DictReader(io.StringIO(raw.decode()))


def found_in(example: Example) -> list[unwrap.Found]:
    return [found for value in values(example) for found in unwrap.records(value)]


@cache
def natives(source_id: str) -> list[Native]:
    """The canonical records of a source's examples."""
    return [found.native for example in SOURCES[source_id].examples for found in found_in(example)]


def at(record: Any, path: str) -> Any:
    """The value at a head path, MISSING where there is none."""
    for name in path.split("."):
        if not isinstance(record, dict) or name not in record:
            return MISSING
        record = record[name]
    return record


def head_of(record: Native, paths: tuple[str, ...]) -> dict[str, Any] | None:
    """A record cut down to some paths; None where a parent is no object or a value no scalar."""
    head: dict[str, Any] = {}
    for path in paths:
        *parents, last = path.split(".")
        here, there = record, head
        for parent in parents:
            value = here.get(parent)
            if value is not None and not isinstance(value, dict):
                return None
            here = value or {}
            there = there.setdefault(parent, {}) if value else {}
        if isinstance(here.get(last), dict | list):
            return None
        if last in here:
            there[last] = here[last]
    return head


def survives(source: Source, record: dict[str, Any]) -> None:
    """Every function of a source is asked about a record that nobody promised anything about."""
    assert source.recognise(record) in (True, False)
    assert source.is_canonical(record) in (True, False)
    if source.is_noise is not None:
        assert source.is_noise(record) in (True, False)
    try:
        native, _ = source.canonical(record)
    except Malformed as reason:
        assert str(reason)
        native = record
    for asked in (record, native):
        assert source.uid(asked) is None or isinstance(source.uid(asked), str)
        source.time(asked)
        if source.revision is not None:
            source.revision(asked)
        for derived in source.derived.values():
            derived.compute(asked)
        for logsource in source.logsources:
            if logsource.only is not None:
                logsource.only(asked)


def test_helper_modules_of_the_folder_are_no_sources() -> None:
    assert {"declare", "identify", "unwrap"}.isdisjoint(SOURCES.ids)
    with pytest.raises(UsageError, match="There are: "):
        SOURCES["unwrap"]


@cache
def connection() -> Any:
    return pytest.importorskip("stratagem.events.query").connect()


@EVERY_EXAMPLE
def test_an_example_gives_its_records_as_events_of_its_source(source_id: str, example: Example) -> None:
    found = found_in(example)
    assert [(item.source_id, item.status, item.reason) for item in found] == [
        (source_id, "event", "")
    ] * example.records


@EVERY
def test_no_other_source_recognises_a_canonical_record(source_id: str) -> None:
    for native in natives(source_id):
        assert identify(native) == source_id
        assert [other for other in SOURCES if SOURCES[other].recognise(native)] == [source_id]


@EVERY
def test_canonical_is_idempotent_and_leaves_the_record_as_it_was(source_id: str) -> None:
    source = SOURCES[source_id]
    for native in natives(source_id):
        before = copy.deepcopy(native)
        again, _ = source.canonical(native)
        assert again == before == native
        assert source.is_canonical(native)


@EVERY
def test_canonical_does_not_change_the_object_that_it_is_given(source_id: str) -> None:
    for example in SOURCES[source_id].examples:
        for value in values(example):
            before = copy.deepcopy(value)
            list(unwrap.records(value))
            assert value == before


@EVERY
def test_a_canonical_record_survives_being_written_and_read(source_id: str) -> None:
    for native in natives(source_id):
        assert unwrap.decode(unwrap.encode(native)) == native


@EVERY
def test_every_example_has_an_event_time(source_id: str) -> None:
    assert all(SOURCES[source_id].time(native) is not None for native in natives(source_id))


@EVERY
def test_every_example_has_an_id_or_the_log_has_none(source_id: str) -> None:
    source = SOURCES[source_id]
    has_ids = {source.uid(native) is not None for native in natives(source_id)}
    assert has_ids == {bool(source.uid_fields)}


@EVERY
def test_what_the_quick_path_reads_is_in_the_head(source_id: str) -> None:
    source = SOURCES[source_id]
    read = {*source.dispatch, *source.shape, *source.uid_fields, *source.time_fields, *source.time_only_with.values()}
    assert read <= set(source.head)
    assert source.time_only_with.keys() <= set(source.time_fields)
    assert source.dispatch


@EVERY
def test_the_head_tells_the_same_as_the_whole_record(source_id: str) -> None:
    source = SOURCES[source_id]
    for native in natives(source_id):
        head = head_of(native, source.head)
        assert head is not None
        assert source.is_canonical(head)
        assert source.uid(head) == source.uid(native)
        assert source.time(head) == source.time(native)
        assert source.revision is None or source.revision(head) == source.revision(native)
        assert [at(head, path) for path in source.dispatch] == [at(native, path) for path in source.dispatch]


@EVERY
def test_id_and_time_are_what_their_fields_say(source_id: str) -> None:
    source = SOURCES[source_id]
    for native in natives(source_id):
        if source.uid_gaps:
            assert source.uid(native) == joined(native, source.uid_fields)
        elif source.uid_fields:
            assert source.uid(native) == "/".join(at(native, path) for path in source.uid_fields)
        if source.time_fields:
            counting = [
                path
                for path in source.time_fields
                if path not in source.time_only_with or isinstance(at(native, source.time_only_with[path]), str)
            ]
            times = [value for path in counting if (value := at(native, path)) not in (MISSING, None)]
            assert source.time(native) == times[0]


@EVERY
def test_the_quick_path_takes_most_canonical_records(source_id: str) -> None:
    """It sees `dispatch` and `shape` alone there: what it reads beside them sends every record the careful way."""
    source = SOURCES[source_id]
    keys = [head_of(native, (*source.dispatch, *source.shape)) for native in natives(source_id)]
    taken = [key is not None and source.is_canonical(key) for key in keys]
    assert not source.time_fields or sum(taken) > len(taken) / 2


@EVERY
@quick
@given(data=st.data())
def test_nothing_but_malformed_is_raised_on_any_object(source_id: str, data: st.DataObject) -> None:
    source = SOURCES[source_id]
    members = {name for native in natives(source_id) for name in native}
    names = [*sorted(members | set(source.head)), "properties", "category"]
    survives(source, data.draw(st.dictionaries(st.sampled_from(names) | st.text(max_size=8), anything, max_size=8)))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every member and element below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*path, key)
        yield from places(below, (*path, key))


def mutated(record: Native, data: st.DataObject) -> dict[str, Any]:
    """The record with the value at one to three places replaced by anything."""
    changed: dict[str, Any] = copy.deepcopy(dict(record))
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(list(places(changed))))
        here: Any = changed
        for parent in parents:
            here = here[parent]
        here[last] = data.draw(anything)
    return changed


@EVERY
@quick
@given(data=st.data())
def test_nothing_but_malformed_is_raised_on_a_record_of_wrong_types(source_id: str, data: st.DataObject) -> None:
    source = SOURCES[source_id]
    record = mutated(data.draw(st.sampled_from(natives(source_id))), data)
    survives(source, record)
    for found in unwrap.records(record):
        assert found.status == "event" or found.reason


@EVERY
@quick
@given(data=st.data())
def test_nothing_but_malformed_is_raised_on_a_container_of_wrong_types(source_id: str, data: st.DataObject) -> None:
    whole = [value for example in SOURCES[source_id].examples for value in values(example) if isinstance(value, dict)]
    record = mutated(data.draw(st.sampled_from(whole)), data)
    survives(SOURCES[source_id], record)
    list(unwrap.records(record))


@EVERY
@quick
@given(data=st.data())
def test_a_record_that_the_head_calls_canonical_is_canonical(source_id: str, data: st.DataObject) -> None:
    source = SOURCES[source_id]
    record = mutated(data.draw(st.sampled_from(natives(source_id))), data)
    head = head_of(record, source.head)
    quick_paths = (*source.dispatch, *source.shape)
    key = head_of(record, quick_paths)
    if head is None or key is None or not source.uid(head) or source.time(head) is None:
        return
    if any(not isinstance(at(record, path), str | None) for path in quick_paths if at(record, path) is not MISSING):
        return
    if source.is_canonical(key):
        assert source.recognise(record)
        same, labels = source.canonical(record)
        assert same == record
        if source.labels is not None:
            assert source.labels(record) == labels
            cut = head_of(record, source.label_fields)
            assert cut is None or source.labels(cut) == labels


def test_no_two_sources_answer_to_the_same_logsource() -> None:
    for one, other in combinations(SOURCES, 2):
        mine, theirs = ({(x.product, x.service, x.category) for x in SOURCES[key].logsources} for key in (one, other))
        assert not mine & theirs, f"{one} and {other}"


@EVERY
def test_every_source_answers_to_a_logsource_with_a_product(source_id: str) -> None:
    assert SOURCES[source_id].logsources
    assert all(logsource.product for logsource in SOURCES[source_id].logsources)


@EVERY
def test_aliases_are_lower_case_names_for_paths(source_id: str) -> None:
    for name, paths in SOURCES[source_id].aliases.items():
        assert name == name.lower()
        assert paths
        assert all(PATH.fullmatch(path) for path in paths)


@EVERY
def test_the_reference_page_has_something_to_say(source_id: str) -> None:
    source = SOURCES[source_id]
    assert source.title
    assert re.fullmatch(r"https://\S+( \([^)]*\))?( \(read \d{4}-\d\d-\d\d\))?", source.vendor_page)
    assert source.enable
    assert all(source.silent_gaps)
    assert source.fields
    assert all(PATH.fullmatch(path) and text and "\n" not in text for path, text in source.fields.items())
    assert all(derived.describe and derived.fields for derived in source.derived.values())
    assert set(source.derived).isdisjoint(source.fields)
    assert source.lateness.total_seconds() > 0


@EVERY
def test_a_derived_value_has_one_of_its_witnesses_in_the_record(source_id: str) -> None:
    for native in natives(source_id):
        raw = unwrap.encode(native).lower()
        for name, derived in SOURCES[source_id].derived.items():
            if derived.witnesses and derived.compute(native) is not None:
                assert any(witness.lower().encode() in raw for witness in derived.witnesses), name


@EVERY
def test_the_examples_become_ocsf_columns(source_id: str) -> None:
    project = pytest.importorskip("stratagem.events.project")
    source = SOURCES[source_id]
    json.loads(source.columns)
    found = [item for example in source.examples for item in found_in(example)]
    records = [(item.native, source.uid(item.native) or "none", item.labels) for item in found]
    for row in project.project_many(source_id, source, records, connection()):
        assert row["time"]
        assert row["class_uid"]
        assert row["metadata"]["product"]["name"]


@EVERY
def test_a_projection_names_every_column_that_it_gives(source_id: str) -> None:
    source = SOURCES[source_id]
    given = pytest.importorskip("stratagem.events.statement").statement(
        source_id, source.ocsf, source.columns, connection()
    )
    assert source.ocsf == AS_IT_IS or all(may_give(source.ocsf, path) for path in given.columns)


@EVERY
@settings(quick, max_examples=10)
@given(data=st.data())
def test_the_projection_takes_a_record_of_wrong_types(source_id: str, data: st.DataObject) -> None:
    project = pytest.importorskip("stratagem.events.project")
    record = mutated(data.draw(st.sampled_from(natives(source_id))), data)
    texts = [unwrap.encode(item).decode() for item in (record, natives(source_id)[0])]
    batch = pa.table({"raw": pa.array(texts, pa.string()), "event_uid": pa.array(["x", "y"])})
    projected = project.project(source_id, SOURCES[source_id], batch, connection())
    assert "y" in projected.table["event_uid"].to_pylist()
    assert projected.table.num_rows + len(projected.bad) == 2
