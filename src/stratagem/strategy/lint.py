"""Lint: every check over every document, with places; what the author allowed is set apart, not lost.

A document allows a code in an HTML comment with a reason: `<!-- lint: allow L-ADS-05 because the baseline is named -->`.
Inside a section it counts for that section, before the first one for the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stratagem import attack
from stratagem.attack import Attack
from stratagem.errors import Problem, Severity, UsageError
from stratagem.strategy.checks import CHECKS
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._page import sections
from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import Parsed

_ALLOW = re.compile(
    r"<!--\s*lint:\s*allow\s+(?P<codes>[\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+because\b(?P<reason>.*?))?\s*-->", re.DOTALL
)
_ALLOW_CODE = "L-ALLOW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """A problem that the document allows, and why."""

    problem: Problem
    reason: str
    line: int
    """Where the comment stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What lint came to: the problems that stand, and those that their documents allow."""

    problems: tuple[Problem, ...]
    suppressed: tuple[Suppressed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowance:
    code: str
    reason: str
    line: int
    first: int
    last: int


def lint(
    parsed: Iterable[Parsed],
    *,
    only: Iterable[str] | None = None,
    attack_version: str | None = None,
    bases: Path | None = None,
) -> tuple[Problem, ...]:
    """The problems of `report` that stand, sorted by file and line."""
    return report(parsed, only=only, attack_version=attack_version, bases=bases).problems


def report(
    parsed: Iterable[Parsed],
    *,
    only: Iterable[str] | None = None,
    attack_version: str | None = None,
    bases: Path | None = None,
) -> Report:
    """Run the checks over the documents, beside what reading them found.

    `only` are codes or beginnings of codes ("L-ATT"); what reading found is then left out.
    `attack_version` is the workspace's; a strategy's own `attack_version` wins. `bases` is the folder of the workspace's
    own event bases. Raises UsageError for a code that no check has and for a version that is not pinned.
    """
    documents = tuple(parsed)
    checks = select(only)
    workspace = attack_version or attack.DEFAULT_VERSION
    attack.load(workspace)
    strategies = tuple(document.strategy for document in documents)
    kept: list[Problem] = []
    suppressed: list[Suppressed] = []
    for document in documents:
        found = list(_problems(document, checks, workspace, strategies, bases))
        if only is None:
            found += [problem for problem in document.problems if problem.code != "S-SECTION"]
        allowances, wrong = _allowances(document.strategy)
        kept += wrong
        for problem in found:
            allowance = _allowed(problem, allowances)
            if allowance is None:
                kept.append(problem)
            else:
                suppressed.append(Suppressed(problem=problem, reason=allowance.reason, line=allowance.line))
        kept += _unused(document.strategy, allowances, suppressed) if only is None else []
    return Report(problems=tuple(sorted(kept, key=_order)), suppressed=tuple(suppressed))


def select(only: Iterable[str] | None) -> tuple[Check, ...]:
    """The checks with these codes or beginnings of codes; None is all of them, in the order of their codes."""
    checks = _checks()
    if only is None:
        return checks
    wanted = [code.upper() for code in only]
    for code in wanted:
        if not any(check.code.startswith(code) for check in checks):
            raise UsageError(f"no check {code!r}. There are: {', '.join(check.code for check in checks)}")
    return tuple(check for check in checks if check.code.startswith(tuple(wanted)))


@cache
def _checks() -> tuple[Check, ...]:
    return tuple(sorted(CHECKS.values(), key=lambda check: check.code))


def desk(
    strategy: Strategy,
    *,
    attack_version: str = attack.DEFAULT_VERSION,
    strategies: tuple[Strategy, ...] = (),
    bases: Path | None = None,
) -> Desk:
    """What the checks see beside the strategy. A version that is not pinned is read as the workspace's."""
    version = strategy.attack_version
    if version not in attack.versions():
        version = attack_version
    return Desk(
        attack=attack.load(version),
        other_attack=_other(version),
        strategies=strategies,
        sources=_source_ids(),
        bases=bases,
    )


def _other(version: str) -> Attack:
    others = [other for other in attack.versions() if other != version]
    return attack.load(others[-1] if others else version)


def _source_ids() -> tuple[str, ...]:
    from stratagem.sources import SOURCES

    return SOURCES.ids


