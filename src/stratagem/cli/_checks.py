"""What `lint`, `test` and `explain` show: rows for machines, lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stratagem.cli.render._contract import Listing, Screen
from stratagem.cli.safe import printable
from stratagem.errors import Problem, Severity

if TYPE_CHECKING:
    from stratagem.rules.explain import Step
    from stratagem.strategy.proof import TestResult

SHOWN_BRANCHES = 6
"""Records and rules that `explain` shows to people; machines get all."""
_RED, _YELLOW, _GREEN, _DIM = "31", "33", "32", "2"
_COLOURS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.INFO: _DIM}


def _paint(text: str, colour: str, screen: Screen) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if screen.colour else text


def problems(found: Sequence[Problem]) -> Listing:
    """Problems as a compiler prints them: place, code, severity, what, and what to do."""
    columns = ("severity", "code", "file", "line", "column", "message", "fix")
    rows = [{name: getattr(problem, name) for name in columns} for problem in found]

    def lines(screen: Screen) -> Iterator[str]:
        for problem in found:
            severity = _paint(problem.severity.value, _COLOURS[problem.severity], screen)
            yield f"{printable(problem.where)}: {severity}: {printable(problem.message)} [{problem.code}]\n"
            if problem.fix:
                yield f"    {printable(problem.fix)}\n"

    return Listing(name="problems", columns=columns, rows=rows, summary=_counts(found), lines=lines)


def _counts(found: Sequence[Problem]) -> dict[str, int]:
    counts = Counter(problem.severity for problem in found)
    return {severity.value: counts[severity] for severity in Severity}


def problem_count(found: Sequence[Problem]) -> str:
    """`3 errors, 1 warning, 0 infos`."""
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in _counts(found).items())


def results(found: Sequence[TestResult]) -> Listing:
    """Scenarios with what was expected and what came."""
    rows = [_result(result) for result in found]

    def lines(screen: Screen) -> Iterator[str]:
        for row in rows:
            word = _paint("ok  ", _GREEN, screen) if row["passed"] else _paint("FAIL", _RED, screen)
            yield f"{word}  {row['strategy']}: {printable(row['scenario'])} (expect: {row['expect']})\n"
            if not row["passed"]:
                yield f"      {row['file']}:{row['line']}: {printable(row['reason'])}\n"

    failed = sum(not row["passed"] for row in rows)
    summary = {"total": len(rows), "passed": len(rows) - failed, "failed": failed}
    columns = ("passed", "strategy", "scenario", "expect", "reason", "file", "line")
    return Listing(name="tests", columns=columns, rows=rows, summary=summary, lines=lines)


def _result(result: TestResult) -> dict[str, Any]:
    return {
        "strategy": result.strategy,
        "scenario": result.scenario,
        "expect": result.expect,
        "passed": result.passed,
        "reason": result.reason,
        "file": result.file,
        "line": result.line,
    }


def result_count(found: Sequence[TestResult]) -> str:
    """`40 scenarios: 39 passed, 1 failed`."""
    if not found:
        return "No scenarios were found: nothing is proven."
    passed = sum(result.passed for result in found)
    return f"{len(found)} scenarios: {passed} passed, {len(found) - passed} failed"


def explanation(step: Step) -> Listing:
    """The tree of tests, one row for each, deeper ones indented."""
    rows = list(_steps(step, 0))

    def lines(screen: Screen) -> Iterator[str]:
        branches = _telling(step.children)
        shown = replace(step, children=branches)
        for row in _steps(shown, 0):
            word = _paint("PASS", _GREEN, screen) if row["passed"] else _paint("FAIL", _RED, screen)
            reason = f": {printable(row['reason'])}" if row["reason"] else ""
            yield f"{word} {'  ' * row['depth']}{printable(row['label'])}{reason}\n"
        if len(branches) < len(step.children):
            yield f"... and {len(step.children) - len(branches):,} more records or rules\n"

    return Listing(name="steps", columns=("depth", "passed", "label", "actual", "reason"), rows=rows, lines=lines)


def _telling(branches: Sequence[Step]) -> tuple[Step, ...]:
    """All branches where they are few; of a document with many records those that fire, or else the first ones."""
    if len(branches) <= SHOWN_BRANCHES:
        return tuple(branches)
    return tuple([branch for branch in branches if branch.passed] or branches)[:SHOWN_BRANCHES]


def _steps(step: Step, depth: int) -> Iterator[dict[str, Any]]:
    yield {
        "depth": depth,
        "passed": step.passed,
        "label": step.label,
        "actual": list(step.actual),
        "reason": step.reason,
    }
    for child in step.children:
        yield from _steps(child, depth + 1)
