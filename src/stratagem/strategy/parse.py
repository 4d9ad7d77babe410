"""Markdown to Strategy: every section and block with its place, and every problem beside it, all at once.

Any text gives a Strategy; what could not be read is missing from it and named in the problems.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stratagem.errors import Problem, Severity, UsageError
from stratagem.rules.model import Filter, Rejection, Rule
from stratagem.strategy import blocks, sigma
from stratagem.strategy.blocks import Lists, Notes
from stratagem.strategy.model import (
    SECTIONS,
    Block,
    CodeFence,
    Playbook,
    Priority,
    Scenario,
    Section,
    Strategy,
    Telemetry,
)
from stratagem.strategy.outline import Fence, Heading, Outline, outline, section_title
from stratagem.strategy.places import Located, read
from stratagem.strategy.schemas import BLOCK_KINDS, LATER_KINDS, closest

MAX_BYTES = 4_000_000
"""A larger file is no strategy document."""

_HOMES = {
    "sigma": ("Strategy Abstract",),
    "correlation": ("Strategy Abstract",),
    "baseline": ("Strategy Abstract",),
    "telemetry": ("Blind Spots and Assumptions", "Technical Context"),
    "filter": ("False Positives",),
    "scenario": ("Blind Spots and Assumptions", "False Positives", "Validation"),
    "priority": ("Priority",),
    "playbook": ("Response",),
}
_SCENARIO_HOMES = {
    "missed": ("Blind Spots and Assumptions",),
    "silent": ("False Positives", "Validation"),
    "finding": ("Validation",),
}
_ONCE = ("priority", "telemetry", "playbook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document as read. `problems` are in document order; with an error among them it does not run."""

    strategy: Strategy
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing stands in the way of running it."""
        return all(problem.severity != Severity.ERROR for problem in self.problems)


def parse(text: str, *, file: str, lists: Lists | None = None) -> Parsed:
    """Read one strategy document; never raises. `lists` are the values for Sigma's `|expand`."""
    return _Document(text, file, lists or {}).parsed()


def load_folder(path: str | Path, lists: Lists | None = None) -> tuple[Parsed, ...]:
    """Read every `*.md` file below `path` (or the file itself), sorted by path.

    Hidden files and README.md are no strategies. Ids must be unique across the folder.
    Raises UsageError when there is no such path.
    """
    path = Path(path)
    if not path.exists():
        raise UsageError(f"no such file or folder: {path}. Give a strategy document or a folder of them.")
    found = [_load_file(file, lists or {}) for file in _documents(path)]
    return tuple(_with_unique_ids(found))


def _documents(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = []
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder) / name for name in names if name.lower().endswith(".md") and name[0] != "."]
    return sorted(file for file in found if file.name.lower() != "readme.md")


def _load_file(path: Path, lists: Lists) -> Parsed:
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            return _unreadable(file, f"larger than {MAX_BYTES:,} bytes", "Split it: one document per strategy.")
        return parse(path.read_bytes().decode("utf-8"), file=file, lists=lists)
    except UnicodeDecodeError as error:
        where = f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}"
        return _unreadable(file, where, "Save the file as UTF-8.")
    except OSError as error:
        return _unreadable(file, f"cannot be read: {error.strerror or error}")


def _unreadable(file: str, message: str, fix: str = "") -> Parsed:
    name, area = _identity(file)
    problem = Problem(code="S-FILE", severity=Severity.ERROR, file=file, message=message, fix=fix)
    return Parsed(strategy=Strategy(id=name, area=area, file=file, title=name), problems=(problem,))


def _with_unique_ids(found: list[Parsed]) -> Iterator[Parsed]:
    first: dict[str, str] = {}
    for parsed in found:
        strategy = parsed.strategy
        if strategy.id in first:
            message = f"the id '{strategy.id}' is taken by {first[strategy.id]}"
            fix = "The file name is the id: rename one of the files."
            problem = Problem(code="S-ID", severity=Severity.ERROR, file=strategy.file, message=message, fix=fix)
            parsed = replace(parsed, problems=(problem, *parsed.problems))
        first.setdefault(strategy.id, strategy.file)
        yield parsed


