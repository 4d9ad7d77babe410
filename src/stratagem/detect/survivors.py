"""Of copies of one event, the one that stands: the greatest declared revision, then the greatest record hash.

Copies are nearly always byte for byte the same, and then every copy hit the same rules. Only where some copies of an
event hit and others did not, or they differ, must the others be looked at; `doubtful` names those events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import orjson
import xxhash

from stratagem.detect.model import Location
from stratagem.detect.tally import Copy, Hit
from stratagem.sources._contract import Native, Source
from stratagem.sources._json import decode, encode

EventKey = tuple[str, int]
"""(source, id hash)"""


def rank(source: Source, native: Native) -> tuple[str | int, int]:
    """What decides between copies of one event: the declared revision, then the content."""
    revision = source.revision(native) if source.revision else ""
    return revision, xxhash.xxh3_64_intdigest(sorted_bytes(native))


def sorted_bytes(native: Native) -> bytes:
    """The record's bytes whatever the order of its keys, for hashing."""
    try:
        return orjson.dumps(native, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return encode(native)


def copies_of(
    hits: Iterable[Hit], repeated: Mapping[str, Mapping[int, int]], sources: Mapping[str, Source]
) -> list[Copy]:
    """The copies that hits stand on, of events that came more than once; `repeated` counts those by source and id."""
    seen: dict[tuple[EventKey, Location], Copy] = {}
    for hit in hits:
        place = ((hit.source, hit.uid_hash), hit.location)
        if hit.uid_hash in repeated.get(hit.source, {}) and place not in seen:
            revision, digest = rank(sources[hit.source], decode(hit.raw))
            seen[place] = Copy(hit.source, hit.uid_hash, revision, digest, hit.location)
    return list(seen.values())


def doubtful(copies: Iterable[Copy], repeated: Mapping[str, Mapping[int, int]]) -> dict[str, frozenset[int]]:
    """The events of which not every copy hit, or copies differ: their other copies decide whether the hits stand."""
    contents: dict[EventKey, list[int]] = defaultdict(list)
    for copy in copies:
        contents[copy.source, copy.uid_hash].append(copy.record_hash)
    doubted: dict[str, set[int]] = defaultdict(set)
    for (source, uid_hash), found in contents.items():
        if len(found) != repeated[source][uid_hash] or len(set(found)) > 1:
            doubted[source].add(uid_hash)
    return {source: frozenset(ids) for source, ids in doubted.items()}


def standing(hits: Sequence[Hit], copies: Iterable[Copy]) -> list[Hit]:
    """One hit for each rule and event: on the surviving copy, at the smallest place where that copy stands.

    `copies` are all known copies of the events that came more than once; the hits of other events all stand.
    """
    best: dict[EventKey, tuple[tuple[bool, float, str], int]] = {}
    first: dict[tuple[EventKey, int], Location] = {}
    contents: dict[tuple[EventKey, Location], tuple[tuple[bool, float, str], int]] = {}
    for copy in copies:
        key = (copy.source, copy.uid_hash)
        merit = contents[key, copy.location] = (_order(copy.revision), copy.record_hash)
        best[key] = max(best.get(key, merit), merit)
        place = (key, copy.record_hash)
        first[place] = min(first.get(place, copy.location), copy.location)
    kept: dict[tuple[int, EventKey], Hit] = {}
    for hit in hits:
        key = (hit.source, hit.uid_hash)
        if key not in best:
            kept[hit.rule, key] = hit
        elif (merit := contents[key, hit.location]) == best[key] and (hit.rule, key) not in kept:
            kept[hit.rule, key] = hit._replace(location=first[key, merit[1]])
    return list(kept.values())


def _order(revision: str | int) -> tuple[bool, float, str]:
    """Numbers below text, each in its own order."""
    if isinstance(revision, str):
        return (True, 0, revision)
    return (False, revision, "")