def _problems(
    document: Parsed,
    checks: tuple[Check, ...],
    workspace: str,
    strategies: tuple[Strategy, ...],
    bases: Path | None,
) -> Iterator[Problem]:
    strategy = document.strategy
    around = desk(strategy, attack_version=workspace, strategies=strategies, bases=bases)
    for check in checks:
        for hit in check.find(strategy, around):
            yield _problem(check, hit, strategy.file)
    if strategy.attack_version not in (None, *attack.versions()):
        versions = ", ".join(attack.versions())
        message = f"ATT&CK version '{strategy.attack_version}' is not pinned; read as {workspace}"
        yield Problem(
            code="L-ATT-03",
            severity=Severity.ERROR,
            file=strategy.file,
            message=message,
            line=1,
            fix=f"Pinned are: {versions}.",
        )


def _problem(check: Check, hit: Hit, file: str) -> Problem:
    return Problem(
        code=check.code,
        severity=hit.severity or check.severity,
        file=file,
        message=hit.message,
        line=hit.line,
        column=hit.column,
        fix=hit.fix,
    )


def _order(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.file, problem.line, problem.column, problem.code, problem.message


# --- what a document allows


def _allowances(strategy: Strategy) -> tuple[list[_Allowance], list[Problem]]:
    found: list[_Allowance] = []
    wrong: list[Problem] = []
    for match in _ALLOW.finditer(strategy.text):
        line = strategy.text.count("\n", 0, match.start()) + 1
        reason = " ".join((match["reason"] or "").split())
        first, last = _scope(strategy, line)
        for code in re.split(r"\s*,\s*", match["codes"].upper()):
            known = any(check.code == code for check in _checks())
            if not known or not reason:
                wrong.append(_bad_comment(strategy.file, line, code, known))
            else:
                found.append(_Allowance(code=code, reason=reason, line=line, first=first, last=last))
    return found, wrong


def _bad_comment(file: str, line: int, code: str, known: bool) -> Problem:
    message = f"'lint: allow {code}' gives no reason" if known else f"'lint: allow {code}' names no check"
    fix = f"Write: <!-- lint: allow {code if known else 'L-ADS-05'} because ... -->"
    return Problem(code=_ALLOW_CODE, severity=Severity.ERROR, file=file, message=message, line=line, column=1, fix=fix)


def _scope(strategy: Strategy, line: int) -> tuple[int, int]:
    """The lines that a comment on `line` counts for: its section, or the whole document."""
    starts = [section.line for section in sections(strategy)]
    before = [start for start in starts if start <= line]
    if not before:
        return 0, strategy.text.count("\n") + 2
    after = [start for start in starts if start > line]
    return before[-1], (after[0] - 1 if after else strategy.text.count("\n") + 2)


def _allowed(problem: Problem, allowances: list[_Allowance]) -> _Allowance | None:
    fitting = (a for a in allowances if a.code == problem.code and a.first <= problem.line <= a.last)
    return next(fitting, None)


def _unused(strategy: Strategy, allowances: list[_Allowance], suppressed: list[Suppressed]) -> list[Problem]:
    used = {(each.problem.file, each.problem.code, each.line) for each in suppressed}
    return [
        Problem(
            code=_ALLOW_CODE,
            severity=Severity.INFO,
            file=strategy.file,
            message=f"'lint: allow {allowance.code}' allows nothing here",
            line=allowance.line,
            column=1,
            fix="Drop the comment.",
        )
        for allowance in allowances
        if (strategy.file, allowance.code, allowance.line) not in used
    ]


def render_markdown() -> str:
    """The reference page of the checks, as Markdown."""
    lines = [
        "# Lint checks",
        "",
        "<!-- Generated from the checks themselves: STRATAGEM_WRITE_GOLDEN=1 python -m pytest tests/unit/strategy -->",
        "",
        "`stratagem lint` runs these on every strategy document.",
        "An error blocks, a warning wants a look, info is for the record.",
        "Each has one file in `src/stratagem/strategy/checks/`.",
        "",
        "A document allows a check with a reason, in the section that it concerns:",
        "",
        "```html",
        "<!-- lint: allow L-ADS-05 because the baseline block below says what is usual -->",
        "```",
        "",
        "Before the first section the comment counts for the whole document.",
        "What is allowed is counted, a comment without a reason is an error (L-ALLOW).",
        "",
        "| check | severity | catches |",
        "|---|---|---|",
    ]
    lines += [f"| [{check.code}](#{check.code.lower()}) | {check.severity} | {check.catches} |" for check in _checks()]
    for check in _checks():
        lines += ["", f"## {check.code}", "", _sentence(check.catches), "", "Trips it:", ""]
        lines += ["````markdown", check.example.strip("\n"), "````"]
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
