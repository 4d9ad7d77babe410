"""One source's way through the scan: its head reader, its rules by discriminator, its compiled matchers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from stratagem.detect.compile import Plan
from stratagem.detect.heads import MISSING, Heads, nested
from stratagem.rules import dispatch, matcher, prefilter
from stratagem.rules.model import Filter
from stratagem.rules.resolve import MISSING as ABSENT
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import answering
from stratagem.sources._contract import LogSource, Native, Source

_REMEMBERED = 50_000
"""Distinct discriminator values whose candidates are remembered."""

Test = Callable[[Native], bool]


class Lane:
    """Rules of one source, ready to run. `rules` are indexes into the plan."""

    def __init__(self, source_id: str, source: Source, plan: Plan) -> None:
        self.source_id = source_id
        self.source = source
        self.plan = plan
        self.rules = plan.routes.get(source_id, ())
        self.resolver = Resolver.for_source(source)
        self.heads = Heads(source) if source.uid_fields and source.time_fields else None
        mine = [plan.rules[rule] for rule in self.rules]
        self._dispatch = dispatch.Dispatch(mine, source.dispatch, self.resolver)
        self._by_values: dict[Any, tuple[int, ...]] = {}
        self._tests: dict[int, Test] = {}
        self._filters: dict[int, tuple[tuple[Filter, Test], ...]] = {}
        self._only: dict[int, tuple[LogSource, ...]] = {}

    def admits(self, key: Any) -> tuple[int, ...] | None:
        """The candidate rules (positions in `rules`) of records with this head key; None: not our canonical shape."""
        assert self.heads is not None
        values = key if isinstance(key, tuple) else (key,)
        if any(value is not MISSING and not isinstance(value, str | None) for value in values):
            return None
        if not self.source.is_canonical(nested(self.heads.key_paths, values)):
            return None
        return self.candidates(values[: len(self.source.dispatch)])

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
        """The rule's filters, compiled."""
        if position not in self._filters:
            rule = self.plan.rules[self.rules[position]]
            self._filters[position] = tuple(
                (one, matcher.compile(one.condition, self.resolver)) for one in rule.filters
            )
        return self._filters[position]

    def _compile(self, position: int) -> Test:
        rule = self.plan.rules[self.rules[position]]
        holds: Test = matcher.compile(rule.condition, self.resolver)
        only = tuple(offered.only for offered in answering(self.source.logsources, rule.logsource))
        if not only or None in only:
            return holds
        narrow = tuple(test for test in only if test is not None)
        return lambda native: any(test(native) for test in narrow) and holds(native)


def _known(value: Any) -> Any:
    """A head value in dispatch's own words."""
    if value is MISSING:
        return ABSENT
    return dispatch.UNKNOWN if value is ... else value


def _typed(value: Any) -> Any:
    """1, 1.0 and True are one dictionary key but not one value to a rule."""
    return value if isinstance(value, str) or value is None or value is MISSING else (type(value), value)
