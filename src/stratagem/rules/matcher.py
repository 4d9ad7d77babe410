"""A condition -> one fast function of a record. Says the same as `reference.matches`; a property test holds them to it.

Tests on one field that are joined by Or are asked in one look at the value. The common case, text at a path through
objects, costs a dictionary chain and one comparison.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv6Address, ip_network
from typing import Any

from stratagem.rules.fetch import Reader, Several, plain_key, reader, values
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test
from stratagem.rules.reference import FIELD_TESTS
from stratagem.rules.resolve import MISSING, PLAIN, Resolver, elements
from stratagem.rules.scalars import address_of, fold, number_of, text_of, time_of, time_part
from stratagem.rules.texts import TEXT_OPS, Accept, accept_any, folded_equals
from stratagem.sources._contract import Native

Match = Callable[[Native], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


def compile(node: Node, resolver: Resolver) -> Match:
    """The condition as a function. Compile once for each process: functions do not travel, nodes do."""
    if isinstance(node, And):
        return _and([compile(part, resolver) for part in sorted(node.parts, key=_cost)])
    if isinstance(node, Or):
        return _or([_compile_group(group, resolver) for group in _grouped(node.parts)])
    if isinstance(node, Not):
        return _not(compile(node.part, resolver))
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
    return max((_cost(part) for part in node.parts), default=0) + 1


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
        return compile(first, resolver)
    tests = [test for test in group if isinstance(test, Test)]
    if first.field is None:
        return _keyword(tests)
    read = reader(first.field, resolver)
    if first.op in TEXT_OPS:
        general = _text(read, accept_any(tests))
        key, wanted = plain_key(first.field, resolver), folded_equals(tests)
        return general if key is None or wanted is None else _key_equals(key, wanted, general)
    if first.op is Op.EXISTS:
        there = bool(first.value)
        return lambda record: (read(record) is not MISSING) is there
    if first.op is Op.IS_NULL:
        return _null(read)
    if first.op in FIELD_TESTS:
        return _field_test(first, read, reader(first.value, resolver))
    return _any_value(read, _scalar_check(first))


def _text(read: Reader, accept: Accept) -> Match:
    def match(record: Native) -> bool:
        found = read(record)
        if type(found) is str:
            return accept(found)
        if found is MISSING or found is None:
            return False
        for value in values(found):
            text = text_of(value)
            if text is not None and accept(text):
                return True
        return False

    return match


def _key_equals(key: str, wanted: frozenset[str], general: Match) -> Match:
    """The most frequent test of all, without a call for each step: a key of the record, equal to one of some texts."""
    lengths = frozenset(map(len, wanted))

    def match(record: Native) -> bool:
        if type(record) is not dict:
            return general(record)
        found = record.get(key)
        if type(found) is str:
            return len(found) in lengths and fold(found) in wanted
        return found is not None and general(record)

    return match


def _any_value(read: Reader, check: Callable[[Any], bool]) -> Match:
    def match(record: Native) -> bool:
        found = read(record)
        return found is not MISSING and any(check(value) for value in values(found))

    return match


def _null(read: Reader) -> Match:
    def match(record: Native) -> bool:
        found = read(record)
        if type(found) is str:
            return False
        return found is None or found is MISSING or any(value is None for value in values(found))

    return match


def _scalar_check(test: Test) -> Callable[[Any], bool]:
    if test.op is Op.CIDR:
        return _network_check(test.value)
    wanted = test.value
    if test.op is Op.TIMESTAMP_PART:
        unit, _, comparison = test.flags.partition(" ")
        holds = _COMPARE[comparison]

        def check_time(value: Any) -> bool:
            moment = time_of(value)
            return moment is not None and holds(time_part(unit, moment), wanted)

        return check_time
    compare = _COMPARE[test.op.value]

    def check_number(value: Any) -> bool:
        number = number_of(value)
        return number is not None and compare(number, wanted)

    return check_number


def _network_check(text: str) -> Callable[[Any], bool]:
    network = ip_network(text)

    def check(value: Any) -> bool:
        address = address_of(value) if isinstance(value, str) else None
        if address is None:
            return False
        if address in network:
            return True
        carried = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return carried is not None and carried in network

    return check


_FIELD_COMPARE: dict[Op, Callable[[str, str], bool]] = {
    Op.FIELD_EQUALS: operator.eq,
    Op.FIELD_CONTAINS: operator.contains,
    Op.FIELD_STARTS_WITH: str.startswith,
    Op.FIELD_ENDS_WITH: str.endswith,
}


def _field_test(test: Test, read: Reader, read_other: Reader) -> Match:
    compare = _FIELD_COMPARE[test.op]

    def texts(found: Any) -> list[str]:
        said = [text for text in map(text_of, values(found)) if text is not None]
        return said if test.cased else [fold(text) for text in said]

    def match(record: Native) -> bool:
        others = texts(read_other(record))
        return any(compare(text, other) for text in texts(read(record)) for other in others)

    return match


def _elements(node: Elements, resolver: Resolver) -> Match:
    read = reader(node.field, resolver)
    part = compile(node.part, PLAIN)
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


def _keyword(tests: Sequence[Test]) -> Match:
    """Keywords over every key and every scalar of the record. Tests that read no text are asked one by one."""
    textual = [test for test in tests if test.op in TEXT_OPS]
    accept = accept_any(textual) if textual else None
    checks = [_scalar_check(test) for test in tests if test.op not in TEXT_OPS]

    def accepts(value: Any) -> bool:
        text = text_of(value)
        if text is not None and accept is not None and accept(text):
            return True
        return any(check(value) for check in checks)

    def match(record: Native) -> bool:
        stack: list[Any] = [record]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                if any(accepts(key) for key in value):
                    return True
                stack.extend(value.values())
            elif isinstance(value, list | tuple):
                stack.extend(value)
            elif accepts(value):
                return True
        return False

    return match
