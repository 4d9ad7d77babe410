"""Verdicts and tables: a target is met, not met, or said to be not measured."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bench.cases import checked, counted
from bench.docs import BEGIN, END, replaced
from bench.matches import Comparison, differences
from bench.report import markdown, table
from bench.rounds import Result, Sample
from bench.targets import Verdict, judge, ratios, reference


def result(name: str, rate: float, steady: float | None = None, *, peak: int = 1, error: str = "") -> Result:
    return Result(
        name=name,
        title=name,
        events=100,
        runs=0 if error else 1,
        seconds=100 / rate,
        fastest=100 / rate,
        slowest=100 / rate,
        cpu_seconds=1.0,
        peak_bytes=peak,
        findings=1,
        rate=rate,
        steady_rate=steady,
        error=error,
    )


def sample(name: str, number: int, seconds: float) -> Sample:
    return Sample(case=name, round=number, seconds=seconds, cpu_seconds=0, peak_bytes=0, findings=0)


def verdicts(*found: Result) -> dict[str, Verdict]:
    return {one.what: one for one in judge({one.name: one for one in found}, [], [])}


def test_the_best_of_tenzir_is_what_counts() -> None:
    slow, quick = result("tenzir findings", 10), result("tenzir count", 20)

    assert reference({one.name: one for one in (slow, quick)}) == quick


def test_a_ratio_is_judged_for_the_whole_process_and_for_the_steady_rate() -> None:
    found = verdicts(result("tenzir count", 10, 10), result("rules", 149, 150))

    assert found["rules only, NDJSON, events/s against Tenzir, whole process"].met is False
    assert found["rules only, NDJSON, events/s against Tenzir, steady rate"].met is True


def test_without_tenzir_nothing_is_said_to_be_met() -> None:
    found = verdicts(result("rules", 1e9, 1e9))

    one = found["rules only, NDJSON, events/s against Tenzir, whole process"]
    assert one.met is None
    assert "Tenzir is not installed" in one.measured


def test_a_case_that_failed_is_not_measured_and_says_why() -> None:
    found = verdicts(result("tenzir count", 10, 10), result("lake", 1, error="no such option: --lake"))

    measured = [one for what, one in found.items() if "lake" in what]
    assert [one.met for one in measured] == [None, None]
    assert all("no such option: --lake" in one.measured for one in measured)


def test_the_greatest_peak_of_all_runs_counts_and_that_of_tenzir_does_not() -> None:
    found = verdicts(result("rules", 1), result("lake", 1, peak=1_600_000_000), result("tenzir count", 1, peak=10**12))

    assert found["peak memory of all its processes, any input"].met is False
    assert "1.60 GB (lake)" in found["peak memory of all its processes, any input"].measured


def test_ratios_are_taken_within_a_round() -> None:
    samples = [
        sample("tenzir count", 1, 10),
        sample("rules", 1, 1),
        sample("tenzir count", 2, 30),
        sample("rules", 2, 1),
    ]

    assert ratios(samples, result("tenzir count", 1), result("rules", 1)) == pytest.approx((10, 30))


def test_differences_are_grouped_by_rule_with_one_example_of_each_side() -> None:
    theirs, ours = {("r1", "a"), ("r1", "b"), ("r2", "c")}, {("r2", "c"), ("r2", "d")}

    first, second = differences(theirs, ours, {"r1": "One", "r2": "Two"})

    assert (first.title, first.only_tenzir, first.only_stratagem, first.example_tenzir) == ("One", 2, 0, "a")
    assert (second.only_tenzir, second.only_stratagem, second.example_stratagem) == (0, 1, "d")


def test_a_comparison_is_equal_only_without_differences() -> None:
    [difference] = differences({("r1", "a")}, set(), {})
    same = Comparison(input="x", records=1, tenzir=0, stratagem=0, both=0, differences=())

    assert same.equal
    assert not replace(same, differences=(difference,)).equal


def test_columns_of_numbers_stand_to_the_right_and_bars_are_escaped() -> None:
    assert list(table(("name", "n"), [("a|b", "1,000")])) == ["| name | n |", "| --- | --: |", "| a\\|b | 1,000 |"]


def test_a_report_shows_targets_cases_and_differences() -> None:
    [difference] = differences({("r1", "event-1")}, set(), {"r1": "One"})
    compared = Comparison(input="made", records=9, tenzir=1, stratagem=0, both=0, differences=(difference,))
    found = {one.name: one for one in (result("rules", 50, 60), result("lake", 1, error="ended with 3"))}

    page = markdown(
        {
            "date": "2026-01-05",
            "machine": {
                "cores": 2, "model": "A Model", "memory_bytes": 8e9, "system": "Linux x86_64",
                "python": "3.11.7", "tenzir": None, "packages": {"duckdb": "1.5"},
            },
            "parameters": {"rounds": 5, "seed": 1},
            "data": {"records": 100, "bytes": 1000, "base_records": 3, "gzip_files": 1, "gzip_bytes": 10},
            "rules": 2,
            "results": [asdict(one) for one in found.values()],
            "targets": [asdict(one) for one in judge(found, [], [compared])],
            "comparisons": [asdict(compared)],
        }
    )  # fmt: skip

    assert "Tenzir not installed" in page
    assert "not measured: ended with 3" in page
    assert "| One (r1) | 1 | event-1 | 0 |  |" in page


def test_the_page_keeps_what_stands_around_the_marks() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"

    assert replaced(page, "new\n") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_page_without_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs the marks"):
        replaced("nothing", "new")


def test_the_count_that_tenzir_prints_is_read() -> None:
    assert counted("{\n  count: 2399,\n}\n") == 2399


def test_a_run_that_did_not_read_every_event_does_not_count(tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    summary.write_text(
        json.dumps({"events": {"total": 99}, "quarantined": {"count": 1}, "findings": {"total": 5}}), encoding="utf-8"
    )

    with pytest.raises(ValueError, match="read 99 of 100 events"):
        checked(summary, 100)


def test_a_lake_that_stayed_empty_does_not_count(tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    summary.write_text(
        json.dumps({"events": {"total": 100}, "quarantined": {"count": 0}, "findings": {"total": 5}}), encoding="utf-8"
    )

    with pytest.raises(ValueError, match="nothing was written into the lake"):
        checked(summary, 100, tmp_path / "lake")
