"""Which parts of a record a condition reads, so that the rest of the record need not be decoded to test it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stratagem.rules.model import Elements, Node, Not, Test, Timed
from stratagem.rules.reference import FIELD_TESTS
from stratagem.rules.resolve import Resolver

Paths = frozenset[tuple[str, ...]]
"""Paths as segments. A key may stand for several segments joined by dots, as in the resolver."""

_DEEPEST = 5
"""Segments of the longest path that is followed: the ways to join them by dots double with each."""


def reads(node: Node, resolver: Resolver) -> Paths | None:
    """The paths that decide the condition; None where it may read anything (keywords, derived fields, positions)."""
    if isinstance(node, Test):
        return _test(node, resolver)
    if isinstance(node, Elements):
        return _field(node.field, resolver)
    if isinstance(node, Not):
        return reads(node.part, resolver)
    if isinstance(node, Timed):
        return union([reads(node.part, resolver), *_times(resolver)])
    return union(reads(part, resolver) for part in node.parts)


def tested(node: Node) -> Iterator[str]:
    """The fields that a condition tests, as it names them; those of array elements by the array alone."""
    if isinstance(node, Test):
        yield from () if node.field is None else (node.field,)
    elif isinstance(node, Elements):
        yield node.field
    elif isinstance(node, Not | Timed):
        yield from tested(node.part)
    else:
        for part in node.parts:
            yield from tested(part)


def _times(resolver: Resolver) -> list[Paths | None]:
    """The paths of event time."""
    return [frozenset([tuple(path.split("."))]) for path in resolver.time_fields] or [None]


def union(found: Iterable[Paths | None]) -> Paths | None:
    """All of the paths, or None where one of them is."""
    every: set[tuple[str, ...]] = set()
    for paths in found:
        if paths is None:
            return None
        every |= paths
    return frozenset(every)


def _test(test: Test, resolver: Resolver) -> Paths | None:
    if test.field is None:
        return None
    own = _field(test.field, resolver)
    return union([own, _field(str(test.value), resolver)]) if test.op in FIELD_TESTS else own


def _field(name: str, resolver: Resolver) -> Paths | None:
    routes = resolver.routes(name)
    if any(route.compute is not None or not _is_plain(route.segments) for route in routes):
        return None
    return frozenset(route.segments for route in routes)


def _is_plain(segments: tuple[str, ...]) -> bool:
    return 0 < len(segments) <= _DEEPEST and not any(segment.endswith("]") for segment in segments)
