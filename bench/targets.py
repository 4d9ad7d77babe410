"""What the measurements are held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.cases import TENZIR
from bench.matches import Comparison
from bench.rounds import Result, Sample

GB = 1e9
AGAINST_TENZIR = (("rules", 15.0), ("lake", 4.0), ("gzip", 8.0))
"""Case, and how many times Tenzir's events per second it has to reach."""
WORDS = {
    "rules": "rules only, NDJSON",
    "lake": "OCSF and raw data into the lake, packaged strategies",
    "gzip": "rules only, gzip Records[]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One target. `met` None: it was not measured, and `measured` says why."""

    what: str
    wanted: str
    measured: str
    met: bool | None


def judge(
    results: Mapping[str, Result], samples: Sequence[Sample], comparisons: Sequence[Comparison]
) -> tuple[Verdict, ...]:
    """Every target, in the order of the table."""
    return (
        *_against_tenzir(results, samples),
        *_many_rules(results),
        _below(results, "1,000 rules, cold", "1,000 rules read and compiled anew, whole process on a tiny input", 4.0),
        _below(results, "first finding", "start to first finding, small file, warm cache, packaged strategies", 1.5),
        _below(results, "first finding, rules", "start to first finding, small file, warm cache, rules", 1.5),
        _memory(results),
        *map(_same, comparisons),
    )


def reference(results: Mapping[str, Result]) -> Result | None:
    """Tenzir's best: the variant with the most events per second over the whole process."""
    return max(_of_tenzir(results), key=lambda result: result.rate, default=None)


def _steady_reference(results: Mapping[str, Result]) -> float | None:
    """Tenzir's best steady rate, which may be another variant's."""
    return max((one.steady_rate for one in _of_tenzir(results) if one.steady_rate), default=None)


def _of_tenzir(results: Mapping[str, Result]) -> list[Result]:
    return [results[name] for name in TENZIR if name in results and results[name].runs]


def _against_tenzir(results: Mapping[str, Result], samples: Sequence[Sample]) -> Iterator[Verdict]:
    theirs, steady = reference(results), _steady_reference(results)
    for name, wanted in AGAINST_TENZIR:
        ours = results.get(name)
        for word in ("whole process", "steady rate"):
            what, goal = f"{WORDS[name]}, events/s against Tenzir, {word}", f"at least {wanted:g} times"
            if ours is None or not ours.runs:
                yield _unmeasured(what, goal, ours.error if ours else "was not run")
            elif theirs is None:
                yield _unmeasured(what, goal, "Tenzir is not installed: pip install 'stratagem[bench]'")
            elif word == "whole process":
                low, high = ratios(samples, theirs, ours)
                yield _at_least(what, wanted, ours.rate / theirs.rate, f" ({low:.1f}-{high:.1f})")
            elif ours.steady_rate and steady:
                yield _at_least(what, wanted, ours.steady_rate / steady)
            else:
                yield _unmeasured(what, goal, "the input is too small to tell it from the start")


def _at_least(what: str, wanted: float, ratio: float, more: str = "") -> Verdict:
    return Verdict(what=what, wanted=f"at least {wanted:g} times", measured=f"{ratio:.1f}{more}", met=ratio >= wanted)


def ratios(samples: Sequence[Sample], theirs: Result, ours: Result) -> tuple[float, float]:
    """The least and the greatest ratio of events per second within one round."""
    seconds = {(sample.case, sample.round): sample.seconds for sample in samples if not sample.error}
    rounds = sorted({number for _, number in seconds})
    found = [
        (ours.events / seconds[ours.name, number]) / (theirs.events / seconds[theirs.name, number])
        for number in rounds
        if (ours.name, number) in seconds and (theirs.name, number) in seconds
    ]
    return min(found, default=0.0), max(found, default=0.0)


def _many_rules(results: Mapping[str, Result]) -> Iterator[Verdict]:
    what, goal = "1,000 rules against 50, time, warm", "at most 1.5 times"
    few, many = results.get("50 rules"), results.get("1,000 rules")
    if few is None or many is None or not (few.runs and many.runs):
        yield _unmeasured(what, goal, next((one.error for one in (few, many) if one and one.error), "was not run"))
        return
    yield _at_most(f"{what}, whole process", goal, many.seconds / few.seconds)
    if few.steady_rate and many.steady_rate:
        yield _at_most(f"{what}, steady rate", goal, few.steady_rate / many.steady_rate)


def _at_most(what: str, goal: str, ratio: float) -> Verdict:
    return Verdict(what=what, wanted=goal, measured=f"{ratio:.2f}", met=ratio <= 1.5)


def _below(results: Mapping[str, Result], name: str, what: str, seconds: float) -> Verdict:
    goal, found = f"under {seconds:g} s", results.get(name)
    if found is None or not found.runs:
        return _unmeasured(what, goal, found.error if found else "was not run")
    return Verdict(what=what, wanted=goal, measured=f"{found.seconds:.2f} s", met=found.seconds < seconds)


def _memory(results: Mapping[str, Result]) -> Verdict:
    """The greatest peak of all runs of stratagem, the large input included."""
    ours = [result for name, result in results.items() if not name.startswith("tenzir") and result.runs]
    what, goal = "peak memory of all its processes, any input", "under 1.5 GB"
    if not ours:
        return _unmeasured(what, goal, "was not run")
    most = max(ours, key=lambda result: result.peak_bytes)
    measured = f"{most.peak_bytes / GB:.2f} GB ({most.name})"
    return Verdict(what=what, wanted=goal, measured=measured, met=most.peak_bytes < 1.5 * GB)


def _same(comparison: Comparison) -> Verdict:
    unequal = sum(one.only_tenzir + one.only_stratagem for one in comparison.differences)
    measured = f"{comparison.both:,} in both, {unequal:,} in one only"
    what = f"matches of the public rules, {comparison.input}, against Tenzir"
    return Verdict(what=what, wanted="the same", measured=measured, met=comparison.equal)


def _unmeasured(what: str, goal: str, why: str) -> Verdict:
    return Verdict(what=what, wanted=goal, measured=f"not measured: {why}", met=None)
