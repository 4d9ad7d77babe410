"""Which rules can match at all, given a record's discriminators (the event name, say)? The rest are not asked.

Three-valued: a condition over known fields is true, false or open; everything that is not exactly a known field is
open. A rule is left out only where it is false, so dispatch never loses a match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from stratagem.rules.model import And, Node, Not, Op, Or, Rule, Test
from stratagem.rules.reference import FIELD_TESTS, holds
from stratagem.rules.resolve import MISSING, Resolver
from stratagem.rules.scalars import fold, text_of
from stratagem.rules.timed import loose

FALSE, OPEN, TRUE = 0, 1, 2

Verdict = Callable[[tuple[Any, ...]], int]


class Unknown(Enum):
    """The value of a field that is there, but is not a scalar, or was not decoded."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


def possible(node: Node, known: Mapping[str, Any], resolver: Resolver) -> bool:
    """Can a record match whose fields at these paths are these scalars, MISSING or UNKNOWN?"""
    verdict = _verdict(node, _Known(tuple(known), resolver))
    return verdict is None or verdict(tuple(known.values())) != FALSE


class Dispatch:
    """Rules indexed by the discriminators of their source.

    Each rule lies under the first discriminator whose values it lists ("eventName is one of ..."); rules that list none
    are always looked at. What the index gives is then decided with all discriminators.
    """

    def __init__(self, rules: Sequence[Rule], paths: Sequence[str], resolver: Resolver) -> None:
        known = _Known(tuple(paths), resolver)
        self._paths = tuple(paths)
        # What may hold at some time: an entry of a list that is not valid yet keeps no rule from its records.
        conditions = [loose(rule.condition) for rule in rules]
        self._verdicts = [_verdict(condition, known) for condition in conditions]
        self._by_text: list[dict[str, list[int]]] = [{} for _ in paths]
        self._under: list[list[int]] = [[] for _ in paths]
        self._free: list[int] = []
        self._if_missing = [known.has_fallback(path) for path in paths]
        for index, condition in enumerate(conditions):
            self._place(index, condition, known)

    def candidates(self, values: tuple[Any, ...]) -> tuple[int, ...]:
        """Indexes of the rules that may match a record with these discriminator values, ascending.

        `values` are in the order of `paths`: scalars as decoded, MISSING, or UNKNOWN for anything else.
        """
        found = list(self._free)
        for position, value in enumerate(values):
            found += self._listed(position, value)
        return tuple(sorted(index for index in found if self._is_possible(index, values)))

    def is_certain(self, index: int, values: tuple[Any, ...]) -> bool:
        """Whether the rule matches every record with these discriminator values."""
        verdict = self._verdicts[index]
        return verdict is not None and verdict(values) == TRUE

    def _place(self, index: int, node: Node, known: _Known) -> None:
        for position in range(len(self._paths)):
            texts = _required(node, position, known)
            if texts is not None:
                self._under[position].append(index)
                for text in texts:
                    self._by_text[position].setdefault(text, []).append(index)
                return
        self._free.append(index)

    def _listed(self, position: int, value: Any) -> Iterable[int]:
        if value is MISSING:
            return self._under[position] if self._if_missing[position] else ()
        if _is_open(value):
            return self._under[position]
        text = text_of(value)
        return () if text is None else self._by_text[position].get(fold(text), ())

    def _is_possible(self, index: int, values: tuple[Any, ...]) -> bool:
        verdict = self._verdicts[index]
        return verdict is None or verdict(values) != FALSE


class _Known:
    """Which rule fields are exactly a known path, and which of them look elsewhere when the path is absent."""

    def __init__(self, paths: tuple[str, ...], resolver: Resolver) -> None:
        self._positions = {path: position for position, path in enumerate(paths) if _is_exact(path, resolver)}
        self._fallbacks = frozenset(path for path in paths if len(resolver.routes(path)) > 1)

    def position(self, field: str | None) -> int | None:
        """Where the field's value stands among the known ones; None if it is not known for certain."""
        return None if field is None else self._positions.get(field)

    def has_fallback(self, path: str) -> bool:
        """May the field have a value although the path is absent?"""
        return path in self._fallbacks


def _is_exact(path: str, resolver: Resolver) -> bool:
    """Only paths read by nesting alone: a key with dots could stand in front of any other."""
    return not path.endswith("]") and (path in resolver.nested or "." not in path)


def _is_open(value: Any) -> bool:
    return value is UNKNOWN or isinstance(value, list | tuple | dict)


def _verdict(node: Node, known: _Known) -> Verdict | None:
    """The three-valued condition; None where it is open whatever the values."""
    if isinstance(node, And):
        return _joined([_verdict(part, known) for part in node.parts], stop=FALSE)
    if isinstance(node, Or):
        return _joined([_verdict(part, known) for part in node.parts], stop=TRUE)
    if isinstance(node, Not):
        inner = _verdict(node.part, known)
        return None if inner is None else lambda values: TRUE - inner(values)
    if isinstance(node, Test):
        return _test_verdict(node, known)
    return None


def _joined(parts: Sequence[Verdict | None], *, stop: int) -> Verdict | None:
    """And stops at FALSE, Or at TRUE; an open part leaves either open at best."""
    verdicts = [part for part in parts if part is not None]
    if parts and not verdicts:
        return None
    rest = OPEN if len(verdicts) < len(parts) else TRUE - stop

    def joined(values: tuple[Any, ...]) -> int:
        result = rest
        for verdict in verdicts:
            said = verdict(values)
            if said == stop:
                return stop
            if said == OPEN:
                result = OPEN
        return result

    return joined


def _test_verdict(test: Test, known: _Known) -> Verdict | None:
    position = known.position(test.field)
    if position is None or test.field is None:
        return None
    at = position
    if_missing = OPEN if known.has_fallback(test.field) else _absent(test)
    decided: dict[Any, int] = {}

    def verdict(values: tuple[Any, ...]) -> int:
        value = values[at]
        if value is MISSING:
            return if_missing
        if _is_open(value):
            return OPEN
        key = (type(value), value)
        if key not in decided:
            if len(decided) > 10_000:
                decided.clear()
            decided[key] = _present(test, value)
        return decided[key]

    return verdict


def _absent(test: Test) -> int:
    if test.op is Op.EXISTS:
        return FALSE if test.value else TRUE
    return TRUE if test.op is Op.IS_NULL else FALSE


def _present(test: Test, value: Any) -> int:
    if test.op is Op.EXISTS:
        return TRUE if test.value else FALSE
    if test.op is Op.IS_NULL:
        return TRUE if value is None else FALSE
    if test.op in FIELD_TESTS:
        return OPEN
    return TRUE if holds(test, value) else FALSE


def _required(node: Node, position: int, known: _Known) -> frozenset[str] | None:
    """Folded texts of which the discriminator must have one where the condition holds; None if it may have others."""
    if isinstance(node, Test):
        if node.op is Op.EQUALS and known.position(node.field) == position:
            return frozenset({fold(text_of(node.value) or "")})
        return None
    if isinstance(node, And):
        sets = [texts for part in node.parts if (texts := _required(part, position, known)) is not None]
        return frozenset.intersection(*sets) if sets else None
    if isinstance(node, Or):
        options = [_required(part, position, known) for part in node.parts]
        if any(texts is None for texts in options):
            return None
        return frozenset().union(*(texts for texts in options if texts is not None))
    return None
