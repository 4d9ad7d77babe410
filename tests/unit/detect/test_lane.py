"""A source's way through the scan: which records it admits, and which rules they meet."""

from __future__ import annotations

import pytest

from stratagem.detect.compile import compile
from stratagem.detect.heads import MISSING
from stratagem.detect.lane import Lane
from stratagem.detect.pieces import LinePieces
from stratagem.detect.sieve import Sieve
from stratagem.rules.load import load_text
from stratagem.sources import SOURCES
from stratagem.sources._json import encode
from tests.property.scanning import filtered, natives

RULES = """
title: by name
id: name
logsource: {product: aws, service: cloudtrail}
detection: {a: {eventName: StopLogging}, condition: a}
---
title: by word
id: word
logsource: {product: aws, service: cloudtrail}
detection: {a: {userAgent|contains: pacu}, condition: a}
---
title: by absence
id: absence
logsource: {product: aws, service: cloudtrail}
detection: {a: {errorCode: null}, condition: a}
---
title: for others
id: others
logsource: {product: kubernetes, service: audit}
detection: {a: {verb: get}, condition: a}
"""
SOURCE = SOURCES["aws_cloudtrail"]


@pytest.fixture(scope="module")
def lane() -> Lane:
    return Lane("aws_cloudtrail", SOURCE, compile(load_text(RULES, file="rules.yml").rules, [], SOURCES))


def uids(lane: Lane, positions: tuple[int, ...] | None) -> list[str]:
    return sorted(lane.plan.rules[lane.rules[position]].uid for position in positions or ())


def test_a_lane_has_the_rules_of_its_source_alone(lane: Lane) -> None:
    assert uids(lane, tuple(range(len(lane.rules)))) == ["absence", "name", "word"]


def test_discriminators_leave_only_rules_that_may_hold(lane: Lane) -> None:
    assert uids(lane, lane.candidates(("StopLogging", "cloudtrail.amazonaws.com"))) == ["absence", "name", "word"]
    assert uids(lane, lane.candidates(("GetObject", "s3.amazonaws.com"))) == ["absence", "word"]
    assert uids(lane, lane.candidates((MISSING, MISSING))) == ["absence", "word"]


def test_one_and_true_are_not_the_same_discriminator(lane: Lane) -> None:
    assert [lane.candidates((value, None)) for value in (1, True, 1.0)] == [lane.candidates((2, None))] * 3


def test_records_of_another_shape_are_not_admitted(lane: Lane) -> None:
    assert lane.heads is not None
    count = len(lane.heads.key_paths)
    assert lane.admits((MISSING,) * count) is None
    assert lane.admits((1, *("x",) * (count - 1))) is None


def test_a_rule_without_a_discriminator_is_tried_only_where_its_word_stands(lane: Lane) -> None:
    assert lane.heads is not None
    plain = b'{"eventVersion": "1.1", "eventName": "GetObject", "eventSource": "s3.amazonaws.com", "userAgent": "%b"}'
    data = b"\n".join(plain % agent for agent in (b"cli", b"PACU/1", b"p\\u0061cu", b"cli"))
    heads = lane.heads.lines(data)
    sieve = Sieve(lane)
    verdicts = sieve.verdicts(lane.heads.keys(heads))
    loud = [row for row, verdict in enumerate(verdicts) if verdict.loud]
    suspects = dict(sieve.suspects(loud, verdicts, LinePieces(data, 0, len(heads))))
    tried = {row: tuple(position for position, _ in trial.tests) for row, trial in suspects.items()}
    assert [row for row, positions in sorted(tried.items()) if "word" in uids(lane, positions)] == [1, 2]


def test_a_rule_that_its_discriminators_decide_is_not_asked_again(lane: Lane) -> None:
    values = ("StopLogging", "cloudtrail.amazonaws.com")
    certain = [position for position in lane.candidates(values) if lane.is_certain(position, values)]
    assert uids(lane, tuple(certain)) == ["name"]
    assert lane.trial(certain, ()).tests == ((certain[0], None),)


def test_a_trial_reads_what_its_rules_and_the_labels_read_and_no_more(lane: Lane) -> None:
    (word,) = (position for position in range(len(lane.rules)) if uids(lane, (position,)) == ["word"])
    native = lane.trial((), (word,)).read(encode(natives("aws_cloudtrail")[0]))
    assert set(native) <= {"userAgent", "recipientAccountId", "userIdentity", "awsRegion"}
    assert "userAgent" in native
    assert set(native["userIdentity"]) <= {"accountId"}


def test_an_expired_filter_is_still_the_rules_filter(lane: Lane) -> None:
    rule = filtered(lane.plan.rules[0], "2020-01-01")
    ((one, holds),) = Lane("aws_cloudtrail", SOURCE, compile([rule], [], SOURCES)).filters(0)
    assert one.expires == "2020-01-01"
    assert holds(natives("aws_cloudtrail")[0])
