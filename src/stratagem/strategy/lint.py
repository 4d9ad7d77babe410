"""Lint: every check over every document, with places; what the author allowed is set apart, not lost.

How a document allows a code is allow.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stratagem import attack
from stratagem.attack import Attack
from stratagem.errors import Problem, Severity, UsageError
from stratagem.strategy.allow import Suppressed, sift
from stratagem.strategy.checks import CHECKS
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy
from stratagem.strategy.parse import Parsed
from stratagem.strategy.proof import Behaviour


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What lint came to: the problems that stand, and those that their documents allow."""

    problems: tuple[Problem, ...]
    suppressed: tuple[Suppressed, ...] = ()


def lint(
    parsed: Iterable[Parsed],
    *,
    only: Iterable[str] | None = None,
    attack_version: str | None = None,
    bases: Path | None = None,
    behaviour: Behaviour | None = None,
) -> tuple[Problem, ...]:
    """The problems of `report` that stand, sorted by file and line."""
    return report(parsed, only=only, attack_version=attack_version, bases=bases, behaviour=behaviour).problems


def report(
    parsed: Iterable[Parsed],
    *,
    only: Iterable[str] | None = None,
    attack_version: str | None = None,
    bases: Path | None = None,
    behaviour: Behaviour | None = None,
) -> Report:
    """Run the checks over the documents, beside what reading them found.

    `only` are codes or beginnings of codes ("L-ATT"); what reading found is then left out.
    `attack_version` is the workspace's; a strategy's own `attack_version` wins. `bases` is the folder of the
    workspace's own event bases. Raises UsageError for a code that no check has and for a version that is not pinned.
    """
    documents = tuple(parsed)
    checks = select(only)
    codes = frozenset(check.code for check in _checks())
    workspace = attack_version or attack.DEFAULT_VERSION
    attack.load(workspace)
    strategies = tuple(document.strategy for document in documents)
    kept: list[Problem] = []
    suppressed: list[Suppressed] = []
    for document in documents:
        found = list(_problems(document, checks, workspace, strategies, bases, behaviour))
        if only is None:
            # A missing section is L-ADS-01's to tell.
            found += [problem for problem in document.problems if problem.code != "S-SECTION"]
        sifted = sift(document.strategy, found, codes, all_ran=only is None)
        kept += sifted.kept
        suppressed += sifted.suppressed
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
    behaviour: Behaviour | None = None,
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
        behaviour=behaviour,
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
    behaviour: Behaviour | None,
) -> Iterator[Problem]:
    strategy = document.strategy
    around = desk(strategy, attack_version=workspace, strategies=strategies, bases=bases, behaviour=behaviour)
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
