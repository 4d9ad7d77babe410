"""SARIF 2.1.0, as code-scanning services and editors read it: each problem, failed scenario or survivor at its place.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from stratagem import __version__
from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import json_text

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_RULES = {"tests": ("T-SCENARIO", "error"), "mutants": ("T-MUTANT", "warning")}
"""Code and severity of rows that have none of their own."""
_DESCRIBED = {
    "T-SCENARIO": "scenario that does not come out as it says",
    "T-MUTANT": "change of a condition that no scenario notices",
}


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    results = [_result(row, listing.name) for row in listing.rows if not _is_fine(row)]
    codes = sorted({result["ruleId"] for result in results})
    driver = {
        "name": "stratagem",
        "version": __version__,
        "rules": [{"id": code, "shortDescription": {"text": _describe(code)}} for code in codes],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json_text(orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2).decode()) + "\n"


def _is_fine(row: Mapping[str, Any]) -> bool:
    """A scenario that passed, a mutant that was noticed."""
    return bool(row.get("passed") or row.get("killed"))


def _result(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    code, severity = row.get("code"), row.get("severity")
    if code is None:
        code, severity = _RULES[name]
    said = " ".join(str(row[key]) for key in ("scenario", "message", "reason", "fix") if row.get(key))
    uri = _uri(str(row["file"]))
    # The line is left out: a finding keeps its identity when text is added above it.
    identity = hashlib.sha256("\0".join((str(code), uri, said)).encode()).hexdigest()
    return {
        "ruleId": str(code),
        "level": _LEVELS[str(severity)],
        "message": {"text": said},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, **_region(row)}}],
        "partialFingerprints": {"stratagem/v1": identity},
    }


def _region(row: Mapping[str, Any]) -> dict[str, Any]:
    line, column = int(row.get("line") or 0), int(row.get("column") or 0)
    if not line:
        return {}
    return {"region": {"startLine": line, **({"startColumn": column} if column else {})}}


def _uri(file: str) -> str:
    """Relative to the folder that the command runs in, which for CI is the repository; else absolute."""
    path = Path(file)
    try:
        return quote(path.resolve().relative_to(Path.cwd().resolve()).as_posix())
    except ValueError:
        return path.resolve().as_uri()


def _describe(code: str) -> str:
    from stratagem.strategy.checks import CHECKS

    name = code.lower().replace("-", "_")
    return CHECKS[name].catches if name in CHECKS.ids else _DESCRIBED.get(code, "problem in a document")


PLUGIN = Format(
    describe="SARIF 2.1.0 for code scanning and editors; of `lint` and `test`.",
    suffixes=(".sarif",),
    listing=_listing,
    only=("problems", "tests", "mutants"),
)
