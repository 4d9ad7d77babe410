"""Field name -> values of a record.

A plain dotted path goes through objects, and through arrays with any-element semantics: every element is followed, and
a test holds if it holds for one of the values. A key that contains dots wins over nesting, longest first. `name[0]`
is one element by position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from operator import itemgetter
from typing import Any, Final

from stratagem.clock import NoTime, parse_time
from stratagem.sources._contract import Native, Source

ELEMENT = "."
"""The field that names the array element itself, inside `field[any]:`."""

_POSITION = re.compile(r"(?P<key>.*?)(?P<positions>(\[-?\d{1,9}\])+)", re.DOTALL)


class Missing(Enum):
    """No value: different from null, which is one."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to read a field: `segments` below the record, or below what `compute` gives."""

    segments: tuple[str, ...]
    derived: str | None = None
    compute: Callable[[Native], Any] | None = None
    nested: bool = False
    """Only nesting counts, keys with dots do not: the paths that a source's fast path decodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """How the fields of rules are read from the records of one source.

    A field is its canonical path if that is present, else a derived field, else the first of its aliases that is
    present. Derived fields and aliases also serve what lies below them (`k8s.pod.containers.image`).
    """

    derived: Mapping[str, Callable[[Native], Any]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other names -> canonical or derived paths; keys in lower case."""
    nested: frozenset[str] = frozenset()
    """Paths read by nesting alone."""
    time: Callable[[Native], Any] = itemgetter("time")
    """Event time as a record has it."""
    time_fields: tuple[str, ...] = ("time",)
    """The paths that `time` reads; empty where it may read others."""
    _known: dict[str, tuple[Route, ...]] = field(default_factory=dict, compare=False, repr=False)
    witnesses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Derived field -> texts of which one stands in the raw record wherever the field has a value."""

    @classmethod
    def for_source(cls, source: Source) -> Resolver:
        """The resolver of a source's canonical records."""
        return cls(
            derived={name: derived.compute for name, derived in source.derived.items()},
            aliases={name.lower(): tuple(paths) for name, paths in source.aliases.items()},
            nested=frozenset(source.head),
            time=source.time,
            time_fields=(*source.time_fields, *source.time_only_with.values()),
            witnesses={name: derived.witnesses for name, derived in source.derived.items()},
        )

    def routes(self, name: str) -> tuple[Route, ...]:
        """The ways to read a field, in order. Rules and titles name few fields, so each is worked out once."""
        if name not in self._known:
            self._known[name] = self._worked_out(name)
        return self._known[name]

    def _worked_out(self, name: str) -> tuple[Route, ...]:
        found = [self._canonical(name), *self._derived(name)]
        for target in self._alias_targets(name):
            found += [self._canonical(target), *self._derived(target)]
        return tuple(dict.fromkeys(found))

    def moment(self, record: Native) -> datetime | None:
        """Event time of a record; None where it has none that can be read."""
        try:
            found = self.time(record)
            return found if isinstance(found, datetime) else parse_time(found)
        except (KeyError, TypeError, NoTime):
            return None

    def find(self, record: Native, name: str) -> list[Any] | None:
        """What stands at the field (several where the path went through an array), or None where it is absent."""
        for route in self.routes(name):
            found = follow(route, record)
            if found:
                return found
        return None

    def values(self, record: Native, name: str) -> list[Any]:
        """The values that a test on the field sees; empty where the field is absent or an empty array."""
        found = self.find(record, name) or []
        return [value for final in found for value in expand(final)]

    def _canonical(self, name: str) -> Route:
        segments = () if name == ELEMENT else tuple(name.split("."))
        return Route(segments=segments, nested=name in self.nested)

    def _derived(self, name: str) -> list[Route]:
        for prefix, rest in _prefixes(name):
            if prefix in self.derived:
                return [Route(segments=rest, derived=prefix, compute=self.derived[prefix])]
        return []

    def _alias_targets(self, name: str) -> list[str]:
        for prefix, rest in _prefixes(name):
            if prefix.lower() in self.aliases:
                return [".".join((target, *rest)) for target in self.aliases[prefix.lower()]]
        return []


PLAIN = Resolver()
"""Canonical paths alone."""


def _prefixes(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """(a.b.c, ()), (a.b, (c,)), (a, (b, c)): longest first."""
    parts = name.split(".")
    return [(".".join(parts[:count]), tuple(parts[count:])) for count in range(len(parts), 0, -1)]


def follow(route: Route, record: Any) -> list[Any]:
    """What stands at the end of a route; empty if nothing does."""
    if route.compute is None:
        return finals(record, route.segments, nested=route.nested)
    computed = route.compute(record)
    return [] if computed is None else finals(computed, route.segments)


def finals(value: Any, segments: Sequence[str], *, nested: bool = False) -> list[Any]:
    """Everything at the end of the path, through every array on the way."""
    if not segments:
        return [value]
    if isinstance(value, list | tuple):
        return [final for element in value for final in finals(element, segments, nested=nested)]
    if not isinstance(value, Mapping):
        return []
    for length in range(1 if nested else len(segments), 0, -1):
        below = _below(value, ".".join(segments[:length]))
        found = [] if below is MISSING else finals(below, segments[length:], nested=nested)
        if found:
            return found
    return []


def _below(value: Mapping[str, Any], key: str) -> Any:
    """The value of a key, or of `key[0]` where no key is called so."""
    if key in value:
        return value[key]
    match = _POSITION.fullmatch(key) if key.endswith("]") else None
    if match is None or match["key"] not in value:
        return MISSING
    below = value[match["key"]]
    for position in re.findall(r"-?\d+", match["positions"]):
        if not isinstance(below, list | tuple) or not -len(below) <= int(position) < len(below):
            return MISSING
        below = below[int(position)]
    return below


def expand(final: Any) -> list[Any]:
    """The values of what stands at a path: an array stands for its elements, and where these are not all scalars, for
    itself as well (text tests then see its JSON)."""
    if not isinstance(final, list | tuple):
        return [final]
    values = [value for element in final for value in expand(element)]
    if any(isinstance(element, Mapping | list | tuple) for element in final):
        values.append(final)
    return values


def elements(found: list[Any] | None) -> list[Any]:
    """The array elements at a path: nested arrays are flattened, a lone object or scalar is one, null is none."""
    flat: list[Any] = []
    for final in found or []:
        if isinstance(final, list | tuple):
            flat.extend(_flattened(final))
        elif final is not None:
            flat.append(final)
    return flat


def _flattened(array: Sequence[Any]) -> list[Any]:
    flat: list[Any] = []
    for element in array:
        if isinstance(element, list | tuple):
            flat.extend(_flattened(element))
        else:
            flat.append(element)
    return flat
