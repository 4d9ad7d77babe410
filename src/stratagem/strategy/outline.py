"""A Markdown document as an outline: front matter, title, level-2 sections, fenced blocks, each with its line.

Only structure: what a heading or a block means is decided in parse.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from stratagem.strategy.model import OPTIONAL_SECTIONS, SECTIONS

_ALIASES = {
    "abstract": "Strategy Abstract",
    "additional resource": "Additional Resources",
    "additional references": "Additional Resources",
    "adversary emulation": "Validation",
    "alert priority": "Priority",
    "assumptions": "Blind Spots and Assumptions",
    "assumptions and blind spots": "Blind Spots and Assumptions",
    "blind spots": "Blind Spots and Assumptions",
    "categorisation": "Categorization",
    "false positive": "False Positives",
    "goals": "Goal",
    "priorities": "Priority",
    "references": "Additional Resources",
    "resources": "Additional Resources",
    "responses": "Response",
    "strategy": "Strategy Abstract",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading at the document's top level. `line` counts from 1; `end` is the first line after it."""

    level: int
    title: str
    line: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block. `line` is the line of its first content line; `margins` what stands left of each."""

    info: str
    text: str
    line: int
    margins: tuple[int, ...]
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What stands between the first `---` line and the next. `end` is the number of lines that it takes up."""

    text: str
    end: int
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A document's structure. `lines` are its lines without line ends; line N is `lines[N - 1]`."""

    lines: tuple[str, ...]
    front_matter: FrontMatter | None
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]


def section_title(heading: str) -> str | None:
    """The ADS section that a heading means, or None: "Validation (Adversary Emulation)" is "Validation"."""
    plain = re.sub(r"\([^)]*\)", "", heading).replace("&", " and ")
    plain = " ".join(re.sub(r"[*_`:#.]", " ", plain).split()).casefold()
    for title in (*SECTIONS, *OPTIONAL_SECTIONS):
        if plain == title.casefold():
            return title
    return _ALIASES.get(plain)


def normalise(text: str) -> str:
    """The text with `\\n` line ends and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def outline(text: str) -> Outline:
    """The structure of a Markdown document (CommonMark); any text has one."""
    lines = tuple(normalise(text).split("\n"))
    front = _front_matter(lines)
    covered = front.end if front else 0
    # Blank lines stand in for the front matter, so that every line keeps its number.
    body = "\n".join(("",) * covered + lines[covered:])
    tokens = _markdown().parse(body)
    return Outline(
        lines=lines,
        front_matter=front,
        headings=tuple(_headings(tokens)),
        fences=tuple(_fences(tokens, lines)),
    )


@cache
def _markdown() -> MarkdownIt:
    # Inline markup is of no interest here, and parsing it takes most of the time.
    return MarkdownIt("commonmark").disable(["inline", "text_join"])


def _front_matter(lines: tuple[str, ...]) -> FrontMatter | None:
    if lines[0].rstrip() != "---":
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return FrontMatter(text="\n".join(lines[1:number]), end=number + 1, closed=True)
        if line.startswith(("# ", "## ")):
            return FrontMatter(text="\n".join(lines[1:number]), end=number, closed=False)
    return FrontMatter(text="\n".join(lines[1:]), end=len(lines), closed=False)


def _headings(tokens: list[Token]) -> Iterator[Heading]:
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield Heading(
                level=int(token.tag[1:]), title=inline.content.strip(), line=token.map[0] + 1, end=token.map[1] + 1
            )


def _fences(tokens: list[Token], lines: tuple[str, ...]) -> Iterator[Fence]:
    for token in tokens:
        if token.type != "fence" or not token.map:
            continue
        first, end = token.map
        content = token.content.split("\n")
        raw = lines[first + 1 : first + 1 + len(content)]
        margins = tuple(max(len(line) - len(part), 0) for line, part in zip(raw, content, strict=False))
        yield Fence(
            info=token.info.strip(),
            text=token.content,
            line=first + 2,
            margins=margins,
            closed=_is_closing(lines[end - 1] if end - 1 > first else "", token.markup),
        )


def _is_closing(line: str, markup: str) -> bool:
    stripped = line.strip().lstrip("> ")
    return stripped.startswith(markup) and not stripped.strip(markup[0])
