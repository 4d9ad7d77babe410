"""Markdown to Strategy: every section and block with its place, and every problem beside it, all at once.

Any text gives a Strategy; what could not be read is missing from it and named in the problems.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.context.entry import Lists
from stratagem.errors import Problem, Severity, UsageError
from stratagem.places import Located, read
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Filter, Rejection, Rule
from stratagem.strategy import blocks, sigma
from stratagem.strategy.baseline import baseline
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.notes import Notes
from stratagem.strategy.outline import Outline, outline, section_title
from stratagem.strategy.sections import SCENARIO_HOMES, Sections, note_place, read_sections

MAX_BYTES = 4_000_000
"""A larger file is no strategy document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A document as read. `problems` are in document order."""

    strategy: Strategy
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """No error stands among the problems."""
        return all(problem.severity != Severity.ERROR for problem in self.problems)


def parse(text: str, *, file: str, lists: Lists | None = None) -> Parsed:
    """Read one strategy document; never raises. `lists` are the values for Sigma's `|expand`.

    The file name without its ending is the strategy's id, the folder its area.
    """
    notes = Notes(file=file)
    document = outline(text)
    strategy_id, area = _identity(file)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", strategy_id):
        message = f"the file name '{strategy_id}' is no good id."
        notes.warn("S-ID", message, fix="Use letters, digits, '_' and '-'.")
    front = _front_matter(document, notes)
    empty = Strategy(
        id=strategy_id,
        area=area,
        file=file,
        title=_title(front.valid, strategy_id, document, notes),
        status=front.valid.get("status", "draft"),
        owner=front.valid.get("owner", ""),
        attack=tuple(front.valid.get("attack", ())),
        attack_version=str(front.valid["attack_version"]) if "attack_version" in front.valid else None,
        severity=front.valid.get("severity", "medium"),
        front_matter=front.data,
        text="\n".join(document.lines),
    )
    sections = read_sections(document, notes, draft=empty.status == "draft")
    strategy = _with_blocks(empty, sections, notes, lists or {})
    return Parsed(strategy=strategy, problems=notes.in_order)


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
        found += [Path(folder, name) for name in names if name.lower().endswith(".md") and name[0] != "."]
    return sorted(file for file in found if file.name.lower() != "readme.md")


def _load_file(path: Path, lists: Lists) -> Parsed:
    file = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            return _unreadable(file, f"larger than {MAX_BYTES:,} bytes.", "Split it: one document per strategy.")
        return parse(path.read_bytes().decode("utf-8"), file=file, lists=lists)
    except UnicodeDecodeError as error:
        where = f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}."
        return _unreadable(file, where, "Save the file as UTF-8.")
    except OSError as error:
        return _unreadable(file, f"cannot be read: {error.strerror or error}.")


def _unreadable(file: str, message: str, fix: str = "") -> Parsed:
    name, area = _identity(file)
    problem = Problem(code="S-FILE", severity=Severity.ERROR, file=file, message=message, fix=fix)
    return Parsed(strategy=Strategy(id=name, area=area, file=file, title=name), problems=(problem,))


def _with_unique_ids(found: list[Parsed]) -> Iterator[Parsed]:
    first: dict[str, str] = {}
    for parsed in found:
        strategy = parsed.strategy
        if strategy.id in first:
            message = f"the id '{strategy.id}' is taken by {first[strategy.id]}."
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
    """The front matter, and the part of it that fits the schema."""

    data: Mapping[str, Any]
    valid: Mapping[str, Any]


def _front_matter(document: Outline, notes: Notes) -> _Front:
    matter = document.front_matter
    located = read(matter.text, line=2) if matter else Located(value={}, start=(1, 1))
    if matter is None:
        fix = "Begin the document with a line '---', keys such as title and status, and a line '---'."
        notes.add("S-FRONT", "the document has no front matter.", (1, 1), fix=fix)
    elif not matter.closed:
        notes.add("S-FRONT", "the front matter has no end.", (1, 1), fix="Close it with a line '---'.")
    notes.yaml(located)
    if located.value is None:
        located = replace(located, value={})
    found = blocks.check_front_matter(located, notes)
    data = located.value if isinstance(located.value, dict) else {}
    return _Front(data=data, valid={key: value for key, value in data.items() if key not in found})


def _title(front: Mapping[str, Any], strategy_id: str, document: Outline, notes: Notes) -> str:
    headings = (heading.title for heading in document.headings if heading.level == 1)
    heading = next((title for title in headings if section_title(title) is None), "")
    title = front.get("title") or heading
    if not title:
        notes.add("S-FRONT", "the strategy has no title.", (1, 1), fix="Add 'title:' to the front matter.")
    return title or strategy_id.replace("_", " ").replace("-", " ")


def _with_blocks(strategy: Strategy, sections: Sections, notes: Notes, lists: Lists) -> Strategy:
    strategy = replace(
        strategy,
        sections=sections.known,
        unknown_sections=sections.unknown,
        blocks=tuple(read.block for read in sections.blocks),
    )
    rules, rejected = _rules(strategy, sections, notes, lists)
    correlations, refused = _correlations(strategy, rules, sections, notes)
    named = [*map(sigma.rule_name, rules), *(correlation.name for correlation in correlations)]
    baselines = _baselines(strategy, named, sections, notes)
    scenarios = _scenarios(sections, notes)
    named += [baseline.name for baseline in baselines]
    blocks.check_references(scenarios, named, notes)
    rules, filters = _filters(rules, sections, notes, lists)
    return replace(
        strategy,
        rules=rules,
        correlations=correlations,
        baselines=baselines,
        rejected=(*rejected, *refused),
        filters=filters,
        scenarios=tuple(scenarios),
        priority=_only("priority", sections, notes),
        telemetry=_only("telemetry", sections, notes) or (),
        playbook=_only("playbook", sections, notes),
    )


def _rules(
    strategy: Strategy, sections: Sections, notes: Notes, lists: Lists
) -> tuple[tuple[Rule, ...], tuple[Rejection, ...]]:
    rules: list[Rule] = []
    rejected: list[Rejection] = []
    names: set[str] = set()
    omitted = sigma.defaults(strategy)
    for number, block in enumerate(sections.of_kind("sigma"), start=1):
        name = block.located.value.get("name") or (strategy.id if number == 1 else f"rule_{number}")
        if name in names:
            notes.add("S-SIGMA", f"rule name '{name}' is given twice.", block.located.place_of("name"))
            continue
        names.add(name)
        loaded = sigma.rule(block.located, notes, strategy=strategy.id, name=name, omitted=omitted, lists=lists)
        if isinstance(loaded, Rule):
            rules.append(loaded)
        else:
            rejected.append(loaded)
    return tuple(rules), tuple(rejected)


def _correlations(
    strategy: Strategy, rules: tuple[Rule, ...], sections: Sections, notes: Notes
) -> tuple[tuple[Correlation, ...], tuple[Rejection, ...]]:
    found: list[Correlation] = []
    rejected: list[Rejection] = []
    names = {sigma.rule_name(rule) for rule in rules}
    omitted = sigma.defaults(strategy)
    for number, block in enumerate(sections.of_kind("correlation"), start=1):
        name = block.located.value.get("name") or f"correlation_{number}"
        if name in names:
            message = f"the name '{name}' is given twice."
            notes.add("S-CORRELATION", message, block.located.place_of("name"))
            continue
        names.add(name)
        made = sigma.correlation(block.located, notes, strategy=strategy.id, name=name, omitted=omitted)
        if isinstance(made, Correlation):
            found.append(made)
        else:
            rejected.append(made)
    return tuple(found), tuple(rejected)


def _baselines(strategy: Strategy, named: Sequence[str], sections: Sections, notes: Notes) -> tuple[Baseline, ...]:
    read = list(sections.of_kind("baseline"))
    names = [block.located.value.get("name") or f"baseline_{number}" for number, block in enumerate(read, start=1)]
    found: list[Baseline] = []
    for number, (name, block) in enumerate(zip(names, read, strict=True)):
        if name in named or name in names[:number]:
            notes.add("S-BASELINE", f"the name '{name}' is given twice.", block.located.place_of("name"))
            continue
        known = [*named, *(other for other in names if other != name)]
        if made := baseline(block.located, notes, strategy=strategy, name=name, known=known):
            found.append(made)
    return tuple(found)


def _filters(
    rules: tuple[Rule, ...], sections: Sections, notes: Notes, lists: Lists
) -> tuple[tuple[Rule, ...], tuple[Filter, ...]]:
    filters: list[Filter] = []
    for block in sections.of_kind("filter"):
        data = block.located.value
        sigma.check_names(data.get("rules", ()), rules, block.located, notes, "rules")
        if any(other.name == data["name"] for other in filters):
            notes.add("S-FILTER", f"filter name '{data['name']}' is given twice.", block.located.place_of("name"))
        elif made := sigma.filters(block.located, notes, lists):
            filters.append(made)
            rules = sigma.attach(rules, made, data.get("rules"))
    return rules, tuple(filters)


def _scenarios(sections: Sections, notes: Notes) -> list[Scenario]:
    found = []
    for block in sections.of_kind("scenario"):
        made = blocks.scenario(block.located, notes)
        if made is None:
            continue
        section = block.block.section
        homes = SCENARIO_HOMES[made.expect]
        if section not in homes and any(section in others for others in SCENARIO_HOMES.values()):
            note_place(f"a scenario with 'expect: {made.expect}'", section, homes, block.place, notes)
        found.append(made)
    return found


def _only(kind: str, sections: Sections, notes: Notes) -> Any:
    """What the block of a kind says that a document has once; a second one is a problem."""
    made = None
    for number, block in enumerate(sections.of_kind(kind)):
        if number:
            notes.add(
                f"S-{kind.upper()}", f"a second {kind} block; the first one counts.", block.place, fix="Join them."
            )
        else:
            made = blocks.READERS[kind](block.located, notes)
    return made
