"""Of copies of one event, the one that stands."""

from __future__ import annotations

from itertools import permutations

from stratagem.detect.model import Location
from stratagem.detect.survivors import doubtful, sorted_bytes, standing
from stratagem.detect.tally import Copy, Hit
from stratagem.sources._contract import NO_LABELS

FIRST, SECOND = Location(file="a.json", offset=0), Location(file="b.json", offset=0)
HIT = Hit(
    rule=0,
    source="aws_cloudtrail",
    event_uid="e",
    uid_hash=7,
    time="2026-01-15T10:00:00Z",
    location=FIRST,
    digest=1,
    raw=b'{"eventID": "e"}',
    labels=NO_LABELS,
)
TWICE = {"aws_cloudtrail": {7: 2}}
DOUBTED = {"aws_cloudtrail": frozenset({7})}


def copy(hit: Hit, record_hash: int, revision: str = "") -> Copy:
    return Copy("aws_cloudtrail", 7, revision, record_hash, hit.location)


def test_identical_copies_are_one_hit_at_the_smallest_place() -> None:
    hits = [HIT._replace(location=SECOND), HIT]
    assert doubtful(hits, TWICE) == {}
    assert standing(hits, []) == [HIT]


def test_a_hit_on_one_copy_only_is_in_doubt_until_the_other_is_read() -> None:
    assert doubtful([HIT], TWICE) == DOUBTED


def test_hits_on_copies_that_differ_are_in_doubt() -> None:
    assert doubtful([HIT, HIT._replace(location=SECOND, digest=2)], TWICE) == DOUBTED


def test_a_hit_on_the_copy_that_does_not_survive_falls() -> None:
    other = HIT._replace(location=SECOND)
    assert standing([HIT], [copy(HIT, 1), copy(other, 2)]) == []


def test_a_hit_on_the_copy_that_survives_stands() -> None:
    other = HIT._replace(location=SECOND)
    assert standing([HIT], [copy(HIT, 2), copy(other, 1)]) == [HIT]


def test_the_declared_revision_decides_before_the_hash() -> None:
    other = HIT._replace(location=SECOND)
    found = standing([HIT, other], [copy(HIT, 9, "2026-01-15T10:00:00Z"), copy(other, 0, "2026-01-15T10:05:00Z")])
    assert found == [other]


def test_the_order_of_arrival_does_not_matter() -> None:
    third = HIT._replace(digest=3, location=Location(file="c.json", offset=0))
    hits = [HIT, HIT._replace(location=SECOND), third, HIT._replace(rule=1)]
    copies = [copy(hit, hit.digest) for hit in hits]
    outcomes = {frozenset((hit.rule, hit.location) for hit in standing(order, copies)) for order in permutations(hits)}
    assert outcomes == {frozenset({(0, third.location)})}


def test_an_event_that_came_once_keeps_its_hits_on_every_rule() -> None:
    once = HIT._replace(uid_hash=8)
    assert standing([once, once._replace(rule=1)], []) == [once, once._replace(rule=1)]


def test_copies_that_share_a_place_do_not_hide_the_survivor() -> None:
    assert standing([HIT], [copy(HIT, 2), copy(HIT, 1)]) == [HIT]


def test_the_order_of_keys_is_no_part_of_the_content_whatever_the_numbers() -> None:
    assert sorted_bytes({"a": 2**70, "b": {"d": 1, "c": 2}}) == sorted_bytes({"b": {"c": 2, "d": 1}, "a": 2**70})
