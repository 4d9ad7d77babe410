"""Cases run side by side: every round runs each case once, so that a slow minute of the machine meets all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.process import run

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One program on one input. `findings` tells after a run what it found; ValueError says that it did not work."""

    name: str
    title: str
    command: tuple[str, ...]
    events: int
    findings: Callable[[str], int]
    prepare: Callable[[], None] = lambda: None
    env: Mapping[str, str]
    tiny: str = ""
    """The case that is the same on a tiny input: its time is what is left out of the steady rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run of one case."""

    case: str
    round: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    findings: int
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A case over all rounds: medians, and the extremes of the time."""

    name: str
    title: str
    events: int
    runs: int
    seconds: float
    fastest: float
    slowest: float
    cpu_seconds: float
    peak_bytes: int
    """The greatest of all runs."""
    findings: int
    rate: float
    """Events per second of the whole process."""
    steady_rate: float | None
    """Events per second after the time of the tiny input is taken off; None where there is no such case."""
    error: str = ""


def measure(cases: Sequence[Case], rounds: int, folder: Path, say: Say, timeout: float) -> list[Sample]:
    """One round to warm up, which is thrown away, then `rounds` that count; a case that fails is not run again."""
    samples: list[Sample] = []
    broken: set[str] = set()
    for number in range(rounds + 1):
        for case in cases:
            if case.name in broken:
                continue
            sample = run_once(case, number, folder, timeout)
            say(f"{'warm-up' if number == 0 else f'round {number}'}  {describe(sample)}")
            if sample.error:
                broken.add(case.name)
            if number or sample.error:
                samples.append(sample)
    return samples


def run_once(case: Case, number: int, folder: Path, timeout: float) -> Sample:
    case.prepare()
    used = run(case.command, env=case.env, folder=folder, timeout=timeout)
    found, error = 0, ""
    if used.code:
        error = f"ended with {used.code}: {last_words(used.errors)}"
    else:
        try:
            found = case.findings(used.output)
        except (ValueError, OSError) as problem:
            error = str(problem)
    return Sample(
        case=case.name,
        round=number,
        seconds=used.seconds,
        cpu_seconds=used.cpu_seconds,
        peak_bytes=used.peak_bytes,
        findings=found,
        error=error,
    )


def last_words(errors: str) -> str:
    """The last line of what a program said, without the folders of this machine: results are published."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return re.sub(r"/(?:[\w.@+-]+/)+", "", lines[-1])[:300] if lines else "without a word"


def results(cases: Sequence[Case], samples: Sequence[Sample]) -> dict[str, Result]:
    """By case name, in the order of the cases. Runs that failed count only where no run worked."""
    times = {name: median(some) for name, some in _seconds(cases, samples)}
    return {case.name: _result(case, samples, times) for case in cases}


def _seconds(cases: Sequence[Case], samples: Sequence[Sample]) -> Iterator[tuple[str, list[float]]]:
    for case in cases:
        some = [sample.seconds for sample in samples if sample.case == case.name and not sample.error]
        if some:
            yield case.name, some


def _result(case: Case, samples: Sequence[Sample], times: Mapping[str, float]) -> Result:
    own = [sample for sample in samples if sample.case == case.name]
    good = [sample for sample in own if not sample.error]
    seconds = [sample.seconds for sample in good]
    middle = times.get(case.name, 0.0)
    rest = middle - times[case.tiny] if case.tiny in times else 0.0
    return Result(
        name=case.name,
        title=case.title,
        events=case.events,
        runs=len(good),
        seconds=middle,
        fastest=min(seconds, default=0.0),
        slowest=max(seconds, default=0.0),
        cpu_seconds=median([sample.cpu_seconds for sample in good]) if good else 0.0,
        peak_bytes=max((sample.peak_bytes for sample in good), default=0),
        findings=good[-1].findings if good else 0,
        rate=case.events / middle if middle else 0.0,
        steady_rate=case.events / rest if rest > 0 and good else None,
        error="" if good else next((sample.error for sample in own), "was not run"),
    )


def describe(sample: Sample) -> str:
    if sample.error:
        return f"{sample.case}: not measured: {sample.error}"
    peak = sample.peak_bytes / 1e6
    return f"{sample.case}: {sample.seconds:.2f} s, {sample.findings:,} findings, peak {peak:,.0f} MB"
