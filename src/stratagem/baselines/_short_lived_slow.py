"""What `short_lived` means, in plain Python: every object with its life, and every earlier one counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratagem.baselines._contract import Baseline
from stratagem.baselines._lives import COUNT, MIN_OBJECTS, USUAL_SHARE, rule_names, within
from stratagem.baselines._text import measure, ratio
from stratagem.relation import Episode, Match, Member, Moment, listed
from stratagem.sqltext import micros


@dataclass(frozen=True, slots=True)
class _Object:
    value: str
    made: Match
    gone: Match | None
    is_short: bool

    @property
    def teaches(self) -> bool:
        return self.made.teaches and (self.gone is None or self.gone.teaches)


def reference(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    objects = list(_seen(baseline, moment, matches))
    hot: dict[str, list[tuple[_Object, int, int]]] = defaultdict(list)
    for one in objects:
        if one.is_short and (usual := _is_unusual(baseline, one, objects)):
            hot[one.made.key].append((one, *usual))
    return [episode for found in hot.values() for episode in _runs(baseline, found)]


def _seen(baseline: Baseline, moment: Moment, matches: Sequence[Match]) -> Iterator[_Object]:
    by_value: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.time <= moment.as_of and match.value is not None:
            by_value[match.value].append(match)
    for value, found in by_value.items():
        births = [match for match in found if match.rule in rule_names(baseline, "created")]
        if not births:
            continue
        made = min(births, key=_earliest)
        ends = [match for match in found if match.rule in rule_names(baseline, "gone")]
        ends = [match for match in ends if match.time >= made.time and match.uid != made.uid]
        gone = min(ends, key=_earliest, default=None)
        yield _Object(value, made, gone, gone is not None and gone.time - made.time < baseline.window)


def _earliest(match: Match) -> tuple[object, ...]:
    return match.time, match.uid, match.key, match.rule, match.peer is None, match.peer or "", match.teaches


def _is_unusual(baseline: Baseline, one: _Object, objects: Sequence[_Object]) -> tuple[int, int] | None:
    """What its creator had made and what of it had vanished, when a short life is worth telling."""
    start, end = one.made.time - baseline.history, one.made.time
    past = [other for other in objects if other.teaches and start <= other.made.time < end]
    everybody = [other for other in past if not baseline.peers or other.made.peer == one.made.peer]
    oldest = min((other.made.time for other in everybody), default=end)
    if oldest > end - baseline.warm_up or len(everybody) < baseline.min_observations or not everybody:
        return None
    today = end.replace(hour=0, minute=0, second=0, microsecond=0)
    made = sum(other.made.key == one.made.key and other.made.time < today for other in past)
    vanished = sum(
        other.is_short and other.gone is not None and start <= other.gone.time < today
        for other in objects
        if other.teaches and other.made.key == one.made.key
    )
    share = ratio(baseline.options.get("usual_share", USUAL_SHARE))
    is_usual = made >= baseline.options.get("min_objects", MIN_OBJECTS) and vanished >= share * made
    return None if is_usual else (made, vanished)


def _runs(baseline: Baseline, found: list[tuple[_Object, int, int]]) -> Iterator[Episode]:
    runs: list[list[tuple[_Object, int, int]]] = []
    for one in sorted(found, key=lambda item: (_end(item[0]).time, _end(item[0]).uid, item[0].value)):
        if not runs or _end(one[0]).time - _end(runs[-1][-1][0]).time >= within(baseline):
            runs.append([])
        runs[-1].append(one)
    count = baseline.options.get("count", COUNT)
    return (_episode(run, count) for run in runs if len(run) >= count)


def _end(one: _Object) -> Match:
    assert one.gone is not None
    return one.gone


def _episode(run: Sequence[tuple[_Object, int, int]], count: int) -> Episode:
    objects = [one for one, _, _ in run]
    events = {Member(match.rule, match.uid, match.time) for one in objects for match in (one.made, _end(one))}
    lives = [micros(_end(one).time - one.made.time) // 1_000_000 for one in objects]
    return Episode(
        key=objects[0].made.key,
        anchor=_end(objects[0]).uid,
        first=min(one.made.time for one in objects),
        last=_end(objects[-1]).time,
        crossed=_end(objects[count - 1]).time,
        measure=measure(
            short_lived=len(run),
            asked=f">= {count}",
            shortest_seconds=min(lives),
            creator_made=run[0][1],
            creator_short_lived=run[0][2],
        ),
        member_count=len(events),
        members=listed(events),
    )
