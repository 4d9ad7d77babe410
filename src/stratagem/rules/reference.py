"""What a condition means, as plainly as it can be written. Slow; every faster way is tested against this.

The table of null, missing, empty, array and NOT semantics is in docs/reference/sigma-conformance.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, ip_network
from typing import Any

from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test, Timed
from stratagem.rules.resolve import PLAIN, Resolver, elements
from stratagem.rules.scalars import address_of, fold, number_of, text_of, time_of, time_part
from stratagem.rules.timed import at, is_timed
from stratagem.sources._contract import Native

FIELD_TESTS = (Op.FIELD_EQUALS, Op.FIELD_STARTS_WITH, Op.FIELD_ENDS_WITH, Op.FIELD_CONTAINS)
FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def matches(node: Node, record: Native, resolver: Resolver) -> bool:
    """Does the condition hold for the record?"""
    if isinstance(node, And):
        return all(matches(part, record, resolver) for part in node.parts)
    if isinstance(node, Or):
        return any(matches(part, record, resolver) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, record, resolver)
    if isinstance(node, Elements):
        return _elements(at(node, resolver.moment(record)) if is_timed(node) else node, record, resolver)
    if isinstance(node, Timed):
        moment = resolver.moment(record)
        return moment is not None and moment in node.valid and matches(node.part, record, resolver)
    return _test(node, record, resolver)


def _elements(node: Node, record: Native, resolver: Resolver) -> bool:
    assert isinstance(node, Elements)
    members = elements(resolver.find(record, node.field))
    held = [matches(node.part, member, PLAIN) for member in members]
    if node.quantifier == "any":
        return any(held)
    if node.quantifier == "none":
        return not any(held)
    if node.quantifier == "all":
        return bool(held) and all(held)
    return all(held)


def _test(test: Test, record: Native, resolver: Resolver) -> bool:
    if test.field is None:
        return any(holds(test, value) for value in keyword_values(record))
    found = resolver.find(record, test.field)
    values = resolver.values(record, test.field)
    if test.op is Op.EXISTS:
        return (found is not None) is bool(test.value)
    if test.op is Op.IS_NULL:
        return found is None or None in values
    if test.op in FIELD_TESTS:
        others = resolver.values(record, test.value)
        return any(_compare_fields(test, value, other) for value in values for other in others)
    return any(holds(test, value) for value in values)


def keyword_values(value: Any) -> Iterator[Any]:
    """What keywords are looked for in: every key and every scalar, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from keyword_values(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from keyword_values(inner)
    else:
        yield value


def holds(test: Test, value: Any) -> bool:
    """Does the test hold for this one value?"""
    if test.op in (Op.LT, Op.LTE, Op.GT, Op.GTE):
        number = number_of(value)
        return number is not None and compare(test.op.value, number, test.value)
    if test.op is Op.CIDR:
        return isinstance(value, str) and _in_network(value, test.value)
    if test.op is Op.TIMESTAMP_PART:
        moment = time_of(value)
        unit, _, comparison = test.flags.partition(" ")
        return moment is not None and compare(comparison or "equals", time_part(unit, moment), test.value)
    text = text_of(value)
    if text is None:
        return False
    if test.op is Op.REGEX:
        flags = sum(FLAGS[flag] for flag in test.flags)
        return re.search(test.value, text, flags) is not None
    return _text_holds(test, text)


def compare(how: str, left: float, right: float) -> bool:
    """`left` compared with `right`, exactly: Python compares integers and floats without rounding."""
    return {
        "equals": left == right,
        "lt": left < right,
        "lte": left <= right,
        "gt": left > right,
        "gte": left >= right,
    }[how]


def _text_holds(test: Test, text: str) -> bool:
    if test.op is Op.PATTERN:
        parts = [part if test.cased or not isinstance(part, str) else fold(part) for part in test.value]
        return _pattern_holds(parts, text if test.cased else fold(text))
    wanted = text_of(test.value) or ""
    if not test.cased:
        text, wanted = fold(text), fold(wanted)
    return _text_compare(test.op, text, wanted)


def _text_compare(op: Op, text: str, wanted: str) -> bool:
    if op in (Op.EQUALS, Op.FIELD_EQUALS):
        return text == wanted
    if op in (Op.CONTAINS, Op.FIELD_CONTAINS):
        return wanted in text
    if op in (Op.STARTS_WITH, Op.FIELD_STARTS_WITH):
        return text.startswith(wanted)
    return text.endswith(wanted)


def _pattern_holds(parts: list[str | int | None], text: str) -> bool:
    """Wildcards: `reached` are the places in the text where the parts so far can end."""
    reached = {0}
    for part in parts:
        if part is None:
            reached = set(range(min(reached), len(text) + 1)) if reached else set()
        elif isinstance(part, str):
            reached = {place + len(part) for place in reached if text.startswith(part, place)}
        else:
            reached = {place + 1 for place in reached if place < len(text)}
    return len(text) in reached


def _in_network(text: str, network: str) -> bool:
    """An IPv6 address that carries an IPv4 one is in the networks of both."""
    address, wanted = address_of(text), ip_network(network)
    if address is None:
        return False
    carried = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address in wanted or (carried is not None and carried in wanted)


def _compare_fields(test: Test, value: Any, other: Any) -> bool:
    text, wanted = text_of(value), text_of(other)
    if text is None or wanted is None:
        return False
    if not test.cased:
        text, wanted = fold(text), fold(wanted)
    return _text_compare(test.op, text, wanted)
