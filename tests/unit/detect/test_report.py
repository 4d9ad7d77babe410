"""Hits as findings, and findings as lines."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratagem.detect import spool
from stratagem.detect.compile import Plan
from stratagem.detect.maker import Maker
from stratagem.detect.model import Location
from stratagem.detect.packed import Shelf, pack
from stratagem.detect.report import Findings
from stratagem.detect.tally import Hit
from stratagem.events.finding_lines import line
from stratagem.rules.model import Op, Rule, RuleLogSource, Test
from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels
from stratagem.sources._json import encode

RULES = tuple(
    Rule(
        uid=f"rule-{number}",
        title=f'Rule "{number}"',
        logsource=RuleLogSource(product="aws", service="cloudtrail"),
        condition=Test(field="eventName", op=Op.EQUALS, value="StopLogging"),
        level=level,
        tags=("attack.t1562.008", "attack.defense-evasion"),
        description="What it means.",
    )
    for number, level in enumerate(("low", "critical", ""))
)
PLAN = Plan(rules=RULES, routes={"aws_cloudtrail": (0, 1, 2)})

hits = st.builds(
    Hit,
    rule=st.sampled_from((0, 1, 2)),
    source=st.just("aws_cloudtrail"),
    event_uid=st.text(min_size=1, max_size=20),
    uid_hash=st.integers(0, 2**64 - 1),
    time=st.datetimes().map(lambda time: time.isoformat() + "Z"),
    location=st.builds(Location, file=st.text(min_size=1), offset=st.integers(0, 2**40), index=st.integers(0, 999)),
    digest=st.just(0),
    raw=st.just(encode({"eventName": "StopLogging"})),
    filtered_by=st.none(),
    sealed=st.none(),
    labels=st.builds(Labels, account=st.sampled_from((None, "", "111122223333")), region=st.sampled_from((None, "x"))),
)


@given(st.lists(hits, max_size=6))
def test_a_line_is_what_the_finding_gives_one_by_one(some: list[Hit]) -> None:
    found = Findings(some, PLAN, SOURCES, "18.1", detail=False)
    assert list(found.lines()) == [line(finding) for finding in found]


@given(st.lists(hits, max_size=6))
def test_findings_come_worst_first_then_by_time(some: list[Hit]) -> None:
    found = Findings(some, PLAN, SOURCES, "18.1", detail=False)
    ranks = {"critical": 0, "medium": 1, "low": 2}
    keys = [(ranks[finding.level], finding.time, finding.uid) for finding in found]
    assert keys == sorted(keys)


def shelved(pieces: Sequence[list[Hit]]) -> tuple[Shelf, list[Hit]]:
    """Pieces of work as a run takes them in: what is written packed on a shelf, the rest beside it."""
    shelf, loose = Shelf(spool.Spool()), []
    for piece in pieces:
        packs, rest = pack(piece)
        for packed in packs:
            shelf.add(pickle.loads(pickle.dumps(packed)))
        loose += map(shelf.spool.take, rest)
    shelf.close({})
    return shelf, loose


@given(st.lists(st.lists(hits, max_size=4), max_size=4), st.lists(hits, max_size=3))
def test_packed_findings_are_those_of_their_hits(pieces: list[list[Hit]], late: list[Hit]) -> None:
    maker = Maker(PLAN, SOURCES, "18.1", detail=False)
    shelf, loose = shelved([maker.ready(piece) for piece in pieces])
    found = Findings([*loose, *late], PLAN, SOURCES, "18.1", detail=False, shelf=shelf)
    plain = Findings([hit for piece in (*pieces, late) for hit in piece], PLAN, SOURCES, "18.1", detail=False)
    assert sorted(found.lines()) == sorted(plain.lines())
    assert [line(finding) for finding in found] == list(found.lines())
    assert found.counts() == plain.counts()
    ranks = {"critical": 0, "medium": 1, "low": 2}
    keys = [(ranks[finding.level], finding.time, finding.uid) for finding in found]
    assert keys == sorted(keys)


@given(st.lists(st.lists(hits, min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_findings_of_events_that_came_twice_leave_the_shelf_as_hits(
    pieces: list[list[Hit]], data: st.DataObject
) -> None:
    ready = [Maker(PLAN, SOURCES, "18.1", detail=False).ready(piece) for piece in pieces]
    every = [hit for piece in ready for hit in piece]
    twice = data.draw(st.sets(st.sampled_from([hit.uid_hash for hit in every])))
    shelf = Shelf(spool.Spool())
    for piece in ready:
        for packed in pack(piece)[0]:
            shelf.add(packed)
    assert set(shelf.uid_hashes()["aws_cloudtrail"].tolist()) == {hit.uid_hash for hit in every}
    left = shelf.close({"aws_cloudtrail": twice})
    assert left == [hit for hit in every if hit.uid_hash in twice]
    assert shelf.hits(np.arange(len(shelf))) == [hit for hit in every if hit.uid_hash not in twice]


@given(st.lists(hits, max_size=6), st.booleans())
def test_findings_whose_texts_wait_on_disk_are_the_same(some: list[Hit], detail: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "HELD_BYTES", 0)
        ready = Maker(PLAN, SOURCES, "18.1", detail=detail).ready(some)
        shelf, loose = shelved([ready])
        parked = Findings(loose, PLAN, SOURCES, "18.1", detail=detail, shelf=shelf)
        held = Findings(some, PLAN, SOURCES, "18.1", detail=detail)
        assert list(parked.lines()) == list(held.lines())


def test_a_rule_without_a_level_gives_medium_findings() -> None:
    hit = Hit(2, "aws_cloudtrail", "e", 1, "2026-01-15T10:00:00Z", Location(file="f", offset=0), 0, b"{}", Labels())
    (finding,) = Findings([hit], PLAN, SOURCES, "18.1", detail=False)
    assert finding.level == "medium"


def test_in_detail_a_finding_carries_the_event_s_actor() -> None:
    native = {
        "eventVersion": "1.10",
        "eventTime": "2026-01-15T10:00:00Z",
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "eventID": "e",
        "recipientAccountId": "111122223333",
        "userIdentity": {
            "type": "IAMUser",
            "arn": "arn:aws:iam::111122223333:user/ada",
            "userName": "ada",
            "principalId": "AIDAEXAMPLE",
            "accountId": "111122223333",
        },
    }
    hit = Hit(
        0, "aws_cloudtrail", "e", 1, "2026-01-15T10:00:00Z", Location(file="f", offset=0), 0, encode(native), Labels()
    )
    (finding,) = Findings([hit], PLAN, SOURCES, "18.1", detail=True)
    assert finding.evidences[0].ocsf["actor"]["user"]["name"] == "ada"
    assert finding.principal is not None and finding.principal.startswith("aws:111122223333:")
