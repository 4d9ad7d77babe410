"""Which records of a batch deserve a full decode: those whose head, and whose bytes, leave a rule possible.

A rule that its discriminators narrow is tried on every record with fitting ones. A rule that they do not narrow is
tried only where one of its literals stands in the bytes, or where an escape could hide it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stratagem.rules import prefilter

if TYPE_CHECKING:
    from stratagem.detect.lane import Lane
    from stratagem.detect.pieces import Pieces

_NOWHERE = "\0"
"""A discriminator value that no log has: the rules that remain possible for it are not narrowed by discriminators."""

_TABLE = 50_000
"""Distinct head keys that are remembered; whoever writes a log may write keys without end."""

Suspect = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a record's head key says. `loud` is whether the record must be looked at without regard to its bytes."""

    sure: tuple[int, ...] = ()
    """Rules to try."""
    wide: frozenset[int] = frozenset()
    """Rules to try where one of their literals stands in the bytes."""
    odd: bool = False
    """Not the source's canonical shape: the record takes the careful path."""
    loud: bool = False


class Sieve:
    """A lane's rules, divided by how a record is shown to matter to them."""

    def __init__(self, lane: Lane) -> None:
        loose = lane.candidates((_NOWHERE,) * len(lane.source.dispatch))
        witnesses = dict(zip(loose, lane.witnesses(loose), strict=True))
        self._wide = tuple(position for position in loose if witnesses[position] is not None)
        self._prefilter = prefilter.Prefilter([witnesses[position] or frozenset() for position in self._wide])
        self._table = _Table(lane, frozenset(self._wide))

    def verdicts(self, keys: Sequence[Hashable]) -> list[Verdict]:
        """The verdict on each row's head key."""
        if len(self._table) > _TABLE:
            self._table.clear()
        return list(map(self._table.__getitem__, keys))

    def suspects(self, loud: Iterable[int], verdicts: Sequence[Verdict], pieces: Pieces) -> Iterator[Suspect]:
        """Rows that a rule may hold on, with the positions of those rules, in row order; `loud` are the loud rows."""
        if not self._wide:
            for row in loud:
                yield row, verdicts[row].sure
            return
        found = {row: set(verdicts[row].sure) for row in loud}
        for row, position in self._by_bytes(pieces):
            if position in verdicts[row].wide:
                found.setdefault(row, set()).add(position)
        for row in sorted(found):
            yield row, tuple(sorted(found[row]))

    def _by_bytes(self, pieces: Pieces) -> Iterator[tuple[int, int]]:
        block = pieces.block
        for number, places in enumerate(self._prefilter.scan(block)):
            for row in pieces.rows_at(places):
                yield row, self._wide[number]
        for row in pieces.rows_at(prefilter.risky_offsets(block)):
            for position in self._wide:
                yield row, position


class _Table(dict[Hashable, Verdict]):
    """Verdicts by head key, made when a key is met first; one lookup a record is all that most records cost."""

    def __init__(self, lane: Lane, wide: frozenset[int]) -> None:
        super().__init__()
        self._lane = lane
        self._wide = wide

    def __missing__(self, key: Hashable) -> Verdict:
        admitted = self._lane.admits(key)
        if admitted is None:
            verdict = Verdict(odd=True, loud=True)
        else:
            sure = tuple(position for position in admitted if position not in self._wide)
            verdict = Verdict(sure, self._wide.intersection(admitted), loud=bool(sure))
        self[key] = verdict
        return verdict
