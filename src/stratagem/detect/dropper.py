"""A source's ingest rules, ready to run on the records of either way through the scan."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from stratagem.clock import parse_time
from stratagem.detect.compile import Plan
from stratagem.detect.heads import pluck
from stratagem.detect.lane import Lane, Trial
from stratagem.detect.pieces import Pieces
from stratagem.detect.sieve import Sieve
from stratagem.rules.drop import Drop
from stratagem.sources._contract import Malformed, Native, Source

RULE = "ingest rule "
"""What the reasons of records that an ingest rule dropped begin with."""
_UNUSABLE = (Malformed, RecursionError)


def reason(name: str) -> str:
    """The reason by which a dropped record is counted."""
    return f"{RULE}'{name}'"


class Dropper:
    """Says of each record which ingest rule drops it, the first in the file's order, if any does."""

    def __init__(self, source_id: str, source: Source, plan: Plan) -> None:
        rules = tuple(drop.rule for drop in plan.drops)
        self._lane = Lane(source_id, source, Plan(rules=rules, routes={source_id: plan.dropping[source_id]}))
        self._drops: tuple[Drop, ...] = tuple(plan.drops[index] for index in plan.dropping[source_id])
        self._ends = any(drop.expires for drop in self._drops)
        self._sieve: Sieve | None = None

    def one(self, native: Native, time: str | int | float | None) -> str | None:
        """The name of the rule that drops a canonical record with this event time."""
        values = tuple(pluck(native, path) for path in self._lane.source.dispatch)
        matched = [position for position in self._lane.candidates(values) if self._lane.test(position)(native)]
        return self._first(matched, time)

    def rows(
        self, keys: Sequence[Hashable], pieces: Pieces, times: Sequence[Any], skip: set[int]
    ) -> tuple[Mapping[int, str], set[int]]:
        """The dropped rows of a quick batch with the rules' names, and the rows that turn out to be unusable.

        `keys` are the rows' head keys; the rows in `skip` are not looked at.
        """
        self._sieve = self._sieve or Sieve(self._lane)
        verdicts = self._sieve.verdicts(keys)
        loud = [row for row, verdict in enumerate(verdicts) if verdict.loud]
        dropped: dict[int, str] = {}
        odd: set[int] = set()
        for row, trial in self._sieve.suspects(loud, verdicts, pieces):
            if row in skip:
                continue
            try:
                name = self._first(_matched(trial, pieces, row), times[row])
            except _UNUSABLE:
                odd.add(row)
                continue
            if name is not None:
                dropped[row] = name
        return dropped, odd

    def _first(self, matched: Sequence[int], time: Any) -> str | None:
        if self._ends and matched:
            moment = parse_time(time)
            matched = [position for position in matched if not self._drops[position].is_over(moment)]
        return self._drops[matched[0]].name if matched else None


def _matched(trial: Trial, pieces: Pieces, row: int) -> Sequence[int]:
    """The rules that hold. Where the head has decided it, as for most of what is dropped, nothing else is decoded."""
    if trial.is_decided:
        return [position for position, _ in trial.tests]
    return trial.matched(trial.read(pieces[row][0]))
