"""Field name -> a fast function that reads it. Says the same as `Resolver.find`, without a call per path segment.

A reader returns MISSING, the value at the path, or `Several` where the path went through an array to more than one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stratagem.rules.resolve import MISSING, Resolver, Route, expand, finals

Reader = Callable[[Any], Any]


class Several(tuple[Any, ...]):
    """What stands at a path that went through an array, in more than one place."""

    __slots__ = ()


def reader(name: str, resolver: Resolver) -> Reader:
    """The reader of a field, with the resolver's derived fields and aliases behind the canonical path."""
    readers = tuple(_route(route) for route in resolver.routes(name))
    if len(readers) == 1:
        return readers[0]

    def first_present(record: Any) -> Any:
        for read in readers:
            value = read(record)
            if value is not MISSING:
                return value
        return MISSING

    return first_present


def plain_key(name: str, resolver: Resolver) -> str | None:
    """The record's own key that the field is, where there is no other way to read it."""
    route, *others = resolver.routes(name)
    if others or route.compute is not None or len(route.segments) != 1 or name.endswith("]"):
        return None
    return route.segments[0]


def values(found: Any) -> list[Any]:
    """Every value behind what a reader returned."""
    if found is MISSING:
        return []
    if type(found) is Several:
        return [value for final in found for value in expand(final)]
    return expand(found)


def _route(route: Route) -> Reader:
    if route.compute is None:
        return _path(route.segments, nested=route.nested)
    compute = route.compute
    below = _path(route.segments, nested=False)

    def derived(record: Any) -> Any:
        computed = compute(record)
        return MISSING if computed is None else below(computed)

    return derived


def _path(segments: tuple[str, ...], *, nested: bool) -> Reader:
    if not segments:
        return _itself
    if any(segment.endswith("]") for segment in segments):
        return _slow(segments, nested=nested)
    if len(segments) == 1:
        return _key(segments[0])
    if nested:
        return _nested(segments)
    return _dotted(segments)


def _itself(record: Any) -> Any:
    return record


def _slow(segments: tuple[str, ...], *, nested: bool) -> Reader:
    """Any record, any path: through arrays, dotted keys and positions."""

    def read(record: Any) -> Any:
        found = finals(record, segments, nested=nested)
        if not found:
            return MISSING
        return found[0] if len(found) == 1 else Several(found)

    return read


def _key(key: str) -> Reader:
    slow = _slow((key,), nested=False)

    def read(record: Any) -> Any:
        if type(record) is dict:
            return record.get(key, MISSING)
        return slow(record)

    return read


def _nested(segments: tuple[str, ...]) -> Reader:
    slow = _slow(segments, nested=True)
    *above, last = segments

    def read(record: Any) -> Any:
        value = record
        for segment in above:
            if type(value) is not dict:
                return slow(record)
            value = value.get(segment)
            if value is None:
                return MISSING
        if type(value) is dict:
            return value.get(last, MISSING)
        return slow(record)

    return read


def _dotted(segments: tuple[str, ...]) -> Reader:
    """Nesting, as long as no key with dots stands in the way on any level."""
    slow = _slow(segments, nested=False)
    *above, last = segments
    levels = [
        (segment, tuple(".".join(segments[at:end]) for end in range(len(segments), at + 1, -1)))
        for at, segment in enumerate(above)
    ]

    def read(record: Any) -> Any:
        value = record
        for segment, joined in levels:
            if type(value) is not dict:
                return slow(record)
            for key in joined:
                if key in value:
                    return slow(record)
            value = value.get(segment)
            if value is None:
                return MISSING
        if type(value) is dict:
            return value.get(last, MISSING)
        return slow(record)

    return read
