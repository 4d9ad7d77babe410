"""A condition -> one fast function of a record. Says the same as `reference.matches`; a property test holds them to it.

Tests on one field that are joined by Or are asked in one look at the value. The common case, text at a path through
objects, costs a dictionary chain and one comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stratagem.rules.fetch import Several, reader
from stratagem.rules.leaves import Match, leaf
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test
from stratagem.rules.resolve import MISSING, PLAIN, Resolver, elements
from stratagem.rules.texts import TEXT_OPS
from stratagem.rules.timed import by_time, is_timed, loose
from stratagem.sources._contract import Native


def compile(node: Node, resolver: Resolver) -> Match:
    """The condition as a function. Compile once for each process: functions do not travel, nodes do."""
    return _timed(node, resolver) if is_timed(node) else _compile(node, resolver)


def _timed(node: Node, resolver: Resolver) -> Match:
    """First whether it may hold at any time, then whether it does at the record's own."""
    may_hold = _compile(loose(node), resolver)
    holds_at = by_time(node, lambda plain: _compile(plain, resolver))
    return lambda record: may_hold(record) and holds_at(resolver.moment(record))(record)


def _compile(node: Node, resolver: Resolver) -> Match:
    if isinstance(node, And):
        return _and([_compile(part, resolver) for part in sorted(node.parts, key=_cost)])
    if isinstance(node, Or):
        return _or([_compile_group(group, resolver) for group in _grouped(node.parts)])
    if isinstance(node, Not):
        return _not(_compile(node.part, resolver))
    if isinstance(node, Elements):
        return _elements(node, resolver)
    return _compile_group([node], resolver)


def _and(parts: Sequence[Match]) -> Match:
    if len(parts) == 2:
        first, second = parts
        return lambda record: first(record) and second(record)
    if len(parts) == 3:
        first, second, third = parts
        return lambda record: first(record) and second(record) and third(record)

    def every(record: Native) -> bool:
        for part in parts:  # noqa: SIM110 - a generator would cost more than the tests
            if not part(record):
                return False
        return True

    return every


def _or(parts: Sequence[Match]) -> Match:
    if len(parts) == 1:
        return parts[0]

    def some(record: Native) -> bool:
        for part in parts:  # noqa: SIM110 - as above
            if part(record):
                return True
        return False

    return some


def _not(part: Match) -> Match:
    return lambda record: not part(record)


def _cost(node: Node) -> int:
    """Cheap and selective parts first. The order changes nothing but the time."""
    if isinstance(node, Test):
        return 50 if node.field is None else {Op.EQUALS: 0, Op.REGEX: 20, Op.TIMESTAMP_PART: 20}.get(node.op, 5)
    if isinstance(node, Elements):
        return 30 + _cost(node.part)
    if isinstance(node, Not):
        return _cost(node.part) + 1
    return max((_cost(part) for part in node.parts), default=0) + 1 if isinstance(node, And | Or) else 0


def _grouped(parts: Iterable[Node]) -> list[list[Node]]:
    """Text tests on the same field together, everything else alone."""
    groups: list[list[Node]] = []
    by_field: dict[str | None, list[Node]] = {}
    for part in parts:
        if isinstance(part, Test) and part.op in TEXT_OPS:
            if part.field in by_field:
                by_field[part.field].append(part)
                continue
            by_field[part.field] = [part]
            groups.append(by_field[part.field])
        else:
            groups.append([part])
    return groups


def _compile_group(group: Sequence[Node], resolver: Resolver) -> Match:
    first = group[0]
    if not isinstance(first, Test):
        return _compile(first, resolver)
    return leaf([test for test in group if isinstance(test, Test)], resolver)


def _elements(node: Elements, resolver: Resolver) -> Match:
    read = reader(node.field, resolver)
    part = _compile(node.part, PLAIN)
    quantifier = node.quantifier

    def match(record: Native) -> bool:
        found = read(record)
        members = [] if found is MISSING else elements(list(found) if type(found) is Several else [found])
        if quantifier == "any":
            return any(part(member) for member in members)
        if quantifier == "none":
            return not any(part(member) for member in members)
        if quantifier == "all" and not members:
            return False
        return all(part(member) for member in members)

    return match
