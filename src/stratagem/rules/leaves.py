"""Tests on one field (or keywords) -> a function of the record. Leaves of the tree that `matcher` compiles."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from ipaddress import IPv6Address, ip_network
from typing import Any

from stratagem.rules.fetch import Reader, plain_key, reader, values
from stratagem.rules.model import Op, Test
from stratagem.rules.reference import FIELD_TESTS
from stratagem.rules.resolve import MISSING, Resolver
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


def leaf(tests: Sequence[Test], resolver: Resolver) -> Match:
    """Does one of the tests hold? They are one test, or text tests on the same field."""
    first = tests[0]
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
