"""Values become the arrays that pyarrow would make of them, and pandas stays out of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from stratagem.events.arrays import integers, moments, numbers, same, text_array, words


@pytest.mark.parametrize("texts", [[], [""], ["a", None, "é", None], [None] * 9, ["x"] * 9])
def test_texts_become_the_array_that_they_are(texts: list[str | None]) -> None:
    encoded = [None if text is None else text.encode() for text in texts]
    for array in (words(texts), text_array(encoded)):
        array.validate(full=True)
        assert array.equals(pa.array(texts, pa.string()))


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert words(["a\ud800"]).to_pylist() == ["a?"]


@pytest.mark.parametrize("numbers", [[], [1, -(2**63), 2**63 - 1]])
def test_numbers_become_the_array_that_they_are(numbers: list[int]) -> None:
    array = integers(numbers)
    array.validate(full=True)
    assert array.equals(pa.array(numbers, pa.int64()))


def test_a_column_of_chunks_gives_its_numbers() -> None:
    times = pa.chunked_array([pa.array(some, pa.timestamp("us", "UTC")).slice(1) for some in ([1, 2, 3], [0, 4])])
    assert numbers(times).tolist() == [2, 3, 4]
    assert numbers(times.slice(0, 0)).tolist() == []


def test_a_text_and_a_time_are_repeated() -> None:
    noon = datetime(2026, 1, 15, 12, 0, 0, 1, tzinfo=UTC)
    assert same("é", 2).to_pylist() == ["é", "é"]
    assert moments(noon, 2).equals(pa.array([noon, noon], pa.timestamp("us", "UTC")))


def test_a_run_into_a_lake_does_without_pandas(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from stratagem.workspace import Workspace; "
        "w = Workspace(); w.demo(Path(sys.argv[1])); w.run([sys.argv[1]], lake=sys.argv[2], detail=False); "
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "logs"), str(tmp_path / "lake")], check=True)
