"""The `detection:` section -> nodes: selections by name, and the condition over them.

Maps are And, lists are Or, `field[any|all|none|all_or_empty]` looks at one array element at a time (Sigma SEP 212).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.context.entry import Lists
from stratagem.rules.condition import all_of, any_of, parse_condition
from stratagem.rules.model import Elements, Node
from stratagem.rules.problem import BadRule
from stratagem.rules.values import item

QUANTIFIERS = ("any", "all", "none", "all_or_empty")
MAX_NESTING = 30

_QUANTIFIED = re.compile(r"(?P<field>[^|]*?)\[(?P<quantifier>[a-z_]+)\](?:\.(?P<rest>[^|]+))?\Z")


def read_detection(detection: Any, lists: Lists, *, skip: tuple[str, ...] = ()) -> tuple[Node, dict[str, Node]]:
    """The condition, and the selections by name. Raises BadRule with a path below the detection."""
    if not isinstance(detection, Mapping):
        raise BadRule("detection", "is not a map of selections with a condition.")
    if "timeframe" in detection:
        raise BadRule(
            "timeframe",
            "belongs to the aggregations that were removed from Sigma.",
            fix="Write a correlation rule.",
            path="timeframe",
        )
    named = {
        str(name): _placed(str(name), value, lists)
        for name, value in detection.items()
        if name != "condition" and name not in skip
    }
    if not named:
        raise BadRule("detection", "has no selection.")
    return _condition(detection.get("condition"), named), named


def _placed(name: str, value: Any, lists: Lists) -> Node:
    try:
        return read_selection(value, lists)
    except BadRule as problem:
        raise problem.under(name) from None


def _condition(condition: Any, named: Mapping[str, Node]) -> Node:
    """One condition, or the Or of a list of them."""
    entries = condition if isinstance(condition, list) else [condition]
    if condition is None or not entries:
        raise BadRule("condition", "is missing.", fix=f"Add `condition: {next(iter(named))}`.")
    nodes = []
    for entry in entries:
        if not isinstance(entry, str):
            raise BadRule("condition", f"is {entry!r}, not text.", path="condition")
        try:
            nodes.append(parse_condition(entry, named))
        except BadRule as problem:
            raise problem.under("condition") from None
    return any_of(nodes)


def read_selection(value: Any, lists: Lists, depth: int = 0) -> Node:
    """One selection: a map (And), a list of maps and keywords (Or), or a keyword. Raises BadRule."""
    if depth > MAX_NESTING:
        raise BadRule("selection", f"nests more than {MAX_NESTING} levels.")
    if isinstance(value, Mapping):
        return _map(value, lists, depth)
    if isinstance(value, list):
        return _list(value, lists, depth)
    return item(None, (), value, lists)


def _map(value: Mapping[Any, Any], lists: Lists, depth: int) -> Node:
    if not value:
        raise BadRule("selection", "is empty, so it would match everything.")
    parts = []
    for key, inner in value.items():
        try:
            parts.append(_entry(str(key), inner, lists, depth))
        except BadRule as problem:
            raise problem.under(str(key)) from None
    return all_of(parts)


def _list(value: list[Any], lists: Lists, depth: int) -> Node:
    if not value:
        raise BadRule("selection", "is an empty list.")
    parts = []
    for index, inner in enumerate(value):
        try:
            parts.append(read_selection(inner, lists, depth + 1))
        except BadRule as problem:
            raise problem.under(str(index)) from None
    return any_of(parts)


def _entry(key: str, value: Any, lists: Lists, depth: int) -> Node:
    """`field|modifiers: value`, or an element block."""
    field, *modifiers = key.split("|")
    quantified = _QUANTIFIED.match(field)
    if quantified is None:
        return item(field or None, modifiers, value, lists)
    quantifier = quantified["quantifier"]
    if quantifier not in QUANTIFIERS:
        raise BadRule(f"[{quantifier}]", "is not a quantifier.", fix=f"There are: {', '.join(QUANTIFIERS)}.")
    if not quantified["field"]:
        raise BadRule(f"[{quantifier}]", "needs a field in front of it.")
    rest = quantified["rest"]
    if rest:
        part = _entry("|".join([rest, *modifiers]), value, lists, depth + 1)
    elif isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(v, Mapping) for v in value)):
        if modifiers:
            raise BadRule(f"|{modifiers[0]}", "does not go with a nested map.", fix="Put it on the inner fields.")
        part = _body(value, lists, depth)
    else:
        part = item(".", modifiers, value, lists)
    return Elements(field=quantified["field"], quantifier=quantifier, part=part)


def _body(value: Any, lists: Lists, depth: int) -> Node:
    """The basic form (a selection), or the extended one: selections with a condition of their own."""
    if isinstance(value, Mapping) and isinstance(value.get("condition"), str) and len(value) > 1:
        others = [inner for name, inner in value.items() if name != "condition"]
        if all(isinstance(inner, Mapping | list) for inner in others):
            return read_detection(value, lists)[0]
    return read_selection(value, lists, depth + 1)
