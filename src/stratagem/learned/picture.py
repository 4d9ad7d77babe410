"""A baseline's entity over time as SVG: a bar a day, the warm-up, the limit, if any, and what was reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 900, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 64, 48
_BAR, _NEW, _LIMIT, _ALERT, _COLD, _INK, _FAINT = (
    "#5b86b5",
    "#e08a2b",
    "#333333",
    "#c0262d",
    "#eeeeee",
    "#222222",
    "#777777",
)
_DATES = 8
_TITLE = 100
"""Characters that fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day (UTC) of an entity."""

    day: date
    amount: float
    """Its events, or the largest of its windows (spike)."""
    new: int = 0
    """Values that it had for the first time."""
    limit: float | None = None
    """What was too much that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is drawn. `days` follow each other without gaps."""

    title: str
    unit: str
    """What a bar is: "events a day"."""
    days: tuple[Day, ...]
    warm_from: datetime | None = None
    """None: not warm within the picture."""
    alerts: tuple[tuple[datetime, str], ...] = ()
    """When something was reported, and what."""


def svg(picture: Picture) -> str:
    """The picture as a document of its own; the same picture is the same text."""
    return "".join(line + "\n" for line in _lines(picture))


def _lines(picture: Picture) -> Iterator[str]:
    frame = _Frame(picture)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" font-family="sans-serif" font-size="12" fill="{_INK}">'
    )
    yield f"<title>{_text(picture.title)}</title>"
    yield f"<desc>{_text(_described(picture))}</desc>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    yield f'<text x="{_LEFT}" y="20" font-size="15">{_text(_short(picture.title))}</text>'
    yield from _legend(picture)
    if picture.days:
        yield from _cold(picture, frame)
        yield from _axes(picture, frame)
        yield from _bars(picture, frame)
        yield from _limit(picture, frame)
        yield from _alerts(picture, frame)
    yield "</svg>"


class _Frame:
    """Where things are."""

    def __init__(self, picture: Picture) -> None:
        count = max(len(picture.days), 1)
        tops = [day.amount for day in picture.days] + [day.limit for day in picture.days if day.limit is not None]
        self.step = (WIDTH - _LEFT - _RIGHT) / count
        self.most = _round(max([*tops, 1]))
        self.floor = HEIGHT - _BOTTOM
        self.first = picture.days[0].day if picture.days else date.min

    def x(self, day: float) -> float:
        """Of so many days after the first."""
        return _LEFT + day * self.step

    def y(self, amount: float) -> float:
        return self.floor - amount / self.most * (self.floor - _TOP)

    def of(self, time: datetime) -> float:
        """Days after the first."""
        return (time.date() - self.first).days + (time.hour * 60 + time.minute) / 1440


def _round(most: float) -> float:
    """The next 1, 2 or 5 with zeros."""
    size = 1.0
    while size * 10 <= most:
        size *= 10
    return next(size * step for step in (1, 2, 5, 10) if size * step >= most)


def _cold(picture: Picture, frame: _Frame) -> Iterator[str]:
    end = len(picture.days) if picture.warm_from is None else min(frame.of(picture.warm_from), len(picture.days))
    if end > 0:
        height = frame.floor - _TOP
        yield f'<rect x="{_LEFT}" y="{_TOP}" width="{end * frame.step:.1f}" height="{height}" fill="{_COLD}"/>'
        yield f'<text x="{_LEFT + 6}" y="{_TOP + 15}" fill="{_FAINT}">warm-up: no alerts</text>'


def _axes(picture: Picture, frame: _Frame) -> Iterator[str]:
    for part in (0, 0.5, 1):
        y = frame.y(frame.most * part)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>'
        label = f"{frame.most * part:,.10g}"
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{_FAINT}">{label}</text>'
    every = -(-len(picture.days) // _DATES)
    for number, day in enumerate(picture.days):
        if number % every == 0:
            x = frame.x(number + 0.5)
            yield f'<text x="{x:.1f}" y="{frame.floor + 18}" text-anchor="middle" fill="{_FAINT}">{day.day}</text>'


def _bars(picture: Picture, frame: _Frame) -> Iterator[str]:
    width = max(frame.step * 0.8, 0.5)
    for number, day in enumerate(picture.days):
        if not day.amount:
            continue
        x, y = frame.x(number + 0.1), frame.y(day.amount)
        said = f"{day.day}: {day.amount:,.10g}" + (f", {day.new} new" if day.new else "")
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{frame.floor - y:.1f}" fill="{_BAR}">'
            f"<title>{_text(said)}</title></rect>"
        )
        if day.new:
            yield f'<circle cx="{x + width / 2:.1f}" cy="{frame.floor + 4:.1f}" r="3" fill="{_NEW}"/>'


def _limit(picture: Picture, frame: _Frame) -> Iterator[str]:
    steps: list[str] = []
    for number, day in enumerate(picture.days):
        if day.limit is None:
            yield from _path(steps)
            steps = []
            continue
        y = frame.y(day.limit)
        steps += [f"{frame.x(number):.1f},{y:.1f}", f"{frame.x(number + 1):.1f},{y:.1f}"]
    yield from _path(steps)


def _path(points: Sequence[str]) -> Iterator[str]:
    if points:
        yield f'<polyline points="{" ".join(points)}" fill="none" stroke="{_LIMIT}" stroke-dasharray="4 3"/>'


def _alerts(picture: Picture, frame: _Frame) -> Iterator[str]:
    for time, said in picture.alerts:
        x = frame.x(frame.of(time))
        if _LEFT <= x <= WIDTH - _RIGHT:
            yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{frame.floor}" stroke="{_ALERT}" opacity="0.5"/>'
            yield (
                f'<path d="M{x - 5:.1f},{_TOP - 8} L{x + 5:.1f},{_TOP - 8} L{x:.1f},{_TOP} Z" fill="{_ALERT}">'
                f"<title>{_text(said)}</title></path>"
            )


def _legend(picture: Picture) -> Iterator[str]:
    items = [(_BAR, picture.unit)]
    if any(day.new for day in picture.days):
        items.append((_NEW, "new values"))
    if any(day.limit is not None for day in picture.days):
        items.append((_LIMIT, "limit"))
    if picture.alerts:
        items.append((_ALERT, "reported"))
    x = _LEFT
    for colour, word in items:
        yield f'<rect x="{x}" y="33" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{x + 15}" y="42">{_text(word)}</text>'
        x += 40 + 7 * len(word)


def _described(picture: Picture) -> str:
    if not picture.days:
        return "Nothing was observed."
    warm = f"warm from {picture.warm_from:%Y-%m-%d}" if picture.warm_from else "not warm"
    span = f"{picture.days[0].day} to {picture.days[-1].day}"
    return f"{picture.unit}, {span}; {warm}; {len(picture.alerts)} reported."


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "\u2026"


def _text(words: str) -> str:
    """Text of events must neither be markup nor hold what XML cannot."""
    return escape("".join(letter if letter.isprintable() else " " for letter in words))
