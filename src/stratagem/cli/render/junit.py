"""JUnit XML, as CI servers read it: a suite for each strategy, a case for each scenario.

Source: https://github.com/testmoapp/junitxml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import printable


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    failures = sum(not row["passed"] for row in listing.rows)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="stratagem {listing.name}" tests="{len(listing.rows)}" failures="{failures}" errors="0">\n'
    for strategy, rows in groupby(listing.rows, key=lambda row: row["strategy"]):
        yield from _suite(str(strategy), list(rows))
    yield "</testsuites>\n"


def _suite(strategy: str, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    failures = sum(not row["passed"] for row in rows)
    yield f'  <testsuite name={_quoted(strategy)} tests="{len(rows)}" failures="{failures}" errors="0" skipped="0">\n'
    for row in rows:
        name = row["scenario"] or "has a scenario"
        place = f'file={_quoted(row["file"])} line="{row["line"]}"'
        case = f"    <testcase classname={_quoted(strategy)} name={_quoted(name)} {place}"
        if row["passed"]:
            yield f"{case}/>\n"
            continue
        yield f"{case}>\n"
        where = f"{row['file']}:{row['line']}: {row['reason']}"
        yield f'      <failure message={_quoted(row["reason"])} type="scenario">{_text(where)}</failure>\n'
        yield "    </testcase>\n"
    yield "  </testsuite>\n"


def _quoted(value: Any) -> str:
    return quoteattr(_sound(value))


def _text(value: Any) -> str:
    return escape(_sound(value))


def _sound(value: Any) -> str:
    """Printable, and without the two characters beyond that which XML forbids."""
    return printable(value).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


PLUGIN = Format(
    describe="JUnit XML for CI servers; of `test`.",
    suffixes=(".xml",),
    listing=_listing,
    only=("tests",),
)
