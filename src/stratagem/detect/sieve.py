"""Which records of a batch deserve a full decode: those whose head, and whose bytes, leave a rule possible.

A rule that its discriminators narrow is tried on every record with fitting ones. A rule that they do not narrow is
tried only where one of its literals stands in the bytes, or where an escape could hide it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stratagem.rules import prefilter

if TYPE_CHECKING:
    from stratagem.detect.lane import Lane
    from stratagem.detect.pieces import Pieces

_NOWHERE = "\0"
"""A discriminator value that no log has: the rules that remain possible for it are not narrowed by discriminators."""

Suspect = tuple[int, tuple[int, ...]]


class Sieve:
    """A lane's rules, divided by how a record is shown to matter to them."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        loose = lane.candidates((_NOWHERE,) * len(lane.source.dispatch))
        witnesses = dict(zip(loose, lane.witnesses(loose), strict=True))
        self._wide = tuple(position for position in loose if witnesses[position] is not None)
        self._prefilter = prefilter.Prefilter([witnesses[position] or frozenset() for position in self._wide])
        self._split: dict[Hashable, tuple[tuple[int, ...], frozenset[int]]] = {}

    def suspects(self, keys: Sequence[Any], pieces: Pieces) -> Iterator[Suspect]:
        """Rows that a rule may hold on, with the positions of those rules, in row order."""
        told = {key: self._parts(key) for key in set(keys)}
        hot = {key for key, (sure, _) in told.items() if sure}
        found: dict[int, set[int]] = {}
        if hot:
            found = {row: set(told[key][0]) for row, key in enumerate(keys) if key in hot}
        if self._wide and any(wide for _, wide in told.values()):
            for row, position in self._by_bytes(keys, pieces):
                if position in told[keys[row]][1]:
                    found.setdefault(row, set()).add(position)
        for row in sorted(found):
            yield row, tuple(sorted(found[row]))

    def _parts(self, key: Hashable) -> tuple[tuple[int, ...], frozenset[int]]:
        """(rules to try on every record with this key, rules to try where their literals stand)."""
        if key not in self._split:
            admitted = self._lane.admits(key) or ()
            wide = frozenset(self._wide).intersection(admitted)
            self._split[key] = (tuple(position for position in admitted if position not in wide), wide)
        return self._split[key]

    def _by_bytes(self, keys: Sequence[Any], pieces: Pieces) -> Iterator[tuple[int, int]]:
        block = pieces.block
        for number, places in enumerate(self._prefilter.scan(block)):
            for row in pieces.rows_at(places):
                yield row, self._wide[number]
        for row in pieces.rows_at(prefilter.risky_offsets(block)):
            for position in self._wide:
                yield row, position
