"""One source's way through the scan: its head reader, its rules by discriminator, its compiled matchers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stratagem.detect.compile import Plan
from stratagem.detect.heads import MISSING, Heads, nested
from stratagem.detect.informed import asks_context
from stratagem.detect.narrow import Read, narrow
from stratagem.detect.screen import Screen
from stratagem.rules import dispatch, matcher, prefilter
from stratagem.rules.model import Filter
from stratagem.rules.reads import Paths, reads, union
from stratagem.rules.resolve import MISSING as ABSENT
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import answering
from stratagem.sources._contract import Labels, Native, Source
from stratagem.sources._json import decode

_READERS = 500
"""Readers of parts of records that are made; each costs a tenth of a millisecond."""
_MANY = 3
"""Rules on one record from which on a screen in front of them pays."""
_REMEMBERED = 50_000
"""Distinct discriminator values whose candidates are remembered."""

Test = Callable[[Native], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Rules that one record is tried on, and a reader that gives as much of the record as they need."""

    tests: tuple[tuple[int, Test | None], ...]
    """Position and compiled condition, ascending; no condition where the head has already decided that it holds."""
    read: Read
    screen: Screen | None = None
    """Rules many of these out first, by what one field says."""

    @property
    def is_decided(self) -> bool:
        """Whether the head alone has decided that all of them hold."""
        return all(test is None for _, test in self.tests)

    def matched(self, native: Native) -> list[int]:
        """The positions of the rules that hold on what `read` gave."""
        if self.screen is None:
            return [position for position, test in self.tests if test is None or test(native)]
        left = self.screen.left(native)
        if not left:
            return []
        return [
            position
            for place, (position, test) in enumerate(self.tests)
            if left >> place & 1 and (test is None or test(native))
        ]


