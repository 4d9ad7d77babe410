"""Of copies of one event, the one that stands: the greatest declared revision, then the greatest record hash.

Copies are nearly always byte for byte the same, and then every copy hit the same rules. Only where some copies of an
event hit and others did not, or they differ, must the others be looked at; `doubtful` names those events.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

import orjson
import xxhash

from stratagem.detect.model import Location
from stratagem.detect.tally import Copy, Hit
from stratagem.sources._contract import Native, Source

EventKey = tuple[str, int]
"""(source, id hash)"""
_Merit = tuple[tuple[bool, float, str], int]


def rank(source: Source, native: Native) -> tuple[str | int, int]:
    """What decides between copies of one event: the declared revision, then the content."""
    revision = source.revision(native) if source.revision else ""
    return revision, xxhash.xxh3_64_intdigest(sorted_bytes(native))


def sorted_bytes(native: Native) -> bytes:
    """The record's bytes whatever the order of its keys, for hashing."""
    try:
        return orjson.dumps(native, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers over 64 bits, nesting over 254
        return json.dumps(native, sort_keys=True, separators=(",", ":")).encode()


def doubtful(hits: Iterable[Hit], repeated: Mapping[str, Mapping[int, int]]) -> dict[str, frozenset[int]]:
    """The events of which not every copy hit, or whose copies differ: all their copies must be looked at.

    `repeated` counts, by source and id, the events that came more than once.
    """
    places: dict[EventKey, dict[Location, int]] = defaultdict(dict)
    for hit in hits:
        if hit.uid_hash in repeated.get(hit.source, {}):
            places[hit.source, hit.uid_hash][hit.location] = hit.digest
    doubted: dict[str, set[int]] = defaultdict(set)
    for (source, uid_hash), found in places.items():
        if len(found) != repeated[source][uid_hash] or len(set(found.values())) > 1:
            doubted[source].add(uid_hash)
    return {source: frozenset(ids) for source, ids in doubted.items()}


def standing(hits: Iterable[Hit], copies: Iterable[Copy]) -> list[Hit]:
    """One hit for each rule and event: on the surviving copy, at the smallest place where that copy stands.

    `copies` are all copies of the doubtful events; the copies of other events are alike.
    """
    best = best_places(copies)
    kept: dict[tuple[int, EventKey], Hit] = {}
    for hit in hits:
        key = (hit.source, hit.uid_hash)
        if key in best and hit.location not in best[key]:
            continue
        other = kept.get((hit.rule, key))
        if other is None or hit.location < other.location:
            kept[hit.rule, key] = hit
    return list(kept.values())


def best_places(copies: Iterable[Copy]) -> dict[EventKey, set[Location]]:
    """Where the surviving copies of events stand."""
    best: dict[EventKey, _Merit] = {}
    places: dict[EventKey, dict[_Merit, set[Location]]] = defaultdict(lambda: defaultdict(set))
    for copy in copies:
        key = (copy.source, copy.uid_hash)
        merit = (_order(copy.revision), copy.record_hash)
        places[key][merit].add(copy.location)
        best[key] = max(best.get(key, merit), merit)
    return {key: places[key][merit] for key, merit in best.items()}


def _order(revision: str | int) -> tuple[bool, float, str]:
    """Numbers below text, each in its own order."""
    if isinstance(revision, str):
        return (True, 0, revision)
    return (False, revision, "")
