"""One JSON document: `{"summary": ..., "findings": [...]}`, or the listing's name instead of `findings`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import json_text
from stratagem.detect.model import Finding


def _findings(findings: Sequence[Finding], summary: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    from stratagem.events.detection_finding import to_ocsf

    yield _document({"summary": summary, "findings": [to_ocsf(finding) for finding in findings]})


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    yield _document({"summary": listing.summary, listing.name: listing.rows})


def _document(value: Mapping[str, Any]) -> str:
    return json_text(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode()) + "\n"


PLUGIN = Format(
    describe="One JSON document with the summary and the findings as OCSF Detection Findings.",
    suffixes=(".json",),
    findings=_findings,
    listing=_listing,
)
