"""Two ordered lists of findings as one: those of rules, and those of correlations and baselines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import merge
from typing import Protocol

from stratagem.detect.model import Finding
from stratagem.detect.stretches import Placed


class Ordered(Protocol):
    """Findings in order that can tell what they are ordered by."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> Finding: ...
    def __iter__(self) -> Iterator[Finding]: ...
    def lines(self) -> Iterator[bytes]:
        """Each finding as one line of JSON."""

    def orders(self) -> Iterator[tuple[int, float, str]]:
        """What each finding is ordered by."""

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""


class Together(Placed):
    """Several lists of findings in one order. Nothing is made before it is asked for."""

    def __init__(self, *parts: Ordered) -> None:
        self._parts = parts
        self._owners = bytes(number for _, number in merge(*(_marked(part, n) for n, part in enumerate(parts))))
        self._places: list[int] | None = None

    def __len__(self) -> int:
        return len(self._owners)

    def __iter__(self) -> Iterator[Finding]:
        each = [iter(part) for part in self._parts]
        return (next(each[owner]) for owner in self._owners)

    def lines(self) -> Iterator[bytes]:
        """Every finding as one line of OCSF JSON, in order, without line ends."""
        each = [part.lines() for part in self._parts]
        return (next(each[owner]) for owner in self._owners)

    def orders(self) -> Iterator[tuple[int, float, str]]:
        """What each finding is ordered by."""
        return merge(*(part.orders() for part in self._parts))

    def counts(self) -> tuple[Counter[str], Counter[str]]:
        """How many findings each analytic, and each level, has."""
        analytics: Counter[str] = Counter()
        levels: Counter[str] = Counter()
        for part in self._parts:
            some, others = part.counts()
            analytics += some
            levels += others
        return analytics, levels

    def _finding(self, place: int) -> Finding:
        if self._places is None:
            seen = [0] * len(self._parts)
            self._places = []
            for owner in self._owners:
                self._places.append(seen[owner])
                seen[owner] += 1
        return self._parts[self._owners[place]][self._places[place]]


def _marked(part: Ordered, number: int) -> Iterator[tuple[tuple[int, float, str], int]]:
    return ((order, number) for order in part.orders())
