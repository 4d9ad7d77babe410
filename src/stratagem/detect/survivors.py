"""Of copies of one event, the one that stands: the greatest declared revision, then the greatest record hash.

Copies are nearly always byte for byte the same, and then every copy hit the same rules. Only where some copies of an
event hit and others did not, or they differ, must the others be looked at; `doubtful` names those events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from stratagem.detect.model import Location
from stratagem.detect.tally import Copy, Hit

EventKey = tuple[str, int]
"""(source, id hash)"""


def doubtful(hits: Sequence[Hit], counts: Mapping[str, Mapping[int, int]]) -> dict[str, frozenset[int]]:
    """The events whose copies did not all hit alike, by source: their other copies decide whether the hits stand.

    `counts` gives, by source, how often each repeated id came.
    """
    places: dict[EventKey, set[Location]] = defaultdict(set)
    contents: dict[EventKey, set[int]] = defaultdict(set)
    for hit in hits:
        key = (hit.source, hit.uid_hash)
        if hit.uid_hash in counts.get(hit.source, {}):
            places[key].add(hit.location)
            contents[key].add(hit.record_hash)
    open_events: dict[str, set[int]] = defaultdict(set)
    for (source, uid_hash), seen in places.items():
        if len(seen) != counts[source][uid_hash] or len(contents[source, uid_hash]) > 1:
            open_events[source].add(uid_hash)
    return {source: frozenset(ids) for source, ids in open_events.items()}


def standing(hits: Sequence[Hit], copies: Iterable[Copy]) -> list[Hit]:
    """One hit for each rule and event: on the surviving copy, at the smallest place where that copy stands."""
    best: dict[EventKey, tuple[tuple[bool, float, str], int]] = {}
    first: dict[tuple[EventKey, int], Location] = {}
    seen: tuple[Copy | Hit, ...] = (*copies, *hits)
    for copy in seen:
        key = (copy.source, copy.uid_hash)
        rank = (_order(copy.revision), copy.record_hash)
        best[key] = max(best.get(key, rank), rank)
        at = (key, copy.record_hash)
        first[at] = min(first.get(at, copy.location), copy.location)
    kept: dict[tuple[int, EventKey], Hit] = {}
    for hit in hits:
        key = (hit.source, hit.uid_hash)
        if (_order(hit.revision), hit.record_hash) == best[key] and (hit.rule, key) not in kept:
            kept[hit.rule, key] = replace(hit, location=first[key, hit.record_hash])
    return list(kept.values())


def _order(revision: str | int) -> tuple[bool, float, str]:
    """Numbers below text, each in its own order."""
    if isinstance(revision, str):
        return (True, 0, revision)
    return (False, revision, "")
