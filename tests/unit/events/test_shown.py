"""What findings show of events, made many at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from stratagem.events import shown
from stratagem.events.query import connect
from stratagem.events.shown import Shower, Shown
from stratagem.sources import SOURCES
from stratagem.sources._contract import NO_LABELS, Labels
from stratagem.sources._json import encode
from tests.unit.events.mini import MINI, record, with_select


def call(request: str, **other: Any) -> Mapping[str, Any]:
    return {
        "eventVersion": "1.10",
        "eventTime": "2026-01-15T10:00:00Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": "RunInstances",
        "eventID": "e",
        "requestID": request,
        **other,
    }


def of(source_id: str, *records: Mapping[str, Any]) -> list[Shown]:
    shower = Shower(source_id, SOURCES[source_id], connect())
    return shower.show([encode(one) for one in records], ["e"] * len(records), [NO_LABELS] * len(records))


def test_events_that_differ_only_in_their_request_share_what_is_remembered() -> None:
    first, second = of("aws_cloudtrail", call("r-1"), call("r-2"))
    assert b'"request":{"uid":"r-1"}' in first.objects
    assert second.objects == first.objects.replace(b"r-1", b"r-2")


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "_REMEMBERED", 2)
    some = [call("r", userAgent=f"agent {number % 5}") for number in range(20)]
    agents = [piece.objects.rpartition(b'"user_agent":')[2] for piece in of("aws_cloudtrail", *some)]
    assert agents == [b'"agent %d"}' % (number % 5) for number in range(20)]


def test_a_record_that_cannot_be_normalised_shows_nothing_and_the_others_keep_their_places() -> None:
    found = of("aws_cloudtrail", call("r-1"), call("r-2", eventTime="never"), call("r-3"))
    assert [bool(one.objects) for one in found] == [True, False, True]
    assert b"r-3" in found[2].objects


def test_a_source_without_objects_shows_its_labels() -> None:
    bare = with_select("iso_time(native.when) AS time, 6003 AS class_uid, 1 AS activity_id")
    (found,) = Shower("mini", bare, connect()).show([encode(record(1))], ["e"], [Labels(account="1")])
    assert found == Shown(labels=Labels(account="1"))


def test_a_list_shows_as_it_does_in_the_columns() -> None:
    (found,) = Shower("mini", MINI, connect()).show([encode(record(1, things=["a", "b"]))], ["e"], [NO_LABELS])
    assert b'"resources":[{"name":"a"},{"name":"b"}]' in found.objects
    assert b'"value":"a"' in found.observables
