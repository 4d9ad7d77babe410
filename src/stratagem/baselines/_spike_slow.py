"""What `spike` means, in plain Python: every window is listed, and its middle is found by sorting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from stratagem.baselines._contract import Baseline
from stratagem.baselines._grid import LARGEST, LARGEST_WINDOW, Grid, billionths
from stratagem.baselines._text import BILLION, decimal
from stratagem.relation import Episode, Match, Member, Moment, listed


def reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    grid = Grid.of(baseline)
    entities: dict[str, dict[int, list[_Event]]] = defaultdict(lambda: defaultdict(list))
    for key, event in _events(baseline, moment, matches):
        entities[key][_slot(event, grid)].append(event)
    return [episode for key, slots in entities.items() for episode in _episodes(baseline, grid, key, slots)]


@dataclass(frozen=True, slots=True)
class _Event:
    member: Member
    amount: int
    teaches: bool


def _slot(event: _Event, grid: Grid) -> int:
    return int(event.member.time.timestamp()) * 1_000_000 // grid.width


def _events(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> Iterator[tuple[str, _Event]]:
    """An event's amount for a key is the sum of its elements, as the first of its rules says."""
    rows: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in matches:
        if match.time <= moment.as_of and not (baseline.measure and match.number is None):
            rows[match.key, match.uid].append(match)
    for (key, uid), found in rows.items():
        rule = min(match.rule for match in found)
        numbers = [match.number or Decimal(0) for match in found if match.rule == rule]
        amount = sum(billionths(min(max(number, Decimal(0)), Decimal(LARGEST))) for number in numbers)
        teaches = all(match.teaches for match in found)
        yield key, _Event(Member(rule, uid, found[0].time), amount if baseline.measure else BILLION, teaches)


def _episodes(baseline: Baseline, grid: Grid, key: str, slots: Mapping[int, Sequence[_Event]]) -> Iterator[Episode]:
    hot = {slot: limits for slot in sorted(slots) if (limits := _is_hot(baseline, grid, slot, slots))}
    for start in hot:
        if start - 1 not in hot:
            run = [start]
            while run[-1] + 1 in hot:
                run.append(run[-1] + 1)
            yield _episode(baseline, grid, key, hot[start], [(slot, slots[slot]) for slot in run])


def _is_hot(
    baseline: Baseline, grid: Grid, slot: int, slots: Mapping[int, Sequence[_Event]]
) -> tuple[int, int, int] | None:
    """Median, spread and limit of a window that is over its limit."""
    day = slot // grid.day * grid.day
    taught = {
        one: min(sum(event.amount for event in slots[one] if event.teaches), LARGEST_WINDOW)
        for one in slots
        if day - grid.history <= one < day and any(event.teaches for event in slots[one])
    }
    amount = min(sum(event.amount for event in slots[slot]), LARGEST_WINDOW)
    if not taught or amount < grid.least:
        return None
    compared = [one for one in range(min(taught), day) if _season(grid, one) == _season(grid, slot)]
    if (day - min(taught)) * baseline.window < baseline.warm_up or len(compared) < max(baseline.min_observations, 1):
        return None
    amounts = [taught.get(one, 0) for one in compared]
    median2 = _twice_median(amounts)
    mad4 = _twice_median(abs(2 * one - median2) for one in amounts)
    (k, k_of), (share, share_of) = grid.k, grid.share
    spread = max(mad4 * share_of, 4 * grid.floor * share_of, 2 * median2 * share)
    limit = (2 * median2 * k_of * share_of + k * spread) // (4 * k_of * share_of)
    return (median2 // 2, spread // (4 * share_of), limit) if amount > limit else None


def _season(grid: Grid, slot: int) -> int:
    return slot % grid.cycle // grid.season if grid.cycle else 0


def _twice_median(amounts: Iterable[int]) -> int:
    ordered = sorted(amounts)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]


def _episode(
    baseline: Baseline,
    grid: Grid,
    key: str,
    limits: tuple[int, int, int],
    run: Sequence[tuple[int, Sequence[_Event]]],
) -> Episode:
    median, spread, limit = limits
    ordered = sorted(run[0][1], key=lambda event: (event.member.time, event.member.uid))
    so_far = accumulate(event.amount for event in ordered)
    crossed = next(
        one.member.time for one, total in zip(ordered, so_far, strict=True) if total > limit and total >= grid.least
    )
    amount = min(sum(event.amount for event in ordered), LARGEST_WINDOW)
    asked = f">= {decimal(grid.least)}" if limit < grid.least else f"> {decimal(limit)}"
    members = [event.member for _, events in run for event in events]
    name = "sum" if baseline.measure else "count"
    return Episode(
        key=key,
        anchor=str(run[0][0] * grid.width // 1_000_000),
        first=min(member.time for member in members),
        last=max(member.time for member in members),
        crossed=crossed,
        measure=(
            f'{{"{name}":{decimal(amount)},"usual":{decimal(median)},"spread":{decimal(spread)},'
            f'"asked":"{asked}","windows":{len(run)}}}'
        ),
        member_count=len(members),
        members=listed(members),
    )
