"""Coverage as SVG: a row a technique by tactic, a column a source by platform. Colour and shape both tell the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from stratagem.attack.model import Attack
from stratagem.coverage.model import Cell, Coverage, State
from stratagem.coverage.navigator import COLOURS, described

_LABELS, _CELL, _ROW, _HEAD, _MARGIN, _LEGEND = 380, 46, 24, 190, 16, 64
_INK, _FAINT, _LINE = "#222222", "#666666", "#dddddd"
_SHORT = 52
"""Characters of a technique's name that fit."""
_LEAST = 760
_SLANT = 90
"""Room for the last column's name."""


def svg(found: Coverage, attack: Attack) -> str:
    """The picture as a document of its own; the same coverage is the same text."""
    return "".join(line + "\n" for line in _lines(found, attack))


def _lines(found: Coverage, attack: Attack) -> Iterator[str]:
    columns = sorted({(cell.platform, cell.source) for cell in found.cells})
    rows = _rows(found, attack)
    width = max(_LABELS + _CELL * len(columns) + 2 * _MARGIN + _SLANT, _LEAST)
    height = _LEGEND + _HEAD + _ROW * len(rows) + 2 * _MARGIN
    title = f"Coverage of ATT&CK {found.attack_version}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="sans-serif" font-size="12" fill="{_INK}">'
    )
    yield f"<title>{_text(title)}</title>"
    yield f"<desc>{_text(_counted(found))}</desc>"
    yield f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    yield f'<text x="{_MARGIN}" y="26" font-size="16">{_text(title)}</text>'
    yield f'<text x="{_MARGIN}" y="44" font-size="11" fill="{_FAINT}">{_text(described(found))}</text>'
    yield from _legend(found)
    top = _LEGEND + _HEAD
    yield from _heads(columns, top)
    places = {key: _MARGIN + _LABELS + number * _CELL for number, key in enumerate(columns)}
    for number, (kind, name, cells) in enumerate(rows):
        y = top + number * _ROW
        if kind == "tactic":
            yield f'<text x="{_MARGIN}" y="{y + 17}" font-weight="bold">{_text(name)}</text>'
            continue
        yield f'<text x="{_MARGIN + 10}" y="{y + 16}">{_text(_cut(name))}<title>{_text(name)}</title></text>'
        end = _MARGIN + _LABELS + _CELL * len(columns)
        yield f'<line x1="{_MARGIN}" y1="{y + _ROW}" x2="{end}" y2="{y + _ROW}" stroke="{_LINE}"/>'
        for cell in cells:
            yield from _cell(cell, places[cell.platform, cell.source], y)
    if not found.cells:
        yield f'<text x="{_MARGIN}" y="{top}">No strategy claims a technique.</text>'
    yield "</svg>"


Row = tuple[str, str, Sequence[Cell]]
"""(tactic or technique, its name, the technique's cells)."""


def _rows(found: Coverage, attack: Attack) -> list[Row]:
    rows: list[Row] = []
    for cells in found.techniques.values():
        technique = cells[0].technique
        tactic = next((one.name for one in attack.tactics if one.short_name in technique.tactics), "No tactic")
        if ("tactic", tactic, ()) not in rows:
            rows.append(("tactic", tactic, ()))
        rows.append(("technique", str(technique), cells))
    return rows


def _heads(columns: Sequence[tuple[str, str]], top: int) -> Iterator[str]:
    """Sources upwards over their columns, platforms over them, each platform over all its sources."""
    for number, (platform, source) in enumerate(columns):
        x = _MARGIN + _LABELS + number * _CELL
        yield f'<text transform="translate({x + _CELL / 2 + 4},{top - 8}) rotate(-50)">{_text(source)}</text>'
        if number == 0 or columns[number - 1][0] != platform:
            yield f'<line x1="{x}" y1="{top - 6}" x2="{x}" y2="{top + 4}" stroke="{_FAINT}"/>'
            room = sum(one == platform for one, _ in columns) * _CELL
            yield (
                f'<rect x="{x + 1}" y="{_LEGEND + 4}" width="{room - 2}" height="3" fill="{_FAINT}"/>'
                f'<text x="{x + 1}" y="{_LEGEND + 20}" font-weight="bold" font-size="11">'
                f"{_text(_fit(platform or 'no platform', room))}<title>{_text(platform)}</title></text>"
            )


def _fit(name: str, room: int) -> str:
    most = max(room // 7, 3)
    return name if len(name) <= most else name[: most - 1] + "\u2026"


def _cell(cell: Cell, x: int, y: int) -> Iterator[str]:
    said = f"{cell.state}: {', '.join(cell.strategies)}"
    said += f" ({'; '.join(cell.why)})" if cell.why else ""
    yield f"<g><title>{_text(said)}</title>"
    yield from _mark(cell.state, x + _CELL / 2, y + _ROW / 2)
    yield "</g>"


def _mark(state: State, x: float, y: float) -> Iterator[str]:
    """A full, a half or an empty box."""
    left, up, wide, high = x - 15, y - 8, 30, 16
    colour = COLOURS[state]
    box = f'<rect x="{left}" y="{up}" width="{wide}" height="{high}" rx="3"'
    match state:
        case State.EARNED:
            yield f'{box} fill="{colour}" stroke="{colour}"/>'
        case State.PARTLY:
            yield f'{box} fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
            yield f'<rect x="{left}" y="{up}" width="{wide / 2}" height="{high}" rx="3" fill="{colour}"/>'
        case State.CLAIMED:
            yield f'{box} fill="#ffffff" stroke="#8a919b" stroke-dasharray="3 2"/>'


def _legend(found: Coverage) -> Iterator[str]:
    x = float(_MARGIN + 15)
    for state in State:
        yield from _mark(state, x, _LEGEND + 16 + 44)
        word = f"{state} ({found.count(state)})"
        yield f'<text x="{x + 22}" y="{_LEGEND + 64}">{word}</text>'
        x += 50 + 7 * len(word)


def _counted(found: Coverage) -> str:
    counts = ", ".join(f"{found.count(state)} {state}" for state in State)
    return f"{len(found.techniques)} techniques; of {len(found.cells)} cells {counts}."


def _cut(name: str) -> str:
    return name if len(name) <= _SHORT else name[: _SHORT - 1] + "\u2026"


def _text(words: str) -> str:
    return escape("".join(letter if letter.isprintable() else " " for letter in words))
