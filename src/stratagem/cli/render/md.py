"""A Markdown report: what was read, what was found by level, with evidence and next steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from stratagem.cli.render import _words
from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import markdown
from stratagem.detect.model import Finding

SHOWN_EVENTS = 10


def _findings(findings: Sequence[Finding], summary: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    yield "# Findings\n\n"
    for line in _words.summary_lines(summary):
        yield f"- {markdown(line)}\n"
    for level, group in groupby(findings, key=lambda finding: finding.level):
        yield f"\n## {level.capitalize()}\n"
        for finding in group:
            yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"\n### {markdown(finding.title)}\n\n"
    yield from _table(("", ""), [(name, value) for name, value in _facts(finding) if value])
    yield "\nEvidence:\n\n"
    for evidence in finding.evidences[:SHOWN_EVENTS]:
        time = _words.when(evidence.time) if evidence.time else "no time"
        event = f"{time} {evidence.source} {evidence.event_uid} in {_words.place(evidence.location)}"
        yield f"- {markdown(event)}\n"
    if len(finding.evidences) > SHOWN_EVENTS:
        yield f"- and {len(finding.evidences) - SHOWN_EVENTS} more events\n"
    if finding.next_steps:
        yield "\nNext:\n\n"
        yield from (f"{number}. {markdown(step)}\n" for number, step in enumerate(finding.next_steps, 1))


def _facts(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "Time", f"{_words.when(finding.time)} UTC"
    yield "Level", finding.level + (f" ({finding.level_because})" if finding.level_because else "")
    yield "Analytic", f"{finding.analytic_name} ({finding.analytic_uid})"
    yield "Rule", finding.rule_name if finding.rule_name != finding.analytic_name else ""
    yield "ATT&CK", ", ".join(finding.attacks)
    yield "Who", _words.who(finding)
    yield "Principal", finding.principal or ""
    yield "Where", _words.where(finding)
    yield "About", finding.description
    yield "Strategy", finding.strategy_file or ""


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    yield f"# {listing.name.capitalize()}\n\n"
    yield from _table(
        listing.columns, [[_words.words(row.get(name)) for name in listing.columns] for row in listing.rows]
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |\n"
    yield f"|{'---|' * len(columns)}\n"
    for row in rows:
        yield f"| {' | '.join('' if value is None else markdown(value) for value in row)} |\n"


PLUGIN = Format(
    describe="A Markdown report to hand over.",
    suffixes=(".md",),
    findings=_findings,
    listing=_listing,
)