def _identity(file: str) -> tuple[str, str]:
    path = Path(file)
    return path.stem or "strategy", path.parent.name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Front:
    data: Mapping[str, Any]
    title: str
    valid: Mapping[str, Any]
    """The keys whose values fit the schema."""


class _Document:
    """One document being read."""

    def __init__(self, text: str, file: str, lists: Lists) -> None:
        self._outline: Outline = outline(text)
        self._notes = Notes(file=file)
        self._lists = lists
        self._id, self._area = _identity(file)
        self._blocks: list[tuple[Block, Located, bool]] = []

    def parsed(self) -> Parsed:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", self._id):
            message = f"the file name '{self._id}' is no good id"
            self._notes.add("S-ID", message, fix="Use letters, digits, '_' and '-'.", severity=Severity.WARNING)
        front = self._front_matter()
        sections, unknown = self._sections(front)
        strategy = self._strategy(front, sections, unknown)
        problems = sorted(self._notes.found, key=lambda problem: (problem.line, problem.column))
        return Parsed(strategy=strategy, problems=tuple(problems))

    # --- front matter and sections

    def _front_matter(self) -> _Front:
        matter = self._outline.front_matter
        located = read(matter.text, line=2) if matter else Located(value={}, start=(1, 1))
        if matter is None:
            fix = "Begin the document with a line '---', keys such as title and status, and a line '---'."
            self._notes.add("S-FRONT", "the document has no front matter", (1, 1), fix=fix)
        elif not matter.closed:
            self._notes.add("S-FRONT", "the front matter has no end", (1, 1), fix="Close it with a line '---'.")
        self._notes.yaml(located)
        if located.value is None:
            located = replace(located, value={})
        before = len(self._notes.found)
        self._notes.schema("front_matter", located, "S-FRONT")
        bad = {problem.line for problem in self._notes.found[before:]}
        data = located.value if isinstance(located.value, dict) else {}
        valid = {key: value for key, value in data.items() if located.place_of(key)[0] not in bad}
        return _Front(data=data, title=self._title(valid), valid=valid)

    def _title(self, front: Mapping[str, Any]) -> str:
        headings = (heading.title for heading in self._outline.headings if heading.level == 1)
        heading = next((title for title in headings if section_title(title) is None), "")
        if not (title := front.get("title") or heading):
            self._notes.add("S-FRONT", "the strategy has no title", (1, 1), fix="Add 'title:' to the front matter.")
        return title or self._id.replace("_", " ").replace("-", " ")

    def _sections(self, front: _Front) -> tuple[dict[str, Section], list[Section]]:
        sections: dict[str, Section] = {}
        unknown: list[Section] = []
        starts = [heading for heading in self._outline.headings if self._is_start(heading)]
        first = starts[0].line if starts else len(self._outline.lines) + 1
        self._fences("", 0, first)
        for number, heading in enumerate(starts):
            end = starts[number + 1].line if number + 1 < len(starts) else len(self._outline.lines) + 1
            section = self._section(heading, end)
            if section.title not in (*SECTIONS, "Additional Resources"):
                unknown.append(section)
            elif section.title in sections:
                message = (
                    f"section '{section.title}' is there twice; the first is on line {sections[section.title].line}"
                )
                self._notes.add("S-HEADING", message, (heading.line, 1), fix="Join them.")
                unknown.append(section)
            else:
                sections[section.title] = section
        self._missing(sections, front)
        return sections, unknown

    def _is_start(self, heading: Heading) -> bool:
        if heading.level == 2:
            return True
        if heading.level != 1:
            return False
        title = section_title(heading.title)
        if title is not None:
            fix = f"Write '## {title}'."
            message = f"section '{heading.title}' is a level-1 heading"
            self._notes.add("S-HEADING", message, (heading.line, 1), fix=fix, severity=Severity.WARNING)
        before = [other for other in self._outline.headings if other.line < heading.line]
        return title is not None or any(other.level <= 2 for other in before)

    def _section(self, heading: Heading, end: int) -> Section:
        title = section_title(heading.title) or heading.title
        found, plain = self._fences(title, heading.line, end)
        return Section(
            title=title,
            text="\n".join(self._outline.lines[heading.end - 1 : end - 1]),
            line=heading.line,
            blocks=tuple(found),
            fences=tuple(plain),
        )

    def _missing(self, sections: Mapping[str, Section], front: _Front) -> None:
        severity = Severity.WARNING if front.valid.get("status", "draft") == "draft" else Severity.ERROR
        for title in SECTIONS:
            if title not in sections:
                message = f"section '{title}' is missing"
                self._notes.add("S-SECTION", message, (1, 1), fix=f"Add '## {title}'.", severity=severity)

    # --- fenced blocks

    def _fences(self, section: str, start: int, end: int) -> tuple[list[Block], list[CodeFence]]:
        found: list[Block] = []
        plain: list[CodeFence] = []
        for fence in self._outline.fences:
            if not start <= fence.line - 1 < end:
                continue
            language, kind = self._kind(fence)
            if kind:
                found.append(self._block(fence, language, kind, section))
            else:
                plain.append(CodeFence(language=language, text=fence.text, line=fence.line, section=section))
        return found, plain

    def _kind(self, fence: Fence) -> tuple[str, str]:
        words = fence.info.split()
        language = words[0] if words else ""
        place = (fence.line - 1, 1)
        known = (*BLOCK_KINDS, *LATER_KINDS)
        if language in known:
            fix = f"Write '```yaml {language}'."
            self._notes.add("S-KIND", f"'{language}' stands where the language does", place, fix=fix)
        if len(words) < 2 or language not in ("yaml", "yml") or not re.fullmatch(r"[A-Za-z_-]+", words[1]):
            return language, ""
        kind = words[1].lower()
        if kind in known:
            return language, kind
        message = f"unknown block kind '{words[1]}'{closest(kind, known)}"
        self._notes.add("S-KIND", message, place, fix=f"Known kinds: {', '.join(known)}.")
        return language, ""

    def _block(self, fence: Fence, language: str, kind: str, section: str) -> Block:
        located = read(fence.text, line=fence.line, margins=fence.margins)
        place = (fence.line - 1, 1)
        self._notes.yaml(located)
        valid = not located.flaws
        if not fence.closed:
            self._notes.add("S-FENCE", f"the {kind} block has no end", place, fix="Close it with a line '```'.")
        if section not in _HOMES[kind]:
            self._misplaced(f"a {kind} block", section, _HOMES[kind], place)
        if kind in LATER_KINDS:
            message = f"{kind} blocks are read and kept, but not evaluated yet"
            self._notes.add("S-KIND", message, place, severity=Severity.INFO)
        elif located.value is not None or not located.flaws:
            valid = self._notes.schema(kind, located, f"S-{kind.upper()}") and valid
        block = Block(
            kind=kind,
            language=language,
            text=fence.text,
            data=located.value,
            line=fence.line,
            section=section,
            lines=located.lines,
        )
        self._blocks.append((block, located, valid))
        return block

    def _misplaced(self, what: str, section: str, homes: tuple[str, ...], place: tuple[int, int]) -> None:
        where = f"under '{section}'" if section else "before the first section"
        fix = f"Readers look for it under {' or '.join(repr(home) for home in homes)}."
        self._notes.add("S-PLACE", f"{what} stands {where}", place, fix=fix, severity=Severity.WARNING)

    # --- meaning

    def _strategy(self, front: _Front, sections: dict[str, Section], unknown: list[Section]) -> Strategy:
        rules, rejected = self._rules(front, sections)
        scenarios = self._scenarios()
        names = [sigma.rule_name(rule) for rule in rules]
        blocks.check_references(scenarios, names, self._notes)
        rules, filters = self._filters(rules)
        priority: Priority | None = self._one("priority")
        telemetry: tuple[Telemetry, ...] | None = self._one("telemetry")
        playbook: Playbook | None = self._one("playbook")
        version = front.valid.get("attack_version")
        return Strategy(
            id=self._id,
            area=self._area,
            file=self._notes.file,
            title=front.title,
            status=front.valid.get("status", "draft"),
            owner=front.valid.get("owner", ""),
            attack=tuple(front.valid.get("attack", ())),
            attack_version=None if version is None else str(version),
            severity=front.valid.get("severity", "medium"),
            sections=sections,
            unknown_sections=tuple(unknown),
            front_matter=front.data,
            rules=rules,
            rejected=rejected,
            filters=filters,
            scenarios=tuple(scenarios),
            priority=priority,
            telemetry=telemetry or (),
            playbook=playbook,
            blocks=tuple(block for block, _, _ in self._blocks),
            text="\n".join(self._outline.lines),
        )

    def _of_kind(self, kind: str) -> Iterator[tuple[Block, Located]]:
        return ((block, located) for block, located, valid in self._blocks if block.kind == kind and valid)

    def _rules(self, front: _Front, sections: Mapping[str, Section]) -> tuple[tuple[Rule, ...], tuple[Rejection, ...]]:
        goal = sections["Goal"].text.strip().partition("\n\n")[0] if "Goal" in sections else ""
        omitted = sigma.defaults(
            front.title,
            front.valid.get("status", "draft"),
            front.valid.get("severity", "medium"),
            front.valid.get("owner", ""),
            front.valid.get("attack", ()),
            goal,
        )
        rules: list[Rule] = []
        rejected: list[Rejection] = []
        for number, (_, located) in enumerate(self._of_kind("sigma"), start=1):
            name = located.value.get("name") or (self._id if number == 1 else f"rule_{number}")
            if any(sigma.rule_name(rule) == name for rule in rules):
                self._notes.add("S-SIGMA", f"rule name '{name}' is given twice", located.place_of("name"))
                continue
            loaded = sigma.rule(located, self._notes, strategy=self._id, name=name, omitted=omitted, lists=self._lists)
            if isinstance(loaded, Rule):
                rules.append(loaded)
            else:
                rejected.append(loaded)
        return tuple(rules), tuple(rejected)

    def _filters(self, rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], tuple[Filter, ...]]:
        filters: list[Filter] = []
        for _, located in self._of_kind("filter"):
            names = located.value.get("rules")
            sigma.check_names(names or (), rules, located, self._notes, "rules")
            if any(other.name == located.value["name"] for other in filters):
                message = f"filter name '{located.value['name']}' is given twice"
                self._notes.add("S-FILTER", message, located.place_of("name"))
            elif made := sigma.filters(located, self._notes, self._lists):
                filters.append(made)
                rules = sigma.attach(rules, made, names)
        return rules, tuple(filters)

    def _scenarios(self) -> list[Scenario]:
        found = []
        for block, located in self._of_kind("scenario"):
            made = blocks.scenario(located, self._notes)
            if made is None:
                continue
            if block.section in _HOMES["scenario"] and block.section not in _SCENARIO_HOMES[made.expect]:
                what, place = f"a scenario with 'expect: {made.expect}'", (block.line - 1, 1)
                self._misplaced(what, block.section, _SCENARIO_HOMES[made.expect], place)
            found.append(made)
        return found

    def _one(self, kind: str) -> Any:
        """The block of a kind that a document has once; a second one is a problem."""
        made = None
        for number, (block, located) in enumerate(self._of_kind(kind)):
            if number:
                message = f"a second {kind} block; the first one counts"
                self._notes.add(f"S-{kind.upper()}", message, (block.line - 1, 1), fix="Join them.")
            else:
                made = getattr(blocks, kind)(located, self._notes)
        return made
