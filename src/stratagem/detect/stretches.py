"""Findings in order that are made when they are asked for, many at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, overload

from stratagem.detect.model import Finding


class Placed(Sequence[Finding]):
    """A sequence of findings that knows how to give the one at a place."""

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Finding]: ...
    def __getitem__(self, index: int | slice) -> Finding | Sequence[Finding]:
        places = range(len(self))[index]
        return self._finding(places) if isinstance(places, int) else [self._finding(place) for place in places]

    @abstractmethod
    def _finding(self, place: int) -> Finding: ...


class Stretched(Placed):
    """Makes a stretch of findings at once; the last one made is kept."""

    size: ClassVar[int]
    """How many findings are made together."""

    _kept: tuple[int, list[Finding]] = (-1, [])

    @abstractmethod
    def _made(self, start: int) -> list[Finding]:
        """The findings of the stretch that begins at this place."""

    def __iter__(self) -> Iterator[Finding]:
        for start in range(0, len(self), self.size):
            yield from self._made(start)

    def _finding(self, place: int) -> Finding:
        start = place // self.size * self.size
        if self._kept[0] != start:
            self._kept = (start, self._made(start))
        return self._kept[1][place - start]
