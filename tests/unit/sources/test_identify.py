from __future__ import annotations

from stratagem.sources import SOURCES
from stratagem.sources.identify import identify, noise, recognisers


def test_sources_are_asked_in_their_order() -> None:
    orders = [SOURCES[source_id].order for source_id, _ in recognisers()]
    assert orders == sorted(orders)
    assert {source_id for source_id, _ in recognisers()} == set(SOURCES)


def test_a_record_of_nobody_is_nobody_s() -> None:
    assert identify({}) is None
    assert identify({"kind": "Event", "apiVersion": "example.com/v1", "reason": "Pulled"}) is None


def test_the_kind_of_event_alone_is_not_enough() -> None:
    assert identify({"kind": "TokenReview", "apiVersion": "authentication.k8s.io/v1", "spec": {"token": "x"}}) is None
    assert identify({"kind": "Policy", "apiVersion": "audit.k8s.io/v1", "rules": []}) is None


def test_what_is_no_event_of_a_known_source_says_so() -> None:
    assert noise({"digestS3Bucket": "b", "logFiles": []}) == "AWS CloudTrail: not an event"
    assert noise({"color": "red"}) is None
