"""One JSON object a line: findings as OCSF Detection Findings (class 2004), listings row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson

from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import json_text
from stratagem.detect.model import Finding, Lined

_TOGETHER = 512
"""Lines that are made safe and written at once."""


def _findings(findings: Sequence[Finding], summary: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    from stratagem.events.finding_lines import line

    lines = iter(findings.lines() if isinstance(findings, Lined) else map(line, findings))
    while some := list(islice(lines, _TOGETHER)):
        yield json_text(b"\n".join(some).decode()) + "\n"


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    for row in listing.rows:
        yield _line(row)


def _line(value: Mapping[str, Any]) -> str:
    return json_text(orjson.dumps(value, default=str).decode()) + "\n"


PLUGIN = Format(
    describe="One OCSF Detection Finding (class 2004) as JSON a line.",
    suffixes=(".ndjson", ".jsonl"),
    findings=_findings,
    listing=_listing,
)
