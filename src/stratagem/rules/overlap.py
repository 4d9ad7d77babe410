"""May two conditions hold on one record? A plain yes or no about rules alone, before any record is seen.

No is certain; yes means that nothing in the fields that have one value at most stands against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from stratagem.rules.dispatch import possible
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Rule, Test, Timed
from stratagem.rules.reads import tested
from stratagem.rules.resolve import Resolver
from stratagem.rules.scalars import fold, text_of
from stratagem.rules.timed import loose
from stratagem.sources._contract import AS_IT_IS, Source

_MOST = 2000
"""Combinations of values that are tried."""

Values = Mapping[str, tuple[Any, ...]]
"""Folded text -> the values that are written so."""


def may_share(one: Node, other: Node, source: Source) -> bool:
    """Whether a record of the source may exist on which both hold."""
    both = And(parts=(loose(one), loose(other)))
    scalars = _scalars(source)
    names = sorted(scalars.intersection(tested(both)))
    wanted = {name: found for name in names if (found := _required(both, name)) is not None}
    while _count(wanted) > _MOST:
        wanted.pop(max(wanted, key=lambda name: len(wanted[name])))
    options = [[value for values in found.values() for value in values] for found in wanted.values()]
    resolver = Resolver(nested=frozenset(wanted))
    return any(possible(both, dict(zip(wanted, chosen, strict=True)), resolver) for chosen in product(*options))


def shared_clauses(rule: Rule, condition: Node, source: Source) -> tuple[str, ...] | None:
    """The rule's selections that may hold on records on which `condition` does; None where the rule itself cannot.

    Selections that the rule only asks not to hold are no part of what it sees.
    """
    if not may_share(rule.condition, condition, source):
        return None
    asked = list(_asked(rule.condition))
    return tuple(name for name, node in rule.named.items() if node in asked and may_share(node, condition, source))


def _asked(node: Node) -> Iterator[Node]:
    """The conditions that are asked to hold, the whole and all below it."""
    yield node
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _asked(part)


def _count(wanted: Mapping[str, Values]) -> int:
    count = 1
    for found in wanted.values():
        count *= sum(map(len, found.values()))
    return count


def _required(node: Node, name: str) -> Values | None:
    """The values of which the field must have one where the condition holds; None where it may have others."""
    if isinstance(node, Test):
        if node.op is Op.EQUALS and node.field == name:
            return {fold(text_of(node.value) or ""): (node.value,)}
        return None
    if isinstance(node, Not | Elements | Timed):
        return None
    found = [_required(part, name) for part in node.parts]
    if isinstance(node, Or):
        if any(values is None for values in found):
            return None
        return _merged([values for values in found if values is not None])
    asked = [values for values in found if values is not None]
    if not asked:
        return None
    kept = set.intersection(*(set(values) for values in asked))
    return {text: values for text, values in _merged(asked).items() if text in kept}


def _merged(found: list[Values]) -> Values:
    merged: dict[str, tuple[Any, ...]] = {}
    for values in found:
        for text, some in values.items():
            known = merged.get(text, ())
            merged[text] = (*known, *(value for value in some if not any(_same(value, other) for other in known)))
    return merged


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


@cache
def _structure(columns: str) -> frozenset[str]:
    """The paths of scalars in a DuckDB structure, but for those below a list."""
    found: set[str] = set()

    def walk(below: Any, path: str) -> None:
        if isinstance(below, Mapping):
            for key, value in below.items():
                walk(value, f"{path}.{key}" if path else key)
        elif isinstance(below, str) and below != "JSON":
            found.add(path)

    walk(json.loads(columns), "")
    return frozenset(found)


def _scalars(source: Source) -> frozenset[str]:
    """The source's fields that have one value at most: of a field with several, two tests may see different ones."""
    of_columns = frozenset[str]() if source.ocsf == AS_IT_IS else _structure(source.columns)
    known = frozenset(source.head) | of_columns
    return frozenset(path for path in known if path.lower() not in source.aliases and path not in source.derived)