class Lane:
    """Rules of one source, ready to run. `rules` are indexes into the plan."""

    def __init__(self, source_id: str, source: Source, plan: Plan) -> None:
        self.source_id = source_id
        self.source = source
        self.plan = plan
        self.rules = plan.routes.get(source_id, ())
        self.resolver = Resolver.for_source(source)
        self.heads = Heads(source) if source.time_fields else None
        mine = [plan.rules[rule] for rule in self.rules]
        self._dispatch = dispatch.Dispatch(mine, source.dispatch, self.resolver)
        self._by_values: dict[Any, tuple[int, ...]] = {}
        self._tests: dict[int, Test] = {}
        self._screened: dict[int, Test] = {}
        """What screens compiled, by the identity of the node: the plan keeps the nodes."""
        self._filters: dict[int, tuple[tuple[Filter, Test], ...]] = {}
        self._asking: dict[int, tuple[tuple[Filter, Test], ...]] = {}
        self._paths: dict[tuple[int, bool], Paths | None] = {}
        self._readers: dict[Paths | None, Read] = {None: decode}
        self._label_paths = frozenset(tuple(path.split(".")) for path in source.label_fields)

    def admits(self, key: Any) -> tuple[int, ...] | None:
        """The candidate rules (positions in `rules`) of records with this head key; None: not our canonical shape."""
        assert self.heads is not None
        values = _values(key)
        if any(value is not MISSING and not isinstance(value, str | None) for value in values):
            return None
        if not self.source.is_canonical(nested(self.heads.key_paths, values)):
            return None
        return self.candidates(self.discriminators(key))

    def discriminators(self, key: Any) -> tuple[Any, ...]:
        """The discriminators' values in a head key."""
        return _values(key)[: len(self.source.dispatch)]

    def candidates(self, values: tuple[Any, ...]) -> tuple[int, ...]:
        """The candidate rules of a record with these discriminator values."""
        if not self.rules:
            return ()
        known = tuple(_typed(value) for value in values)
        if known not in self._by_values:
            if len(self._by_values) > _REMEMBERED:
                self._by_values.clear()
            self._by_values[known] = self._dispatch.candidates(tuple(_known(value) for value in values))
        return self._by_values[known]

    def is_certain(self, position: int, values: tuple[Any, ...]) -> bool:
        """Whether the rule holds on every record with these discriminator values, whatever else is in it."""
        known = tuple(_known(value) for value in values)
        return not self._only(position) and self._dispatch.is_certain(position, known)

    def trial(self, certain: Iterable[int], open_: Iterable[int]) -> Trial:
        """What a record has to be asked on which rules are certain to hold and others may."""
        tests: dict[int, Test | None] = {position: self.test(position) for position in open_}
        tests.update(dict.fromkeys(certain))
        paths = union(self._reads(position, test is not None) for position, test in tests.items())
        ordered = tuple((position, tests[position]) for position in sorted(tests))
        return Trial(ordered, self._reader(paths), self._screen(ordered))

    def labels(self, native: Native) -> Labels:
        """Where a record in the canonical shape comes from; `native` is what a trial's reader gave."""
        return self.source.labels(native) if self.source.labels else self.source.canonical(native)[1]

    def witnesses(self, positions: Iterable[int]) -> list[frozenset[bytes] | None]:
        """What must stand in a record's bytes for the rule at each position; None where nothing must."""
        conditions = (self.plan.rules[self.rules[position]].condition for position in positions)
        return [prefilter.literals(condition, self.resolver) for condition in conditions]

    def test(self, position: int) -> Test:
        """The compiled condition of the rule at `position`."""
        if position not in self._tests:
            self._tests[position] = self._compile(position)
        return self._tests[position]

    def filters(self, position: int) -> tuple[tuple[Filter, Test], ...]:
        """The rule's filters that the record alone decides, compiled."""
        if position not in self._filters:
            self._filters[position] = self._filters_of(position, asking=False)
        return self._filters[position]

    def asking(self, position: int) -> tuple[tuple[Filter, Test], ...]:
        """The rule's filters that ask the context, compiled."""
        if position not in self._asking:
            self._asking[position] = self._filters_of(position, asking=True)
        return self._asking[position]

    def _filters_of(self, position: int, *, asking: bool) -> tuple[tuple[Filter, Test], ...]:
        filters = self.plan.rules[self.rules[position]].filters
        return tuple(
            (one, matcher.compile(one.condition, self.resolver)) for one in filters if asks_context(one) == asking
        )

    def _compile(self, position: int) -> Test:
        holds: Test = matcher.compile(self.plan.rules[self.rules[position]].condition, self.resolver)
        only = self._only(position)
        return (lambda native: any(test(native) for test in only) and holds(native)) if only else holds

    def _only(self, position: int) -> tuple[Test, ...]:
        """The tests of which a record must pass one to be of the rule's logsource; empty where every record is."""
        rule = self.plan.rules[self.rules[position]]
        tests = [offered.only for offered in answering(self.source.logsources, rule.logsource)]
        return () if None in tests else tuple(test for test in tests if test is not None)

    def _screen(self, tests: Sequence[tuple[int, Test | None]]) -> Screen | None:
        if sum(test is not None for _, test in tests) < _MANY:
            return None
        conditions = [self.plan.rules[self.rules[position]].condition if test else None for position, test in tests]
        return Screen(conditions, self.resolver, told=self.source.dispatch, compiled=self._screened)

    def _reads(self, position: int, is_open: bool) -> Paths | None:
        """The paths that the rule's test (where it is open) and its filters read; None for all there may be."""
        key = (position, is_open)
        if key not in self._paths:
            rule = self.plan.rules[self.rules[position]]
            nodes = [rule.condition] if is_open else []
            nodes += [one.condition for one in rule.filters if not asks_context(one)]
            paths = union(reads(node, self.resolver) for node in nodes)
            self._paths[key] = None if is_open and self._only(position) else paths
        return self._paths[key]

    def _reader(self, paths: Paths | None) -> Read:
        """One reader for each set of paths; past a number of sets, whole records."""
        if self.source.labels is None:
            return decode
        if paths is not None:
            paths |= self._label_paths
        if paths not in self._readers:
            self._readers[paths] = narrow(paths or ()) if len(self._readers) < _READERS else decode
        return self._readers[paths]


def _values(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _known(value: Any) -> Any:
    """A head value in dispatch's own words."""
    if value is MISSING:
        return ABSENT
    return dispatch.UNKNOWN if value is ... else value


def _typed(value: Any) -> Any:
    """1, 1.0 and True are one dictionary key but not one value to a rule."""
    return value if isinstance(value, str) or value is None or value is MISSING else (type(value), value)
