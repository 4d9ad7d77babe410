"""`stratagem run`: logs in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from stratagem.cli import output, progress, times
from stratagem.cli.options import FailOn, FormatName, Output, Quiet, Rules, SourceName, Strategies
from stratagem.cli.program import command
from stratagem.cli.render import _words
from stratagem.cli.render._contract import FINDINGS
from stratagem.cli.safe import printable
from stratagem.cli.session import Session, begin
from stratagem.detect.model import Finding
from stratagem.errors import Severity
from stratagem.settings import Settings
from stratagem.strategy.model import LEVELS

if TYPE_CHECKING:
    from stratagem.workspace import RunResult

SHOWN = 5
"""Problems of one kind that are shown one by one."""


def run(
    ctx: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for standard input.")
    ],
    strategies: Strategies = None,
    rules: Rules = None,
    source: SourceName = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="T", help="Events from this time on: 2026-11-20 or 7d.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="T", help="Events before this time.")] = None,
    learn_until: Annotated[
        str | None,
        typer.Option(
            "--learn-until",
            metavar="T",
            help="Correlations and baselines learn from everything, and report nothing from before this time.",
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="T", help="What they take for now: later events wait.")
    ] = None,
    lake: Annotated[str | None, typer.Option(metavar="URI", help="Keep the events in this Delta lake.")] = None,
    horizon: Annotated[
        str | None,
        typer.Option(
            metavar="DAYS",
            help="With a lake: findings older than this stand, and what was observed longer ago than the others need "
            "is dropped: 90d. Default: everything is kept.",
        ),
    ] = None,
    format_name: FormatName = None,
    file: Output = None,
    summary: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the run's summary as JSON.")] = None,
    fail_on: FailOn = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with 2 when a rule was rejected, or a record or file was quarantined."),
    ] = False,
    workers: Annotated[str | None, typer.Option(metavar="N", help="Worker processes. Default: one a core.")] = None,
    quiet: Quiet = False,
) -> None:
    """Find what the strategies describe in a mix of logs.

    Kubernetes audit, AWS CloudTrail, Entra, Microsoft Graph and Microsoft 365 logs are recognised, unwrapped and
    de-duplicated, whatever folder, archive or envelope they are in.
    """
    session = begin(
        ctx,
        shows=FINDINGS,
        strategies=strategies,
        rules=rules,
        lake=lake,
        horizon=horizon,
        format=format_name,
        fail_on=fail_on,
        strict=strict,
        workers=workers,
        quiet=quiet,
    )
    settings = session.settings
    now = datetime.now(UTC)
    first, last = times.span(start, end, now=now)
    with progress.shown(session) as report:
        result = session.workspace().run(
            paths,
            strategies=settings.strategies,
            rules=settings.rules,
            source=source,
            start=first,
            end=last,
            lake=settings.lake,
            horizon=settings.horizon,
            strict=settings.strict,
            workers=settings.workers,
            progress=report,
            detail=session.format_name(file) != "ndjson",
            learn_until=times.parse(learn_until, option="--learn-until", now=now) if learn_until else None,
            as_of=times.parse(as_of, option="--as-of", now=now) if as_of else None,
        )
    deliver(session, result, file, summary)
    raise typer.Exit(exit_code(result, settings))


def deliver(session: Session, result: RunResult, file: Path | None = None, summary: Path | None = None) -> None:
    """Findings where data goes; what was set aside, the summary and what to do next on standard error."""
    findings = session.format(file).findings
    assert findings is not None, "begin() has refused a format that cannot write findings"
    output.write(findings(result.findings, result.summary, output.screen()), file)
    if summary is not None:
        output.write([orjson.dumps(result.summary, default=str, option=orjson.OPT_INDENT_2).decode() + "\n"], summary)
    for line in (*_set_aside(result, session.settings), *_words.summary_lines(result.summary)):
        session.note(printable(line))
    for line in _advice(session, result, file):
        session.note(line)


def _set_aside(result: RunResult, settings: Settings) -> Iterator[str]:
    """What could not be used, by place: the first of each kind, and how many more there are."""
    errors = [str(problem) for problem in result.problems if problem.severity is not Severity.INFO]
    folder = (settings.strategies,) if settings.strategies else ()
    yield from _first(errors, f"problems. See them all: {command('lint', *folder)}")
    rejected = [_rejection(one) for one in result.summary["rules"]["rejected"]]
    yield from _first(rejected, "rejected rules. See them all with --summary FILE.")
    bad = [f"{_words.place(one.location)}: quarantined: {one.reason}" for one in result.quarantined]
    yield from _first(bad, "quarantined places. The summary counts all by reason.")


def _rejection(rule: Mapping[str, Any]) -> str:
    return f"{rule['file']}:{rule['line']}: rejected: {rule['construct']}: {rule['reason']}"


def _first(lines: Sequence[str], rest: str) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"... and {len(lines) - SHOWN:,} more {rest}"


def _advice(session: Session, result: RunResult, file: Path | None) -> Iterator[str]:
    if file is not None:
        yield f"Written to {file}"
    if not result.summary["events"]["total"]:
        yield f"No events were recognised. See why: {command('identify')} PATH"
    elif result.findings and session.format_name(file) == "table":
        yield from next_steps(result.findings[0], session.settings)


def next_steps(finding: Finding, settings: Settings) -> Iterator[str]:
    """What a person can do with the first finding: commands and files that exist."""
    yield ""
    yield "Next, for the first finding:"
    if finding.evidences:
        event = _words.place(finding.evidences[0].location)
        yield f"  why it fired    {command('explain', _analytic(finding), event, *_folders(settings))}"
    if finding.strategy_file:
        yield f"  what to do      {printable(finding.strategy_file)}"


def _analytic(finding: Finding) -> str:
    """The rule in the shortest words that name it: a strategy's only rule goes by the strategy's id."""
    lone = finding.rule_uid == f"{finding.analytic_uid}#{finding.analytic_uid}"
    return finding.analytic_uid if lone else finding.rule_uid


def _folders(settings: Settings) -> Iterator[str]:
    """The flags by which a further command finds the same rules; files and environment speak for themselves."""
    for name in ("strategies", "rules"):
        if settings.origins.get(name) == f"--{name}":
            yield from (f"--{name}", str(getattr(settings, name)))


def exit_code(result: RunResult, settings: Settings) -> int:
    """0, or 2 for content that did not load under --strict, or 1 for a finding at or over --fail-on."""
    summary = result.summary
    unusable = summary["quarantined"]["count"] or summary["rules"]["rejected"]
    if settings.strict and (unusable or any(one.severity is Severity.ERROR for one in result.problems)):
        return 2
    if settings.fail_on and any(_rank(item.level) >= LEVELS.index(settings.fail_on) for item in result.findings):
        return 1
    return 0


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1
