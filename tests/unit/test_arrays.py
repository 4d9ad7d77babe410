"""Values become the arrays that pyarrow would make of them, and pandas stays out of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.arrays import array, integers, moments, numbers, python, records, same, text_array, words


@pytest.mark.parametrize("texts", [[], [""], ["a", None, "é", None], [None] * 9, ["x"] * 9])
def test_texts_become_the_array_that_they_are(texts: list[str | None]) -> None:
    encoded = [None if text is None else text.encode() for text in texts]
    for made in (words(texts), text_array(encoded)):
        made.validate(full=True)
        assert made.equals(pa.array(texts, pa.string()))


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert words(["a\ud800"]).to_pylist() == ["a?"]


@pytest.mark.parametrize("numbers", [[], [1, -(2**63), 2**63 - 1]])
def test_numbers_become_the_array_that_they_are(numbers: list[int]) -> None:
    made = integers(numbers)
    made.validate(full=True)
    assert made.equals(pa.array(numbers, pa.int64()))


def test_a_column_of_chunks_gives_its_numbers() -> None:
    times = pa.chunked_array([pa.array(some, pa.timestamp("us", "UTC")).slice(1) for some in ([1, 2, 3], [0, 4])])
    assert numbers(times).tolist() == [2, 3, 4]
    assert numbers(times.slice(0, 0)).tolist() == []


def test_a_text_and_a_time_are_repeated() -> None:
    noon = datetime(2026, 1, 15, 12, 0, 0, 1, tzinfo=UTC)
    assert same("é", 2).to_pylist() == ["é", "é"]
    assert moments(noon, 2).equals(pa.array([noon, noon], pa.timestamp("us", "UTC")))


_TIME = pa.timestamp("us", "UTC")
_VALUES = {
    pa.string(): st.text(st.characters(exclude_categories=["Cs"]), max_size=3),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.uint64(): st.integers(0, 2**64 - 1),
    pa.bool_(): st.booleans(),
    _TIME: st.datetimes(timezones=st.just(UTC)),
}
_LISTS = {pa.list_(kind): st.lists(one, max_size=3) for kind, one in _VALUES.items()}
_DEEP = {pa.list_(kind): st.lists(st.none() | one, max_size=3) for kind, one in _LISTS.items()}
_MAPS = {pa.map_(pa.string(), pa.list_(pa.string())): st.lists(st.tuples(st.just("k"), _LISTS[pa.list_(pa.string())]))}
_KINDS = {**_VALUES, **_LISTS, **_DEEP, **_MAPS}


@given(st.data(), st.sampled_from(list(_KINDS)))
def test_values_become_the_array_that_pyarrow_makes_and_come_back(data: st.DataObject, kind: pa.DataType) -> None:
    values = data.draw(st.lists(st.none() | _KINDS[kind], max_size=10))
    made = array(values, kind)
    made.validate(full=True)
    assert made.equals(pa.array(values, kind))
    assert python(made) == made.to_pylist() == values
    assert python(made.slice(1)) == values[1:]


def test_rows_come_back_with_times_in_structs_and_chunks() -> None:
    noon = datetime(2026, 1, 15, 12, 0, 0, 1, tzinfo=UTC)
    rows = [{"a": {"time": noon, "name": "x"}}, {"a": None}, {"a": {"time": None, "name": None}}]
    table = pa.Table.from_pylist(rows, schema=pa.schema([("a", pa.struct([("time", _TIME), ("name", pa.string())]))]))
    joined = pa.concat_tables([table, table.slice(1)])
    assert records(joined) == joined.to_pylist() == [*rows, *rows[1:]]


def test_a_run_into_a_lake_does_without_pandas(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from stratagem.workspace import Workspace; "
        "w = Workspace(); w.demo(Path(sys.argv[1])); w.run([sys.argv[1]], lake=sys.argv[2], detail=False); "
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "logs"), str(tmp_path / "lake")], check=True)
