"""A strategy's Sigma: rule and filter blocks, and selections in priority blocks, read by `stratagem.rules`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stratagem.complaints import closest
from stratagem.context.entry import Lists
from stratagem.places import Located
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Filter, Node, Or, Rejection, Rule
from stratagem.rules.reads import tested
from stratagem.strategy.model import Strategy
from stratagem.strategy.notes import Notes

if TYPE_CHECKING:
    from stratagem.rules.problem import BadRule

_STATUS = {"draft": "experimental", "shadow": "test", "live": "stable"}


_NEVER = Or(parts=())
"""What never holds."""


def defaults(strategy: Strategy) -> dict[str, Any]:
    """The Sigma keys that a block may leave out, from the front matter and the goal."""
    goal = strategy.sections["Goal"].text.strip().partition("\n\n")[0] if "Goal" in strategy.sections else ""
    given = {
        "title": strategy.title,
        "status": _STATUS.get(strategy.status, "experimental"),
        "level": strategy.severity,
        "author": strategy.owner,
        "description": goal,
        "tags": [f"attack.{technique.lower()}" for technique in strategy.attack],
    }
    return {key: value for key, value in given.items() if value}


def rule(
    located: Located, notes: Notes, *, strategy: str, name: str, omitted: Mapping[str, Any], lists: Lists
) -> Rule | Rejection:
    """A sigma block as a rule of the strategy, or why it cannot load (noted as well)."""
    from stratagem.rules.load import load_data

    loaded = load_data(
        located.value,
        file=notes.file,
        line=located.start[0],
        defaults=omitted,
        lists=lists,
        lines=located.lines,
    )
    if isinstance(loaded, Rejection):
        notes.add("S-SIGMA", f"{loaded.construct}: {loaded.reason}", _on_line(loaded.line, located), fix=loaded.fix)
        return loaded
    asked = sorted(field for field in tested(loaded.condition) if field.startswith("context."))
    if asked:
        fix = "Move the test into a filter block, or into the priority block: they see the context beside the event."
        notes.add("S-SIGMA", f"a rule sees the event alone, not '{asked[0]}'", _on_line(0, located), fix=fix)
    return replace(loaded, uid=f"{strategy}#{name}", name=name, strategy=strategy, line=located.start[0])


def correlation(
    located: Located, notes: Notes, *, strategy: str, name: str, omitted: Mapping[str, Any]
) -> Correlation | Rejection:
    """A correlation block as the strategy's, or why it cannot load (noted as well)."""
    from stratagem.rules.load import load_correlation

    loaded = load_correlation(
        located.value, file=notes.file, line=located.start[0], defaults=omitted, lines=located.lines
    )
    if isinstance(loaded, Rejection):
        place = _on_line(loaded.line, located)
        notes.add("S-CORRELATION", f"{loaded.construct}: {loaded.reason}", place, fix=loaded.fix)
        return loaded
    return replace(loaded, uid=f"{strategy}#{name}", name=name, strategy=strategy, line=located.start[0])


def filters(located: Located, notes: Notes, lists: Lists, *, path: str = "", code: str = "S-FILTER") -> Filter | None:
    """A filter block, or the entry at `path` of an overlay; None when its detection cannot be read (noted).

    One that names a list which the workspace does not have removes nothing: it waits for the list.
    """
    from stratagem.rules.load import BadRule, load_condition
    from stratagem.rules.problem import MissingList

    data = located.value
    for step in path.split(".") if path else ():
        data = data[int(step)] if isinstance(data, list) else data[step]
    try:
        condition, _ = load_condition(data["detection"], file=notes.file, lists=lists)
    except MissingList:
        condition = _NEVER
    except BadRule as error:
        _note(error, f"{path}.detection" if path else "detection", located, notes, code)
        return None
    return Filter(
        name=data["name"],
        condition=condition,
        owner=data["owner"],
        reason=data["reason"],
        ticket=str(data.get("ticket", "")),
        expires=data.get("expires"),
    )


def selection(data: Any, located: Located, path: str, notes: Notes, code: str) -> Node | None:
    """The Sigma selection at `path` as a node, or None (noted)."""
    from stratagem.rules.load import BadRule, load_selection

    try:
        return load_selection(data)
    except BadRule as error:
        _note(error, path, located, notes, code)
        return None


def _note(error: BadRule, prefix: str, located: Located, notes: Notes, code: str) -> None:
    place = located.place_of(f"{prefix}.{error.path}" if error.path else prefix, key=True)
    notes.add(code, f"{error.construct}: {error.reason}", place, fix=error.fix)


def _on_line(line: int, located: Located) -> tuple[int, int]:
    """The first key that begins on a line."""
    return min((place for place in located.keys.values() if place[0] == line), default=(line, 1))


def attach(rules: Sequence[Rule], filter_: Filter, names: Sequence[str] | None) -> tuple[Rule, ...]:
    """The rules with the filter on those that `names` lists; on all of them when it is None."""
    return tuple(
        replace(each, filters=(*each.filters, filter_)) if names is None or rule_name(each) in names else each
        for each in rules
    )


def check_names(
    names: Sequence[str], rules: Sequence[Rule], located: Located, notes: Notes, path: str, *, code: str = "S-FILTER"
) -> None:
    """Note names that no rule of the document has."""
    known = [rule_name(each) for each in rules]
    for number, name in enumerate(names):
        if name not in known:
            message = f"no rule named '{name}'{closest(name, known)}"
            notes.add(code, message, located.place_of(f"{path}.{number}"), fix=f"There are: {', '.join(known)}.")


def rule_name(rule: Rule) -> str:
    """The rule's name within its document."""
    return rule.uid.rpartition("#")[2]
