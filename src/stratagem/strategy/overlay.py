"""Overlays: what a workspace changes in a strategy without editing its document, so that upgrades keep it.

`overlays/<id>.yml` may change status, severity, levels and budget, add filters, and move a filter's expiry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stratagem.complaints import closest
from stratagem.context.entry import Lists
from stratagem.errors import Problem
from stratagem.places import Located, read
from stratagem.rules.model import Filter, Rule
from stratagem.strategy import sigma
from stratagem.strategy.blocks import priority_levels
from stratagem.strategy.model import Priority, PriorityLevel, Strategy
from stratagem.strategy.notes import Notes
from stratagem.strategy.outline import normalise

ENDINGS = (".yml", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The changes to one strategy; what is None or empty stays as the document has it."""

    id: str
    file: str
    status: str | None = None
    severity: str | None = None
    owner: str | None = None
    levels: tuple[PriorityLevel, ...] = ()
    budget_per_day: float | None = None
    filters: tuple[tuple[Filter, tuple[str, ...] | None], ...] = ()
    """Filters to add, each with the names of the rules that it is for (None: all)."""
    expires: Mapping[str, str] = field(default_factory=dict)
    """Filter name -> its new expiry."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlays:
    """A folder's overlays by strategy id. One with an error is left out and named in the problems."""

    by_id: Mapping[str, Overlay] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def load_folder(path: Path, strategies: Sequence[Strategy], lists: Lists | None = None) -> Overlays:
    """Read every overlay of a folder; a folder that does not exist holds none."""
    known = {strategy.id: strategy for strategy in strategies}
    found: dict[str, Overlay] = {}
    problems: list[Problem] = []
    for file in sorted(path.iterdir()) if path.is_dir() else ():
        if file.suffix.lower() not in ENDINGS:
            continue
        notes = Notes(file=str(file))
        if file.stem in found:
            notes.add("S-OVERLAY", f"'{file.stem}' has two overlays.", fix=f"The other is {found[file.stem].file}.")
        elif (overlay := _load(file, known, notes, lists or {})) is not None:
            found[file.stem] = overlay
        problems += notes.in_order
    return Overlays(by_id=found, problems=tuple(problems))


def apply_folder(
    strategies: Sequence[Strategy], path: Path | None, lists: Lists | None = None
) -> tuple[tuple[Strategy, ...], tuple[Problem, ...]]:
    """The strategies with the folder's overlays applied, and what is wrong with overlays."""
    if path is None:
        return tuple(strategies), ()
    overlays = load_folder(path, strategies, lists)
    changed = (
        apply(strategy, overlays.by_id[strategy.id]) if strategy.id in overlays.by_id else strategy
        for strategy in strategies
    )
    return tuple(changed), overlays.problems


def _load(file: Path, known: Mapping[str, Strategy], notes: Notes, lists: Lists) -> Overlay | None:
    strategy = known.get(file.stem)
    if strategy is None:
        fix = "The file name is the strategy's id."
        notes.add("S-OVERLAY", f"no strategy has the id '{file.stem}'{closest(file.stem, known)}", fix=fix)
        return None
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        notes.add("S-FILE", f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}.")
        return None
    return read_overlay(text, strategy, notes, lists)


def read_overlay(text: str, strategy: Strategy, notes: Notes, lists: Lists | None = None) -> Overlay | None:
    """One overlay's text; None when `notes` has received an error about it."""
    located = read(normalise(text))
    notes.yaml(located)
    if located.flaws or not notes.schema("overlay", located, "S-OVERLAY"):
        return None
    before = len(notes.found)
    data = located.value
    overlay = Overlay(
        id=strategy.id,
        file=notes.file,
        status=data.get("status"),
        severity=data.get("severity"),
        owner=data.get("owner"),
        levels=tuple(priority_levels(data.get("levels", []), located, notes, code="S-OVERLAY")),
        budget_per_day=data.get("budget_per_day"),
        filters=_filters(located, strategy, notes, lists or {}),
        expires=data.get("expires", {}),
        reason=data.get("reason", ""),
    )
    _check_expiry(overlay, strategy, located, notes)
    return None if any(problem.severity == "error" for problem in notes.found[before:]) else overlay


def _filters(
    located: Located, strategy: Strategy, notes: Notes, lists: Lists
) -> tuple[tuple[Filter, tuple[str, ...] | None], ...]:
    found: list[tuple[Filter, tuple[str, ...] | None]] = []
    for number, entry in enumerate(located.value.get("filters", ())):
        path = f"filters.{number}"
        names = entry.get("rules")
        sigma.check_names(names or (), strategy.rules, located, notes, f"{path}.rules", code="S-OVERLAY")
        taken = [filter_.name for filter_ in strategy.filters] + [filter_.name for filter_, _ in found]
        if entry["name"] in taken:
            place = located.place_of(f"{path}.name")
            notes.add("S-OVERLAY", f"filter name '{entry['name']}' is taken.", place, fix="Choose another name.")
        elif made := sigma.filters(located, notes, lists, path=path, code="S-OVERLAY"):
            found.append((made, None if names is None else tuple(names)))
    return tuple(found)


def _check_expiry(overlay: Overlay, strategy: Strategy, located: Located, notes: Notes) -> None:
    known = [filter_.name for filter_ in strategy.filters]
    for name in overlay.expires:
        if name not in known:
            fix = f"It has: {', '.join(known) or 'none'}."
            message = f"the strategy has no filter '{name}'{closest(name, known)}"
            notes.add("S-OVERLAY", message, located.place_of(f"expires.{name}", key=True), fix=fix)


def apply(strategy: Strategy, overlay: Overlay) -> Strategy:
    """The strategy as the workspace wants it."""
    rules = tuple(_with_expiry(_with_level(rule, strategy, overlay), overlay) for rule in strategy.rules)
    for filter_, names in overlay.filters:
        rules = sigma.attach(rules, filter_, names)
    moved = tuple(_moved(filter_, overlay) for filter_ in strategy.filters)
    return replace(
        strategy,
        status=overlay.status or strategy.status,
        severity=overlay.severity or strategy.severity,
        owner=overlay.owner or strategy.owner,
        rules=rules,
        filters=moved + tuple(filter_ for filter_, _ in overlay.filters),
        priority=_priority(strategy, overlay),
    )


def _with_level(rule: Rule, strategy: Strategy, overlay: Overlay) -> Rule:
    """A rule that takes its level from the front matter follows the overlay's severity."""
    given = any(
        block.kind == "sigma" and block.line == rule.line and "level" in block.data for block in strategy.blocks
    )
    return rule if given or overlay.severity is None else replace(rule, level=overlay.severity)


def _with_expiry(rule: Rule, overlay: Overlay) -> Rule:
    return replace(rule, filters=tuple(_moved(filter_, overlay) for filter_ in rule.filters))


def _moved(filter_: Filter, overlay: Overlay) -> Filter:
    return replace(filter_, expires=overlay.expires.get(filter_.name, filter_.expires))


def _priority(strategy: Strategy, overlay: Overlay) -> Priority | None:
    if not overlay.levels and overlay.budget_per_day is None:
        return strategy.priority
    priority = strategy.priority or Priority(title=strategy.title, levels=())
    return replace(
        priority,
        levels=overlay.levels or priority.levels,
        budget_per_day=overlay.budget_per_day or priority.budget_per_day,
    )
