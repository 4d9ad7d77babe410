"""A strategy's Sigma: rule and filter blocks, and selections in priority blocks, read by `stratagem.rules`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from stratagem.errors import ContentError, Severity
from stratagem.rules.model import Filter, Node, Rejection, Rule
from stratagem.strategy.blocks import Lists, Notes
from stratagem.strategy.places import Located
from stratagem.strategy.schemas import closest

_STATUS = {"draft": "experimental", "shadow": "test", "live": "stable"}


def defaults(
    title: str, status: str, severity: str, owner: str, attack: Sequence[str], description: str
) -> dict[str, Any]:
    """The Sigma keys that a block may leave out, from the front matter."""
    given = {
        "title": title,
        "status": _STATUS.get(status, "experimental"),
        "level": severity,
        "author": owner,
        "description": description,
        "tags": [f"attack.{technique.lower()}" for technique in attack],
    }
    return {key: value for key, value in given.items() if value}


def rule(
    located: Located, notes: Notes, *, strategy: str, name: str, omitted: Mapping[str, Any], lists: Lists
) -> Rule | Rejection:
    """A sigma block as a rule of the strategy, or why it cannot load (noted as well)."""
    from stratagem.rules.load import load_data

    loaded = load_data(located.value, file=notes.file, line=located.start[0], defaults=omitted, lists=lists)
    if isinstance(loaded, Rejection):
        place = _place_of(loaded, located)
        notes.add("S-SIGMA", f"{loaded.construct}: {loaded.reason}", place, fix=loaded.fix)
        return replace(loaded, line=place[0])
    return replace(loaded, uid=f"{strategy}#{name}", strategy=strategy, line=located.start[0])


def filters(located: Located, notes: Notes, lists: Lists, *, path: str = "", code: str = "S-FILTER") -> Filter | None:
    """A filter block, or the entry at `path` of an overlay; None when its detection cannot be read (noted)."""
    data = located.value
    for step in path.split(".") if path else ():
        data = data[int(step)] if isinstance(data, list) else data[step]
    where = f"{path}.detection" if path else "detection"
    condition, why = _condition(data["detection"], file=notes.file, line=located.place_of(where)[0], lists=lists)
    if condition is None:
        notes.add(code, why, located.place_of(where, key=True))
        return None
    return Filter(
        name=data["name"],
        condition=condition,
        owner=data["owner"],
        reason=data["reason"],
        ticket=str(data.get("ticket", "")),
        expires=data.get("expires"),
    )


def attach(rules: Sequence[Rule], filter_: Filter, names: Sequence[str] | None) -> tuple[Rule, ...]:
    """The rules with the filter on those that `names` lists; on all of them when it is None."""
    return tuple(
        replace(each, filters=(*each.filters, filter_)) if names is None or rule_name(each) in names else each
        for each in rules
    )


def check_names(names: Sequence[str], rules: Sequence[Rule], located: Located, notes: Notes, path: str) -> None:
    """Note names that no rule of the document has."""
    known = [rule_name(each) for each in rules]
    for number, name in enumerate(names):
        if name not in known:
            message = f"no rule named '{name}'{closest(name, known)}"
            notes.add("S-FILTER", message, located.place_of(f"{path}.{number}"), severity=Severity.ERROR)


def rule_name(rule: Rule) -> str:
    """The rule's name within its document."""
    return rule.uid.rpartition("#")[2]


def selection(data: Any, *, file: str, line: int) -> tuple[Node | None, str]:
    """A Sigma selection as a node, or None and why not."""
    from stratagem.rules.load import load_selection

    try:
        return load_selection(data), ""
    except (ContentError, ValueError) as error:
        return None, _reason(error)


def _condition(data: Mapping[str, Any], *, file: str, line: int, lists: Lists) -> tuple[Node | None, str]:
    from stratagem.rules.load import load_condition

    try:
        return load_condition(data, file=file, line=line, lists=lists)[0], ""
    except (ContentError, ValueError) as error:
        return None, _reason(error)


def _reason(error: Exception) -> str:
    if isinstance(error, ContentError) and error.problems:
        return "; ".join(problem.message for problem in error.problems)
    return str(error)


def _place_of(rejection: Rejection, located: Located) -> tuple[int, int]:
    """The place of the key that the rejection is about, as near as its words tell."""
    words = f"{rejection.construct} {rejection.reason}"
    for path in sorted(located.keys, key=len, reverse=True):
        key = path.rpartition(".")[2]
        if len(key) > 2 and not key.isdigit() and f"{key}" in words and path.startswith("detection."):
            return located.keys[path]
    return located.place_of("detection", key=True)
