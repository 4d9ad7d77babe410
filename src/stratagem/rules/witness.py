"""A condition -> literals of which one stands in the raw bytes of every record that matches.

The choice is everything: a literal that stands in most records saves nothing. Within an And the rarest-looking wins.
"""

from __future__ import annotations

import re

from stratagem.rules.fragments import SHORTEST, pieces, regex_pieces
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test, Timed
from stratagem.rules.reference import FIELD_TESTS
from stratagem.rules.resolve import PLAIN, Resolver, Route
from stratagem.rules.scalars import text_of

Witness = frozenset[bytes]

_COMMON = frozenset(
    b"true false null none success failure succeeded failed error user users role admin root account resource object "
    b"delete create update read write list get put post patch watch service group groups system default".split()
)
_COMMON_ENDINGS = (b".amazonaws.com", b".microsoft.com", b".windows.net", b".k8s.io", b".googleapis.com")
_KEY_WORTH = 0.25
"""A field's name stands in many records that the rule does not mean."""


def literals(node: Node, resolver: Resolver) -> Witness | None:
    """Lower-case literals of which one must occur, in any case, in the raw JSON of a matching record that is not risky.

    None: nothing can be said, the rule is a candidate for every record. Empty: the condition never holds.
    """
    if isinstance(node, And):
        return _best([literals(part, resolver) for part in node.parts])
    if isinstance(node, Or):
        return _union([literals(part, resolver) for part in node.parts])
    if isinstance(node, Not):
        return literals(node.part.part, resolver) if isinstance(node.part, Not) else None
    if isinstance(node, Elements):
        return _elements(node, resolver)
    if isinstance(node, Timed):
        return literals(node.part, resolver)
    return _test(node, resolver)


def _best(choices: list[Witness | None]) -> Witness | None:
    said = [choice for choice in choices if choice is not None]
    return max(said, key=_worth) if said else None


def _union(choices: list[Witness | None]) -> Witness | None:
    union: Witness = frozenset()
    for choice in choices:
        if choice is None:
            return None
        union |= choice
    return union


def _worth(witness: Witness) -> float:
    """How rare the set looks: its weakest member counts, and every member more costs a little."""
    if not witness:
        return float("inf")
    return min(map(_rarity, witness)) - 0.05 * len(witness)


def _rarity(literal: bytes) -> float:
    bare = literal.strip(b'"')
    if bare in _COMMON or bare.endswith(_COMMON_ENDINGS):
        return 0.5
    return min(len(literal), 24)


def _elements(node: Elements, resolver: Resolver) -> Witness | None:
    if node.quantifier not in ("any", "all"):
        return None
    return _through(node.field, resolver, literals(node.part, PLAIN))


def _test(test: Test, resolver: Resolver) -> Witness | None:
    if test.field is None:
        return _value(test)
    if test.op is Op.IS_NULL or (test.op is Op.EXISTS and not test.value):
        return None
    if test.op in FIELD_TESTS:
        return _best([_through(test.field, resolver, None), _through(str(test.value), resolver, None)])
    return _through(test.field, resolver, _value(test))


def _through(field: str, resolver: Resolver, value: Witness | None) -> Witness | None:
    """The value's literals, or the field's own name, whichever looks rarer; with what derived fields imply."""
    routes = resolver.routes(field)
    direct = [route for route in routes if route.derived is None]
    keys = _union([_key(route) for route in direct])
    chosen = value
    if keys is not None and (value is None or _worth(keys) * _KEY_WORTH > _worth(value)):
        chosen = keys
    derived = [_derived(route, resolver) for route in routes if route.derived is not None]
    return _union([chosen, *derived])


def _derived(route: Route, resolver: Resolver) -> Witness | None:
    """A derived value need not stand in the record, so only its declared witnesses count."""
    declared = resolver.witnesses.get(route.derived or "", ())
    found: set[bytes] = set()
    for text in declared:
        parts = pieces(text)
        if not parts:
            return None
        found.add(max(parts, key=len))
    return frozenset(found) or None


def _key(route: Route) -> Witness | None:
    """The longest piece of the path's names; each of them stands in the record as a key, or within one."""
    names = [re.sub(r"(\[-?\d+\])+\Z", "", segment) for segment in route.segments]
    found = [piece for name in names for piece in _key_pieces(name)]
    return frozenset({max(found, key=len)}) if found else None


def _key_pieces(name: str) -> list[bytes]:
    return [piece for piece in pieces(name) if len(piece) >= SHORTEST]


def _value(test: Test) -> Witness | None:
    """The rarest-looking choice among what the test's value must leave in the raw text."""
    return _best([choice for choice in _choices(test) if choice])


def _choices(test: Test) -> list[Witness | None]:
    if test.op is Op.REGEX:
        return list(regex_pieces(test.value))
    if test.op is Op.PATTERN:
        return [frozenset({piece}) for part in test.value if isinstance(part, str) for piece in pieces(part)]
    if test.op not in (Op.EQUALS, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH):
        return []
    text = text_of(test.value) or ""
    from_start = test.op in (Op.EQUALS, Op.STARTS_WITH)
    to_end = test.op in (Op.EQUALS, Op.ENDS_WITH)
    return [frozenset({piece}) for piece in pieces(text, from_start=from_start, to_end=to_end)]
