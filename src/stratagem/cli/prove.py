"""Commands that check strategies: what a document says, what it does, and why a rule fires or not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from stratagem.cli import _checks, _scores
from stratagem.cli.options import CheckFormatName, FormatName, LakeUri, Output, Quiet, Rules, Strategies
from stratagem.cli.render._contract import Listing
from stratagem.cli.session import Session, begin
from stratagem.errors import Severity, UsageError

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...", help="Strategy files or folders. Default: the workspace's, else the packaged ones."
    ),
]
FAILED = 1


def lint(
    ctx: typer.Context,
    paths: Paths = None,
    format_name: CheckFormatName = None,
    file: Output = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail as well.")] = False,
    quiet: Quiet = False,
) -> None:
    """Check strategies: all problems at once, each with its place and what to do. Errors exit with 1."""
    session = begin(ctx, shows="problems", format=format_name, strict=strict, quiet=quiet)
    problems = session.workspace().lint(paths or None)
    session.show(_checks.problems(problems), file)
    session.note(_checks.problem_count(problems))
    failing = {Severity.ERROR, Severity.WARNING} if session.settings.strict else {Severity.ERROR}
    raise typer.Exit(FAILED if any(problem.severity in failing for problem in problems) else 0)


def test(
    ctx: typer.Context,
    paths: Paths = None,
    format_name: CheckFormatName = None,
    file: Output = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Change the conditions one by one: which changes does no scenario notice?")
    ] = False,
    min_score: Annotated[
        int | None,
        typer.Option(
            "--min-score", metavar="PERCENT", min=0, max=100, help="With --mutate: exit with 1 below this share."
        ),
    ] = None,
    evade: Annotated[
        bool,
        typer.Option("--evade", help="Write positive scenarios as an attacker might instead: what is still caught?"),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Run every scenario of the strategies: what must fire fires, what must stay silent is silent.

    A failed scenario exits with 1. Nothing is skipped without a word.
    """
    if mutate and evade:
        raise UsageError("--mutate and --evade are two questions. Ask one at a time.")
    if min_score is not None and not mutate:
        raise UsageError("--min-score is a share of what --mutate changes. Give both.")
    if mutate:
        _mutate(begin(ctx, shows="mutants", format=format_name, quiet=quiet), paths, file, min_score)
        return
    if evade:
        session = begin(ctx, shows="evasions", format=format_name, quiet=quiet)
        attempts = session.workspace().evade(paths or None)
        session.show(_scores.evasions(attempts), file)
        session.note(_scores.evasion_count(attempts))
        return
    session = begin(ctx, shows="tests", format=format_name, quiet=quiet)
    results = session.workspace().test(paths or None)
    session.show(_checks.results(results), file)
    session.note(_checks.result_count(results))
    raise typer.Exit(0 if results and all(result.passed for result in results) else FAILED)


def _mutate(session: Session, paths: list[str] | None, file: Path | None, min_score: int | None) -> None:
    found = session.workspace().mutate(paths or None, each=lambda one: session.note(_scores.progress(one)))
    session.show(_scores.mutants(found), file)
    session.note(_scores.mutant_count(found))
    share = _scores.share(found)
    if any(one.skipped for one in found) or (min_score is not None and (share is None or share * 100 < min_score)):
        raise typer.Exit(FAILED)


def explain(
    ctx: typer.Context,
    analytic: Annotated[
        str,
        typer.Argument(
            metavar="ANALYTIC", help="A strategy's id, strategy#rule, or a Sigma rule's id; or the id of a finding."
        ),
    ],
    event: Annotated[
        str | None,
        typer.Argument(
            metavar="[EVENT]",
            help="JSON, @FILE, - for standard input, or FILE:OFFSET[:INDEX]. None for a finding in the lake.",
        ),
    ] = None,
    strategies: Strategies = None,
    rules: Rules = None,
    lake: LakeUri = None,
    format_name: FormatName = None,
    quiet: Quiet = False,
) -> None:
    """Say why a rule fires on an event or does not: every test with PASS or FAIL, the actual value and the reason.

    Of a correlation's or baseline's finding in the lake: its members, counts and what had been learned.
    """
    session = begin(ctx, strategies=strategies, rules=rules, lake=lake, format=format_name, quiet=quiet)
    settings = session.settings
    if event is None:
        lines = session.workspace().explain_finding(
            analytic, settings.lake, strategies=settings.strategies, rules=settings.rules
        )
        session.show(_story("explanation", lines))
        return
    step = session.workspace().explain(analytic, _event(event), strategies=settings.strategies, rules=settings.rules)
    session.show(_checks.explanation(step))


def trace(
    ctx: typer.Context,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="The event's id, or source/id.")],
    strategies: Strategies = None,
    rules: Rules = None,
    lake: LakeUri = None,
    format_name: FormatName = None,
    quiet: Quiet = False,
) -> None:
    """Show the way of an event in the lake: parsed, matched, filtered, observed, found, withdrawn."""
    session = begin(ctx, strategies=strategies, rules=rules, lake=lake, format=format_name, quiet=quiet)
    settings = session.settings
    lines = session.workspace().trace(event, settings.lake, strategies=settings.strategies, rules=settings.rules)
    session.show(_story("trace", lines))


def _story(name: str, lines: Sequence[Any]) -> Listing:
    return Listing(name=name, columns=("step", "says"), rows=[{"step": line.step, "says": line.says} for line in lines])


def _event(text: str) -> str | bytes:
    """The event as given: `-` and `@FILE` are read, JSON and FILE:OFFSET stay as they are."""
    if text == "-":
        return sys.stdin.buffer.read()
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_bytes()
    except OSError as error:
        raise UsageError(f"{text[1:]} cannot be read: {error.strerror}.") from error
