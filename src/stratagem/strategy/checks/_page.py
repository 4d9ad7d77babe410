"""A strategy as a page: its prose in passages (paragraphs, list items, table rows) that know the place of every letter.

Fenced blocks, front matter and HTML comments are no prose. Columns count from 1, as in the document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from stratagem.strategy.model import Block, CodeFence, Section, Strategy

_ITEM = re.compile(r"(?P<indent>\s*)(?P<marker>[-*+]|\d{1,3}[.)])\s+(?P<task>\[[ xX]\]\s+)?")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)[\"')*_`]*\s+(?=[\"'(*_`\[]*[A-Z0-9])")
_UNDERLINE = re.compile(r"\s*(?:=+|-+)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of prose; everything that is none is blanked out, so that columns stay true."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item, table row or heading. `starts` are (offset in `text`, line, column) of its lines."""

    text: str
    section: str
    kind: str
    """paragraph, item, row or heading."""
    starts: tuple[tuple[int, int, int], ...]
    marker: str = ""

    @property
    def line(self) -> int:
        return self.starts[0][1]

    @property
    def column(self) -> int:
        return self.starts[0][2]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the document of an offset into `text`."""
        row = max(bisect_right([start for start, _, _ in self.starts], offset) - 1, 0)
        start, line, column = self.starts[row]
        return line, column + offset - start

    def part(self, start: int, end: int) -> Passage:
        """The passage from `start` to `end`, with its places."""
        inside = [row for row in self.starts if start < row[0] < end]
        line, column = self.place(start)
        starts = ((0, line, column), *((offset - start, row, col) for offset, row, col in inside))
        return Passage(self.text[start:end], self.section, self.kind, starts, self.marker)

    def sentences(self) -> Iterator[Passage]:
        """The passage cut at the ends of its sentences."""
        start = 0
        for match in _SENTENCE_END.finditer(self.text):
            yield self.part(start, match.end())
            start = match.end()
        if self.text[start:].strip():
            yield self.part(start, len(self.text))


def passages(strategy: Strategy, *titles: str) -> tuple[Passage, ...]:
    """The prose of the sections named, or of all sections, in document order."""
    found: list[Passage] = []
    for section in sections(strategy):
        if not titles or section.title in titles:
            first = _first_line(strategy, section)
            found += _passages(section.text, section.title, first, frozenset(_fenced(section)))
    return tuple(found)


def sentences(strategy: Strategy, *titles: str) -> Iterator[Passage]:
    """The sentences of the sections named; headings left out."""
    for passage in passages(strategy, *titles):
        if passage.kind != "heading":
            yield from passage.sentences()


def sections(strategy: Strategy) -> tuple[Section, ...]:
    """Known and unknown sections, in document order."""
    found = (*strategy.sections.values(), *strategy.unknown_sections)
    return tuple(sorted(found, key=lambda section: section.line))


def _prose_lines(text: str, first: int, fenced: frozenset[int]) -> Iterator[Line]:
    """The section's lines with fenced blocks and comments blanked; `first` is the document line of its text."""
    lines = text.split("\n")
    kept = ["" if first + i in fenced else line for i, line in enumerate(lines)]
    blanked = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), "\n".join(kept))
    for i, line in enumerate(blanked.split("\n")):
        yield Line(first + i, line)


def _first_line(strategy: Strategy, section: Section) -> int:
    # Below a heading that is underlined, the text begins one line later than usual.
    lines = strategy.text.split("\n")
    after = section.line + 1
    underlined = len(lines) > section.line and bool(_UNDERLINE.fullmatch(lines[section.line]))
    if underlined and section.text.split("\n")[0] != lines[section.line]:
        return after + 1
    return after


def _fenced(section: Section) -> set[int]:
    found: set[int] = set()
    fences: tuple[Block | CodeFence, ...] = (*section.blocks, *section.fences)
    for fence in fences:
        found.update(range(fence.line - 1, fence.line + fence.text.count("\n") + (not fence.text.endswith("\n")) + 1))
    return found


@lru_cache(maxsize=4096)
def _passages(text: str, section: str, first: int, fenced: frozenset[int]) -> tuple[Passage, ...]:
    return tuple(_join(group, section) for group in _groups(_prose_lines(text, first, fenced)))


def _groups(lines: Iterable[Line]) -> Iterator[tuple[str, str, list[Line]]]:
    """Lines that belong together, with the kind of passage and its list marker."""
    kind, marker = "", ""
    group: list[Line] = []
    for line in lines:
        fresh = _kind(line.text, kind)
        if fresh is None:
            group.append(line)
            continue
        if group:
            yield kind, marker, group
        kind, group = fresh, [line] if fresh else []
        match = _ITEM.match(line.text)
        marker = match["marker"] if match and fresh == "item" else ""
    if group:
        yield kind, marker, group


def _kind(text: str, before: str) -> str | None:
    """The kind of passage that a line begins; None continues the one before; "" is a gap."""
    if not text.strip():
        return ""
    if text.lstrip().startswith("#"):
        return "heading"
    if text.lstrip().startswith("|") or text.count("|") >= 2:
        return "row"
    if _ITEM.match(text):
        return "item"
    return None if before in ("item", "paragraph") else "paragraph"


def _join(group: tuple[str, str, list[Line]], section: str) -> Passage:
    kind, marker, lines = group
    text, starts = "", []
    for line in lines:
        match = _ITEM.match(line.text) if kind == "item" and not text else None
        skip = match.end() if match else len(line.text) - len(line.text.lstrip())
        text += "\n" if text else ""
        starts.append((len(text), line.number, skip + 1))
        text += line.text[skip:].rstrip()
    return Passage(text, section, kind, tuple(starts), marker)


def find(passages: Iterable[Passage], patterns: Iterable[str]) -> Iterator[tuple[re.Match[str], Passage]]:
    """Each match of each pattern, in any case, with the passage that holds it."""
    compiled = [_compiled(pattern) for pattern in patterns]
    for passage in passages:
        for pattern in compiled:
            for match in pattern.finditer(passage.text):
                yield match, passage


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def search(patterns: Iterable[str], text: str) -> re.Match[str] | None:
    """The first match of any of the patterns, in any case."""
    return next((match for pattern in patterns if (match := _compiled(pattern).search(text))), None)


def plain(text: str) -> str:
    """The text without emphasis, links and code marks, on one line."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_`]+", "", text).split())


def front_matter_line(strategy: Strategy, text: str) -> tuple[int, int]:
    """Where the front matter says `text`: line and column, or (1, 1)."""
    lines = strategy.text.split("\n")
    if not lines or lines[0].rstrip() != "---":
        return 1, 1
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in ("---", "..."):
            break
        if text and text in line:
            return number, line.index(text) + 1
    return 1, 1


def section_place(strategy: Strategy, title: str) -> tuple[int, int]:
    """Where a section's heading stands, or (1, 1)."""
    section = strategy.sections.get(title)
    return (section.line, 1) if section else (1, 1)
