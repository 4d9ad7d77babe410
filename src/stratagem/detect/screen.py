"""Many rules on one record, most of which one field rules out: what a field's value leaves is worked out once for each
distinct value, not once for each record and rule.

Logs repeat themselves: few user agents, few error codes. A rule holds only where each part of its conjunction does, so
a part that reads one field alone decides by that field's value which rules need to be asked at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from stratagem.rules import matcher
from stratagem.rules.fetch import Reader, reader
from stratagem.rules.model import And, Elements, Node, Not, Test, Timed
from stratagem.rules.reference import FIELD_TESTS
from stratagem.rules.resolve import MISSING, Resolver
from stratagem.sources._contract import Native

_REMEMBERED = 5_000
"""Distinct values of one field that are remembered."""
_REPEATS = 4
"""How often, on average, a value must come again for remembering to pay."""

Holds = Callable[[Native], bool]


class Screen:
    """Conditions as bits: `left(record)` has the bits of those that may hold. The others do not hold."""

    def __init__(
        self,
        conditions: Sequence[Node | None],
        resolver: Resolver,
        *,
        told: Collection[str] = frozenset(),
        compiled: dict[int, Holds] | None = None,
    ) -> None:
        """None stands for a condition that is known to hold: its bit stays. `told` are fields that need not be looked
        at, because all records to come have the same values there.

        `compiled` holds what screens of the same rules compiled before, by the identity of the node: there are hundreds
        of screens, and every rule stands in many. It may not outlive the rules.
        """
        self._all = (1 << len(conditions)) - 1
        self.certain = sum(1 << place for place, node in enumerate(conditions) if node is None)
        """The bits of the conditions that are known to hold."""
        parts: dict[str, dict[int, list[Node]]] = {}
        for place, node in enumerate(conditions):
            for part in () if node is None else _conjuncts(node):
                field = _only_field(part)
                if field is not None and field not in told:
                    parts.setdefault(field, {}).setdefault(place, []).append(part)
        by_reach = sorted(parts.items(), key=lambda item: -len(item[1]))
        memory = {} if compiled is None else compiled
        self._fields = [_Field(field, some, self._all, resolver, memory) for field, some in by_reach]

    def left(self, record: Native) -> int:
        """The bits of the conditions that are not ruled out."""
        left = self._all
        for field in self._fields:
            left &= field.leaves(record)
            if field.is_vain:
                self._fields = [one for one in self._fields if one is not field]
            if left == self.certain:
                break
        return left


class _Field:
    """What the values of one field leave of the conditions."""

    def __init__(
        self, name: str, parts: dict[int, list[Node]], every: int, resolver: Resolver, compiled: dict[int, Holds]
    ) -> None:
        self._read: Reader = reader(name, resolver)
        for node in (node for nodes in parts.values() for node in nodes if id(node) not in compiled):
            compiled[id(node)] = matcher.compile(node, resolver)
        self._tests = [(1 << place, [compiled[id(node)] for node in nodes]) for place, nodes in parts.items()]
        self._every = every
        self._known: dict[object, int] = {}
        self._met = 0
        self.is_vain = False
        """Whether nearly every value is a new one, so that remembering costs more than it saves."""

    def leaves(self, record: Native) -> int:
        """The bits of the conditions that the value in this record does not rule out."""
        self._met += 1
        value = self._read(record)
        if type(value) is not str and value is not MISSING and value is not None:
            return self._every
        left = self._known.get(value)
        return self._worked_out(value, record) if left is None else left

    def _worked_out(self, value: object, record: Native) -> int:
        if len(self._known) >= _REMEMBERED:
            self.is_vain = self._met < _REMEMBERED * _REPEATS
            self._known.clear()
            self._met = 0
        left = self._every
        for bit, tests in self._tests:
            if not all(test(record) for test in tests):
                left &= ~bit
        self._known[value] = left
        return left


def _conjuncts(node: Node) -> Iterator[Node]:
    """The conditions that must all hold for this one to hold."""
    if isinstance(node, And):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _only_field(node: Node) -> str | None:
    """The field that decides the condition, where it is one alone and asked for nothing but its value."""
    if isinstance(node, Test):
        return None if node.op in FIELD_TESTS else node.field
    if isinstance(node, Elements | Timed):
        return None
    if isinstance(node, Not):
        return _only_field(node.part)
    fields = {_only_field(part) for part in node.parts}
    return fields.pop() if len(fields) == 1 else None
