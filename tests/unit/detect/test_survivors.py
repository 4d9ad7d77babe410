"""Of copies of one event, the one that stands."""

from __future__ import annotations

from itertools import permutations

from stratagem.detect.model import Location
from stratagem.detect.survivors import copies_of, doubtful, standing
from stratagem.detect.tally import Copy, Hit
from stratagem.sources import SOURCES
from stratagem.sources._contract import NO_LABELS

FIRST, SECOND = Location(file="a.json", offset=0), Location(file="b.json", offset=0)
HIT = Hit(
    rule=0,
    source="aws_cloudtrail",
    event_uid="e",
    uid_hash=7,
    time="2026-01-15T10:00:00Z",
    location=FIRST,
    raw=b'{"eventID": "e"}',
    labels=NO_LABELS,
)
TWICE = {"aws_cloudtrail": {7: 2}}


def settle(hits: list[Hit], *others: Copy) -> list[Hit]:
    return standing(hits, [*copies_of(hits, TWICE, SOURCES), *others])


def test_identical_copies_are_one_hit_at_the_smallest_place() -> None:
    hits = [HIT._replace(location=SECOND), HIT]
    assert doubtful(copies_of(hits, TWICE, SOURCES), TWICE) == {}
    assert settle(hits) == [HIT]


def test_a_hit_on_one_copy_only_is_in_doubt_until_the_other_is_read() -> None:
    assert doubtful(copies_of([HIT], TWICE, SOURCES), TWICE) == {"aws_cloudtrail": frozenset({7})}


def test_a_hit_on_the_copy_that_does_not_survive_falls() -> None:
    assert settle([HIT], Copy("aws_cloudtrail", 7, "", 2**64 - 1, SECOND)) == []


def test_a_hit_on_the_copy_that_survives_stands() -> None:
    assert settle([HIT], Copy("aws_cloudtrail", 7, "", 0, SECOND)) == [HIT]


def test_the_declared_revision_decides_before_the_hash() -> None:
    newer = Copy("aws_cloudtrail", 7, "2026-01-15T10:05:00Z", 0, SECOND)
    assert settle([HIT], newer) == []


def test_the_order_of_arrival_does_not_matter() -> None:
    other = HIT._replace(raw=b'{"eventID": "e", "x": 1}', location=Location(file="c.json", offset=0))
    hits = [HIT, HIT._replace(location=SECOND), other, HIT._replace(rule=1)]
    outcomes = {
        frozenset((hit.rule, hit.raw, hit.location) for hit in settle(list(order))) for order in permutations(hits)
    }
    assert len(outcomes) == 1


def test_an_event_that_came_once_keeps_its_hits_on_every_rule() -> None:
    once = HIT._replace(uid_hash=8)
    assert settle([once, once._replace(rule=1)]) == [once, once._replace(rule=1)]
