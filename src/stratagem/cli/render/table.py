"""For a person at a terminal: a table where there is room for one, else a few lines for each finding."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from stratagem.cli.render import _words
from stratagem.cli.render._contract import Format, Listing, Screen
from stratagem.cli.safe import printable
from stratagem.detect.model import Finding

WIDE = 132
"""From this many columns on, eight columns side by side can be read."""
ROOMY = 150
GAP = 2
CAPS = {
    "Level": 13,
    "Time (UTC)": 19,
    "Title": 120,
    "Strategy or rule": 34,
    "ATT&CK": 9,
    "Who": 24,
    "Where": 20,
    "Evidence": 28,
}
"""The columns of the wide table, and how wide each may be. Words wrap; the title takes what the others leave."""
STYLES = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "informational": "dim",
}


def _findings(findings: Sequence[Finding], summary: Mapping[str, Any], screen: Screen) -> Iterator[str]:
    if not findings:
        yield "No findings.\n"
    elif screen.width >= WIDE:
        yield _wide(findings, screen)
    else:
        for finding in findings:
            yield from _narrow(finding, screen)


def _wide(findings: Sequence[Finding], screen: Screen) -> str:
    from rich.text import Text

    rows = []
    for finding in findings:
        parts = [finding.level, _words.when(finding.time), finding.title, finding.analytic_uid]
        parts += [" ".join(finding.attacks), _words.who(finding), _words.where(finding)]
        rows.append([printable(part) for part in (*parts, _words.first_place(finding.evidences))])
    widths = _widths(rows, screen)
    columns = {name: {"width": width} for name, width in zip(CAPS, widths, strict=True)}
    cells = [[Text(row[0], style=STYLES.get(row[0], "")), *map(Text, row[1:])] for row in rows]
    return _grid(columns, cells, screen) + "\n"


def _widths(rows: Sequence[Sequence[str]], screen: Screen) -> list[int]:
    """Each column as wide as its widest cell, up to its cap; the title has what is left."""
    caps = CAPS if screen.width >= ROOMY else {**CAPS, "Time (UTC)": 10, "Who": 20, "Evidence": 20}
    widest = [max(map(cell_width, (name, *cells))) for name, *cells in zip(CAPS, *rows, strict=True)]
    widths = [min(width, cap) for width, cap in zip(widest, caps.values(), strict=True)]
    title = list(CAPS).index("Title")
    others = sum(widths) - widths[title] + GAP * (len(widths) - 1)
    widths[title] = min(widest[title], screen.width - others)
    return widths


def cell_width(text: str) -> int:
    """Terminal columns that a text takes; ideographs take two."""
    from rich.cells import cell_len

    return cell_len(text)


def _narrow(finding: Finding, screen: Screen) -> Iterator[str]:
    level = f"{finding.level.upper():<8}"
    title = _wrapped(f"{level} {_words.when(finding.time)}  {finding.title}", screen, indent=0)
    yield _paint(level, STYLES.get(finding.level, ""), screen) + title.removeprefix(level)
    about = (_words.who(finding), _words.where(finding))
    for parts in ((finding.analytic_uid, " ".join(finding.attacks)), about):
        line = " · ".join(part for part in parts if part)
        yield _wrapped(line, screen, indent=9) if line else ""
    yield _wrapped(_words.first_place(finding.evidences), screen, indent=9) + "\n"


def _wrapped(text: str, screen: Screen, *, indent: int) -> str:
    """Lines within the screen; a word that is too long goes on in the next line, nothing is cut off."""
    lines = textwrap.wrap(
        printable(text),
        screen.width,
        initial_indent=" " * indent,
        subsequent_indent=" " * 9,
        break_on_hyphens=False,
    )
    return "\n".join(lines) + "\n"


def _listing(listing: Listing, screen: Screen) -> Iterator[str]:
    from rich.text import Text

    if listing.lines is not None:
        yield from listing.lines(screen)
        return
    rows = [[Text(printable(_words.words(row.get(name)))) for name in listing.columns] for row in listing.rows]
    columns: dict[str, dict[str, Any]] = {name.replace("_", " ").capitalize(): {} for name in listing.columns}
    yield _grid(columns, rows, screen)


def _grid(columns: Mapping[str, Mapping[str, Any]], rows: Sequence[Sequence[Any]], screen: Screen) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for name, options in columns.items():
        table.add_column(name, overflow="fold", **options)
    for row in rows:
        table.add_row(*row)
    lines = _rendered(table, screen).splitlines()
    return "".join(f"{line.rstrip(' ')}\n" for line in lines)


def _paint(text: str, style: str, screen: Screen) -> str:
    from rich.text import Text

    return _rendered(Text(text, style=style, end=""), screen) if screen.colour and style else text


def _rendered(thing: Any, screen: Screen) -> str:
    from rich.console import Console

    buffer = StringIO()
    Console(
        file=buffer,
        width=screen.width,
        force_terminal=screen.colour,
        color_system="standard" if screen.colour else None,
        highlight=False,
        markup=False,
        legacy_windows=False,
    ).print(thing, end="" if hasattr(thing, "plain") else "\n")
    return buffer.getvalue()


PLUGIN = Format(
    describe="A table for people; findings in a few lines each where the terminal is narrow.",
    suffixes=(".txt",),
    findings=_findings,
    listing=_listing,
)
