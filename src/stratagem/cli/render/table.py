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

WIDE = 140
"""From this many columns on, a table can be read."""
COLUMNS = ("Level", "Time (UTC)", "Title", "Strategy, ATT&CK", "Who, where", "Evidence")
TITLE = 2
TITLE_SHARE = 0.3
"""Of the width: the title is a sentence, and sentences are hard to read in a narrow column."""
GAP = 2
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

    rows = [_cells(finding) for finding in findings]
    columns = {name: {"width": width} for name, width in zip(COLUMNS, _widths(rows, screen), strict=True)}
    cells = [[Text(row[0], style=STYLES.get(row[0], "")), *map(Text, row[1:])] for row in rows]
    return _grid(columns, cells, screen) + "\n"


def _cells(finding: Finding) -> list[str]:
    stacked = (
        (finding.level,),
        _words.when(finding.time).split(" "),
        (finding.title,),
        (finding.analytic_uid, " ".join(finding.attacks)),
        (_words.who(finding), _words.where(finding)),
        (_words.first_place(finding.evidences),),
    )
    return ["\n".join(printable(part) for part in parts if part) for parts in stacked]


def _widths(rows: Sequence[Sequence[str]], screen: Screen) -> list[int]:
    """As wide as the widest line of a column; where that is too much, the last three give way before the title does."""
    widths = [_widest(cells) for cells in zip(COLUMNS, *rows, strict=True)]
    room = screen.width - GAP * (len(COLUMNS) - 1) - sum(widths[:TITLE])
    title = min(widths[TITLE], max(int(screen.width * TITLE_SHARE), room - sum(widths[TITLE + 1 :])))
    others = widths[TITLE + 1 :]
    while sum(others) > room - title:
        others[others.index(max(others))] -= 1
    return [*widths[:TITLE], title, *others]


def _widest(cells: Sequence[str]) -> int:
    return max(cell_width(line) for cell in cells for line in cell.split("\n"))


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
