"""Rounds: interleaved, the first thrown away, failures told and not hidden."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.process import run
from bench.rounds import Case, Sample, last_words, measure, results

ENV = {"PATH": "/usr/bin:/bin"}


def case(name: str, code: str = "print(7)", tiny: str = "") -> Case:
    return Case(
        name=name, title=name, command=(sys.executable, "-c", code), events=100, findings=int, env=ENV, tiny=tiny
    )


def sample(name: str, number: int, seconds: float, error: str = "") -> Sample:
    return Sample(
        case=name, round=number, seconds=seconds, cpu_seconds=seconds, peak_bytes=number, findings=3, error=error
    )


def test_cases_alternate_and_the_first_round_does_not_count(tmp_path: Path) -> None:
    said: list[str] = []

    samples = measure([case("a"), case("b")], 1, tmp_path, said.append, timeout=60)

    assert [line.split()[0] for line in said] == ["warm-up", "warm-up", "round", "round"]
    assert [(one.case, one.round, one.findings) for one in samples] == [("a", 1, 7), ("b", 1, 7)]


def test_a_case_that_fails_is_told_with_its_words_and_not_run_again(tmp_path: Path) -> None:
    broken = case("broken", "import sys; sys.exit('no such option')")

    samples = measure([broken], 3, tmp_path, lambda _: None, timeout=60)

    assert len(samples) == 1
    assert "no such option" in samples[0].error
    assert results([broken], samples)["broken"].error == samples[0].error


def test_output_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    samples = measure([case("odd", "print('nothing')")], 1, tmp_path, lambda _: None, timeout=60)

    assert "nothing" in samples[0].error


def test_the_median_of_the_rounds_counts() -> None:
    samples = [sample("a", number, seconds) for number, seconds in enumerate([4.0, 1.0, 2.0], 1)]

    found = results([case("a")], samples)["a"]

    assert (found.seconds, found.fastest, found.slowest) == (2.0, 1.0, 4.0)
    assert found.rate == 50
    assert found.peak_bytes == 3


def test_the_steady_rate_leaves_out_the_time_of_the_tiny_input() -> None:
    samples = [sample("a", 1, 3.0), sample("a tiny", 1, 1.0)]

    found = results([case("a", tiny="a tiny"), case("a tiny")], samples)

    assert found["a"].steady_rate == 50
    assert found["a tiny"].steady_rate is None


def test_there_is_no_steady_rate_where_the_tiny_input_takes_as_long() -> None:
    samples = [sample("a", 1, 1.0), sample("a tiny", 1, 1.0)]

    assert results([case("a", tiny="a tiny"), case("a tiny")], samples)["a"].steady_rate is None


def test_a_program_that_does_not_end_is_ended(tmp_path: Path) -> None:
    used = run((sys.executable, "-c", "import time; time.sleep(60)"), env=ENV, folder=tmp_path, timeout=0.2)

    assert used.code < 0
    assert used.seconds < 30


def test_memory_of_children_counts(tmp_path: Path) -> None:
    child = "import time; held = bytearray(60_000_000); time.sleep(0.5)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"

    used = run((sys.executable, "-c", parent), env=ENV, folder=tmp_path, timeout=60)

    assert used.code == 0
    assert used.peak_bytes > 60_000_000


def test_an_error_is_told_without_the_folders_of_the_machine() -> None:
    assert last_words("Traceback\n\nOSError: /home/user/data/rules.yml: no such file\n") == (
        "OSError: rules.yml: no such file"
    )
