"""Which records of a batch deserve a second look: those whose head, and whose bytes, leave a rule possible.

A rule that its discriminators narrow is tried on every record with fitting ones; where they decide it alone, it holds
without being tried. A rule that they do not narrow is tried only where one of its literals stands in the bytes, or
where an escape could hide it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stratagem.rules import prefilter

if TYPE_CHECKING:
    from stratagem.detect.lane import Lane, Trial
    from stratagem.detect.pieces import Pieces

_NOWHERE = "\0"
"""A discriminator value that no log has: the rules that remain possible for it are not narrowed by discriminators."""

_TABLE = 50_000
"""Distinct head keys that are remembered; whoever writes a log may write keys without end."""

Suspect = tuple[int, "Trial"]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a record's head key says. `loud` is whether the record must be looked at without regard to its bytes."""

    certain: tuple[int, ...] = ()
    """Rules that hold."""
    open: tuple[int, ...] = ()
    """Rules to try."""
    wide: frozenset[int] = frozenset()
    """Rules to try where one of their literals stands in the bytes."""
    trial: Trial | None = None
    """The certain and the open rules; None where there are none."""
    odd: bool = False
    """Not the source's canonical shape: the record takes the careful way."""
    loud: bool = False


class Sieve:
    """A lane's rules, divided by how a record is shown to matter to them."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        loose = lane.candidates((_NOWHERE,) * len(lane.source.dispatch))
        witnesses = dict(zip(loose, lane.witnesses(loose), strict=True))
        self._wide = tuple(position for position in loose if witnesses[position] is not None)
        self._prefilter = prefilter.Prefilter([witnesses[position] or frozenset() for position in self._wide])
        self._table = _Table(lane, frozenset(self._wide))
        self._widened: dict[tuple[Verdict, tuple[int, ...]], Trial] = {}

    def verdicts(self, keys: Sequence[Hashable]) -> list[Verdict]:
        """The verdict on each row's head key."""
        if len(self._table) > _TABLE:
            self._table.clear()
            self._widened.clear()
        return list(map(self._table.__getitem__, keys))

    def suspects(self, loud: Iterable[int], verdicts: Sequence[Verdict], pieces: Pieces) -> Iterator[Suspect]:
        """Rows that a rule may hold on, with what they are to be asked, in row order; `loud` are the loud rows."""
        trials = {row: trial for row in loud if (trial := verdicts[row].trial)}
        if self._wide:
            for row, positions in self._by_bytes(verdicts, pieces).items():
                trials[row] = self._wider(verdicts[row], tuple(sorted(positions)))
            yield from sorted(trials.items())
        else:
            yield from trials.items()

    def _by_bytes(self, verdicts: Sequence[Verdict], pieces: Pieces) -> dict[int, set[int]]:
        """The wide rules to try, by row."""
        found: dict[int, set[int]] = {}
        block = pieces.block
        hits = self._prefilter.hits(block)
        for row, (_, numbers) in zip(pieces.rows_of([offset for offset, _ in hits]), hits, strict=True):
            asked = [position for number in numbers if (position := self._wide[number]) in verdicts[row].wide]
            if asked:
                found.setdefault(row, set()).update(asked)
        for row in pieces.rows_of(prefilter.risky_offsets(block)):
            if verdicts[row].wide:
                found.setdefault(row, set()).update(verdicts[row].wide)
        return found

    def _wider(self, verdict: Verdict, positions: tuple[int, ...]) -> Trial:
        key = (verdict, positions)
        if key not in self._widened:
            if len(self._widened) > _TABLE:
                self._widened.clear()
            self._widened[key] = self._lane.trial(verdict.certain, (*verdict.open, *positions))
        return self._widened[key]


class _Table(dict[Hashable, Verdict]):
    """Verdicts by head key, made when a key is met first; one lookup a record is all that most records cost."""

    def __init__(self, lane: Lane, wide: frozenset[int]) -> None:
        super().__init__()
        self._lane = lane
        self._wide = wide

    def __missing__(self, key: Hashable) -> Verdict:
        verdict = self[key] = self._verdict(key)
        return verdict

    def _verdict(self, key: Hashable) -> Verdict:
        lane = self._lane
        admitted = lane.admits(key)
        if admitted is None:
            return Verdict(odd=True, loud=True)
        wide = self._wide.intersection(admitted)
        narrowed = [position for position in admitted if position not in wide]
        if not narrowed:
            return Verdict(wide=wide)
        values = lane.discriminators(key)
        certain = tuple(position for position in narrowed if lane.is_certain(position, values))
        open_ = tuple(position for position in narrowed if position not in certain)
        return Verdict(certain, open_, wide, lane.trial(certain, open_), loud=True)
