"""A prose ADS report to a draft: headings mapped to the nine sections, every line of text kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from stratagem.strategy.doubts import attack_ids, doubts, severity
from stratagem.strategy.draft import TITLES, Draft, draft_id, quoted, title_from, write
from stratagem.strategy.model import SECTIONS
from stratagem.strategy.outline import Heading, Outline, outline, section_title

_HOMES = {
    "attack mapping": "Categorization",
    "kill chain": "Categorization",
    "mitre att ck": "Categorization",
    "platforms": "Categorization",
    "tactic": "Categorization",
    "tactics": "Categorization",
    "data sources": "Technical Context",
    "environment": "Technical Context",
    "environments": "Technical Context",
    "log sources": "Technical Context",
    "tooling": "Technical Context",
    "tools": "Technical Context",
    "containment": "Response",
    "investigation": "Response",
    "tests": "Validation",
}
"""Headings that reports add to the nine, and the section that they belong to; the rest is additional."""
_GENERIC = re.compile(r"\bADS\b|\balerting\b.*\bdetection\b|\bframework\b|\breport\b|\btemplate\b", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class _Report:
    """A report being sorted into sections."""

    document: Outline
    sections: dict[str, list[str]] = field(default_factory=lambda: {title: [] for title in TITLES})
    lines: dict[str, int] = field(default_factory=dict)
    """The report's line of each section's heading."""
    order: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def keep(self, title: str, text: str) -> None:
        if text.strip():
            self.sections[title].append(text)

    def text(self, title: str) -> str:
        return "\n\n".join(self.sections[title])


def import_report(text: str, file: str) -> Draft:
    """A draft with all the text of a report; what fits no section stands under Additional Resources."""
    report = _Report(document=outline(text))
    level = _section_level(report.document)
    title = _title(report, level, file)
    _sort(report, level)
    _note_structure(report)
    ids = attack_ids(report.text("Categorization"), report.notes)
    front = {
        "title": title,
        "status": "draft",
        "attack": ids,
        "severity": severity(report.text("Priority"), report.lines.get("Priority", 0), report.notes),
    }
    sections = {title: report.text(title) for title in TITLES}
    notes = [*report.notes, *doubts(sections, report.lines, ids)]
    return Draft(id=draft_id(file), markdown=_whole(front, sections, notes, report.document), notes=tuple(notes))


def _section_level(document: Outline) -> int:
    """The heading level that the report uses for its sections: the one with most of their names."""
    named = Counter(heading.level for heading in document.headings if section_title(heading.title))
    return max(named, key=lambda level: (named[level], -level), default=2)


def _title(report: _Report, level: int, file: str) -> str:
    headings = (heading for heading in report.document.headings if heading.level < level)
    heading = next((heading for heading in headings if heading.title and not section_title(heading.title)), None)
    if heading is None:
        report.notes.append("missing: a title; this one is made from the file name")
    elif _GENERIC.search(heading.title):
        report.notes.append(
            f"doubtful: the title '{heading.title}' names the kind of document, not what is detected; "
            f"this one is made from the file name (line {heading.line})"
        )
    else:
        return heading.title
    return title_from(file)


def _sort(report: _Report, level: int) -> None:
    """Put each piece of the report under the section that it belongs to."""
    document = report.document
    starts = [heading for heading in document.headings if heading.level <= level]
    first, *ends = [*(start.line for start in starts), len(document.lines) + 1]
    begin = 1
    if document.front_matter is not None:
        begin = document.front_matter.end + 1
        _outside(report, quoted(document.front_matter.text, "yaml"), 1)
    _outside(report, "\n".join(_body(document, begin, first)), begin)
    for heading, end in zip(starts, ends, strict=True):
        body = "\n".join(_body(document, heading.end, end)).strip("\n")
        title = section_title(heading.title)
        if title is not None:
            _section(report, heading, title, body)
        elif heading.level < level:
            _outside(report, body, heading.line)
        else:
            _extra(report, heading, body)


def _section(report: _Report, heading: Heading, title: str, body: str) -> None:
    if heading.title != title:
        report.notes.append(f"kept: heading '{heading.title}' reads '{title}' (line {heading.line})")
    if title in report.lines:
        report.notes.append(f"doubtful: '{title}' is there twice; the texts are joined (line {heading.line})")
    report.lines.setdefault(title, heading.line)
    report.order.append(title)
    report.keep(title, body)


def _extra(report: _Report, heading: Heading, body: str) -> None:
    words = " ".join(re.sub(r"[^a-z]+", " ", heading.title.casefold()).split())
    home = _HOMES.get(words, "Additional Resources")
    report.notes.append(f"kept: '{heading.title}' is no ADS section; it stands under '{home}' (line {heading.line})")
    report.keep(home, f"### {heading.title}\n\n{body}".rstrip("\n"))


def _outside(report: _Report, body: str, line: int) -> None:
    if body.strip():
        report.notes.append(f"kept: text outside the sections stands under 'Additional Resources' (line {line})")
        report.keep("Additional Resources", body.strip("\n"))


def _body(document: Outline, start: int, end: int) -> Iterator[str]:
    """The lines from `start` to before `end`, with headings no higher than level 3."""
    inside = {heading.line: heading for heading in document.headings if start <= heading.line < end}
    shift = max((3 - heading.level for heading in inside.values()), default=0)
    line = start
    while line < end:
        heading = inside.get(line)
        if heading is None:
            yield document.lines[line - 1]
            line += 1
        else:
            yield f"{'#' * min(heading.level + max(shift, 0), 6)} {heading.title}"
            line = heading.end


def _note_structure(report: _Report) -> None:
    """Note sections that are missing or empty, and an order that is not the framework's."""
    for title in SECTIONS:
        if title not in report.lines:
            report.notes.append(f"missing: section '{title}'")
        elif not report.text(title).strip():
            report.notes.append(f"missing: section '{title}' is empty (line {report.lines[title]})")
    known = [title for title in report.order if title in SECTIONS]
    late = next((pair for pair in pairwise(known) if _rank(pair[0]) > _rank(pair[1])), None)
    if late:
        report.notes.append(f"kept: '{late[0]}' stood before '{late[1]}'; the sections are in ADS order now")


def _rank(title: str) -> int:
    return SECTIONS.index(title)


def _whole(front: Mapping[str, object], sections: Mapping[str, str], notes: list[str], source: Outline) -> str:
    """The document, checked: where a piece of text swallows the headings after it, the text is quoted instead."""
    markdown = write(front, sections, notes)
    found = [heading.title for heading in outline(markdown).headings if heading.level <= 2]
    if found == list(TITLES):
        return markdown
    notes.append("doubtful: an open code block or comment swallows headings; the report is quoted whole")
    return write(front, {"Additional Resources": quoted("\n".join(source.lines), "text")}, notes)
