"""An outline as ADS sections: which heading is which section, and which fenced blocks are ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stratagem.complaints import closest
from stratagem.errors import Severity
from stratagem.places import Located, Place, read
from stratagem.strategy.model import OPTIONAL_SECTIONS, SECTIONS, Block, CodeFence, Section
from stratagem.strategy.notes import Notes
from stratagem.strategy.outline import Fence, Heading, Outline, section_title
from stratagem.strategy.schemas import BLOCK_KINDS

HOMES = {
    "sigma": ("Strategy Abstract",),
    "correlation": ("Strategy Abstract",),
    "baseline": ("Strategy Abstract",),
    "telemetry": ("Blind Spots and Assumptions", "Technical Context"),
    "filter": ("False Positives",),
    "scenario": ("Blind Spots and Assumptions", "False Positives", "Validation"),
    "priority": ("Priority",),
    "playbook": ("Response",),
}
"""The headings under which a reader looks for each block kind."""
SCENARIO_HOMES = {
    "missed": ("Blind Spots and Assumptions",),
    "silent": ("False Positives", "Validation"),
    "finding": ("Validation",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A block with its places. Not `valid`: its data has a flaw or breaks its schema (noted)."""

    block: Block
    located: Located
    valid: bool

    @property
    def place(self) -> Place:
        """Where its opening fence stands."""
        return self.block.line - 1, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The sections of a document, and all its blocks in order."""

    known: dict[str, Section]
    unknown: tuple[Section, ...]
    blocks: tuple[Read, ...]

    def of_kind(self, kind: str) -> Iterator[Read]:
        """The valid blocks of a kind."""
        return (read for read in self.blocks if read.block.kind == kind and read.valid)


def read_sections(document: Outline, notes: Notes, *, draft: bool) -> Sections:
    """Sections and blocks, with their problems noted. A missing section is an error unless the strategy is a draft."""
    known: dict[str, Section] = {}
    unknown: list[Section] = []
    starts = [heading for heading in document.headings if _is_start(heading, document, notes)]
    end = len(document.lines) + 1
    before, _ = _fences(document, "", 0, starts[0].line if starts else end, notes)
    blocks = list(before)
    for heading, following in zip(starts, [*(start.line for start in starts[1:]), end], strict=False):
        title = section_title(heading.title) or heading.title
        found, plain = _fences(document, title, heading.line, following, notes)
        blocks += found
        section = Section(
            title=title,
            text="\n".join(document.lines[heading.end - 1 : following - 1]),
            line=heading.line,
            blocks=tuple(read.block for read in found),
            fences=tuple(plain),
        )
        if title in known:
            message = f"section '{title}' is there twice; the first is on line {known[title].line}"
            notes.add("S-HEADING", message, (heading.line, 1), fix="Join them.")
        if title in known or title not in (*SECTIONS, *OPTIONAL_SECTIONS):
            unknown.append(section)
        else:
            known[title] = section
    _note_missing(known, notes, draft=draft)
    return Sections(known=known, unknown=tuple(unknown), blocks=tuple(blocks))


def note_place(what: str, section: str, homes: tuple[str, ...], place: Place, notes: Notes) -> None:
    """Note something that stands where no reader looks for it."""
    where = f"under '{section}'" if section else "before the first section"
    fix = f"Readers look for it under {' or '.join(repr(home) for home in homes)}."
    notes.warn("S-PLACE", f"{what} stands {where}.", place, fix=fix)


def _is_start(heading: Heading, document: Outline, notes: Notes) -> bool:
    if heading.level != 1:
        return heading.level == 2
    title = section_title(heading.title)
    if title is not None:
        message = f"section '{heading.title}' is a level-1 heading."
        notes.warn("S-HEADING", message, (heading.line, 1), fix=f"Write '## {title}'.")
    before = (other for other in document.headings if other.line < heading.line)
    return title is not None or any(other.level <= 2 for other in before)


def _note_missing(known: dict[str, Section], notes: Notes, *, draft: bool) -> None:
    severity = Severity.WARNING if draft else Severity.ERROR
    for title in SECTIONS:
        if title not in known:
            message = f"section '{title}' is missing."
            notes.add("S-SECTION", message, (1, 1), fix=f"Add '## {title}'.", severity=severity)


def _fences(document: Outline, section: str, start: int, end: int, notes: Notes) -> tuple[list[Read], list[CodeFence]]:
    found: list[Read] = []
    plain: list[CodeFence] = []
    for fence in document.fences:
        if not start <= fence.line - 1 < end:
            continue
        language, kind = _kind(fence, notes)
        if kind:
            found.append(_block(fence, language, kind, section, notes))
        else:
            plain.append(CodeFence(language=language, text=fence.text, line=fence.line, section=section))
    return found, plain


def _kind(fence: Fence, notes: Notes) -> tuple[str, str]:
    """The language of a fenced block, and its kind: "" where it is none of ours."""
    words = fence.info.split()
    language = words[0] if words else ""
    place = (fence.line - 1, 1)
    if language in BLOCK_KINDS:
        notes.add("S-KIND", f"'{language}' stands where the language does.", place, fix=f"Write '```yaml {language}'.")
    if len(words) < 2 or language not in ("yaml", "yml") or not re.fullmatch(r"[A-Za-z_-]+", words[1]):
        return language, ""
    kind = words[1].lower()
    if kind in BLOCK_KINDS:
        return language, kind
    message = f"unknown block kind '{words[1]}'{closest(kind, BLOCK_KINDS)}"
    notes.add("S-KIND", message, place, fix=f"Known kinds: {', '.join(BLOCK_KINDS)}.")
    return language, ""


def _block(fence: Fence, language: str, kind: str, section: str, notes: Notes) -> Read:
    located = read(fence.text, line=fence.line, margins=fence.margins)
    place = (fence.line - 1, 1)
    notes.yaml(located)
    if not fence.closed:
        notes.add("S-FENCE", f"the {kind} block has no end.", place, fix="Close it with a line '```'.")
    if section not in HOMES[kind]:
        note_place(f"a {kind} block", section, HOMES[kind], place, notes)
    valid = not located.flaws
    if located.value is not None or valid:
        valid = notes.schema(kind, located, f"S-{kind.upper()}") and valid
    block = Block(
        kind=kind,
        language=language,
        text=fence.text,
        data=located.value,
        line=fence.line,
        section=section,
        lines=located.lines,
    )
    return Read(block=block, located=located, valid=valid)
