"""What the shared pieces of SQL mean, in plain Python, for the references."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from stratagem.baselines._contract import Baseline
from stratagem.baselines._text import anchor
from stratagem.relation import Episode, Match, Member, Moment, listed

Hot = tuple[Match, str]
"""An event that is worth telling, and the measure that says why."""


def observed(moment: Moment, matches: Iterable[Match]) -> list[Match]:
    """One match for each event, key and value, by time and uid."""
    seen: dict[tuple[str, str, str | None], Match] = {}
    for match in sorted(matches, key=lambda one: one.rule):
        if match.time <= moment.as_of:
            place = (match.uid, match.key, match.value)
            first = seen.setdefault(place, match)
            peer = min((one.peer for one in (first, match) if one.peer is not None), default=None)
            said = [one.standard for one in (first, match) if one.standard is not None]
            seen[place] = first._replace(
                teaches=first.teaches and match.teaches, peer=peer, standard=all(said) if said else None
            )
    return sorted(seen.values(), key=order)


def order(match: Match) -> tuple[object, ...]:
    """By time; events of one time by uid, then by what they say."""
    return match.time, match.uid, match.key, match.value or ""


def known(baseline: Baseline, rows: Iterable[Match], event: Match) -> list[Match]:
    """What an event is compared with: the teaching rows of its history, all before it."""
    return [row for row in rows if row.teaches and event.time - baseline.history <= row.time < event.time]


def is_warm(baseline: Baseline, history: Sequence[Match], event: Match) -> bool:
    """Whether warm-up is over when the event happens."""
    oldest = min((row.time for row in history), default=event.time)
    return oldest <= event.time - baseline.warm_up and len(history) >= baseline.min_observations


def runs(hot: Iterable[Hot], gap: timedelta) -> list[Episode]:
    """Hot events of a key and value as episodes: each less than `gap` after the one before."""

    def place(one: Hot) -> tuple[str, str]:
        return one[0].key, one[0].value or ""

    episodes: list[list[Hot]] = []
    for _, group in groupby(sorted(hot, key=lambda one: (place(one), order(one[0]))), key=place):
        run: list[Hot] = []
        for one in group:
            if not run or one[0].time - run[-1][0].time >= gap:
                run = []
                episodes.append(run)
            run.append(one)
    return [_episode(run) for run in episodes]


def _episode(run: Sequence[Hot]) -> Episode:
    first, measure = run[0]
    return Episode(
        key=first.key,
        value=first.value,
        anchor=anchor(first.uid, first.value),
        first=first.time,
        last=run[-1][0].time,
        crossed=first.time,
        measure=measure,
        member_count=len(run),
        members=listed(Member(match.rule, match.uid, match.time) for match, _ in run),
    )
