"""Rows for a spreadsheet: no cell is a formula, whatever the events hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stratagem.cli.render import _words
from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import cell
from stratagem.detect.model import Finding

COLUMNS = (
    "time",
    "level",
    "title",
    "analytic",
    "rule",
    "status",
    "attack",
    "who",
    "principal",
    "cluster",
    "account",
    "tenant",
    "region",
    "source",
    "file",
    "offset",
    "index",
    "events",
    "uid",
)


def _findings(findings: Sequence[Finding], summary: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    yield from _rows(COLUMNS, ([_row(finding)[name] for name in COLUMNS] for finding in findings))


def _row(finding: Finding) -> dict[str, Any]:
    first = finding.evidences[0] if finding.evidences else None
    labels = finding.labels
    return {
        "time": finding.time.isoformat(),
        "level": finding.level,
        "title": finding.title,
        "analytic": finding.analytic_uid,
        "rule": finding.rule_uid,
        "status": finding.status,
        "attack": " ".join(finding.attacks),
        "who": _words.who(finding),
        "principal": finding.principal,
        "cluster": labels.cluster,
        "account": labels.account,
        "tenant": labels.tenant,
        "region": labels.region,
        "source": first.source if first else None,
        "file": first.location.file if first else None,
        "offset": first.location.offset if first else None,
        "index": first.location.index if first else None,
        "events": " ".join(evidence.event_uid for evidence in finding.evidences),
        "uid": finding.uid,
    }


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    yield from _rows(
        listing.columns, ([_words.words(row.get(name)) for name in listing.columns] for row in listing.rows)
    )


def _rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield _line(columns)
    for row in rows:
        yield _line(["" if value is None else cell(value) for value in row])


def _line(values: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(values)
    return buffer.getvalue()


PLUGIN = Format(
    describe="Comma-separated values, one row a finding, safe to open in a spreadsheet.",
    suffixes=(".csv",),
    findings=_findings,
    listing=_listing,
)
