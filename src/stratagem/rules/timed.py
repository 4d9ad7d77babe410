"""Conditions that depend on when an event happened: `|expand` with entries that have a validity.

Lists are expanded once, when rules are read, to all entries that are ever valid. A condition is asked in two steps: one
that takes every entry for valid where that can only add matches (and for invalid under a negation), so that dispatch,
prefilter and the first test stay as they are; and, on what that lets through, the condition as it is at the event's
own time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

from stratagem.rules.model import And, Elements, Node, Not, Or, Timed

T = TypeVar("T")

NEVER = Or(parts=())
_BEFORE = datetime.min.replace(tzinfo=UTC)
_FALLING = "none"
"""The quantifier under which more that holds below means less that holds above."""


def is_timed(node: Node) -> bool:
    """Whether the condition depends on the event's time."""
    return next(_spans(node), None) is not None


def _spans(node: Node) -> Iterator[Timed]:
    if isinstance(node, Timed):
        yield node
        yield from _spans(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _spans(part)
    elif isinstance(node, Not | Elements):
        yield from _spans(node.part)


def at(node: Node, moment: datetime | None) -> Node:
    """The condition as it is for an event of this time; what has a validity does not hold at an unknown time."""
    return _replaced(node, lambda timed, _: moment is not None and moment in timed.valid)


def loose(node: Node) -> Node:
    """A condition without times that holds wherever this one does at any time, and perhaps elsewhere."""
    return _replaced(node, lambda _, rising: rising)


def _replaced(node: Node, holds: Callable[[Timed, bool], bool], rising: bool = True) -> Node:
    """The condition with each timed part as itself or as never; `rising`: more that holds here is more above."""
    if isinstance(node, Timed):
        return _replaced(node.part, holds, rising) if holds(node, rising) else NEVER
    if isinstance(node, And):
        return And(parts=tuple(_replaced(part, holds, rising) for part in node.parts))
    if isinstance(node, Or):
        return Or(parts=tuple(_replaced(part, holds, rising) for part in node.parts))
    if isinstance(node, Not):
        return Not(part=_replaced(node.part, holds, not rising))
    if isinstance(node, Elements):
        below = rising if node.quantifier != _FALLING else not rising
        part = _replaced(node.part, holds, below)
        return Elements(field=node.field, quantifier=node.quantifier, part=part)
    return node


def by_time(node: Node, make: Callable[[Node], T]) -> Callable[[datetime | None], T]:
    """`make(at(node, moment))` for any moment, made once for each stretch of time that the condition is the same in."""
    spans = list(_spans(node))
    bounds = sorted({bound for one in spans for bound in (one.valid.start, one.valid.end) if bound is not None})

    @cache
    def made(stretch: int) -> T:
        if stretch < 0:
            return make(at(node, None))
        if stretch:
            return make(at(node, bounds[stretch - 1]))
        return make(at(node, _BEFORE))

    return lambda moment: made(-1 if moment is None else bisect_right(bounds, moment))
