"""The kind `first_seen`: what is new, what is warm, and that SQL and reference say the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines._contract import Baseline
from stratagem.relation import Match, Moment
from tests.unit.baselines.evaluate import MOMENT, PROD, START, at, by_reference, by_sql, learned

BASELINE = Baseline(
    uid="page#images",
    name="images",
    title="A new image",
    kind="first_seen",
    rules=("pulls",),
    entity=("cluster",),
    value=("image",),
    history=timedelta(days=3),
    warm_up=timedelta(days=1),
    min_observations=2,
)


def test_a_value_that_a_warm_entity_never_had_is_reported() -> None:
    (found,) = by_sql(BASELINE, [at(0, "a"), at(10, "a"), at(30, "b")])
    assert (found.value, found.crossed, found.member_count) == ("b", START + timedelta(hours=30), 1)
    assert found.measure == '{"observations":2,"since":"2026-03-02T00:00:00Z"}'


def test_an_entity_in_warm_up_stays_silent() -> None:
    assert by_sql(BASELINE, [at(0, "a"), at(1, "a"), at(20, "b")]) == []


def test_an_entity_with_too_few_observations_stays_silent() -> None:
    assert by_sql(BASELINE, [at(0, "a"), at(30, "b")]) == []


def test_each_entity_is_warm_by_itself() -> None:
    events = [at(0, "a"), at(10, "a"), at(30, "b", key='["dev"]')]
    assert by_sql(BASELINE, events) == []


def test_a_value_that_an_incident_brought_is_not_learned() -> None:
    events = [at(0, "a"), at(10, "a"), at(30, "b", teaches=False), at(40, "b")]
    assert [found.crossed for found in by_sql(BASELINE, events)] == [events[2].time, events[3].time]


def test_a_flood_of_what_an_incident_brought_is_one_finding() -> None:
    flood = [at(30 + minute / 60, "b", teaches=False) for minute in range(50)]
    (found,) = by_sql(BASELINE, [at(0, "a"), at(10, "a"), *flood])
    assert found.member_count == 50


def test_a_value_that_is_older_than_the_history_is_new_again() -> None:
    events = [at(0, "b"), at(40, "a"), at(60, "a"), at(73, "b")]
    assert [found.value for found in by_sql(BASELINE, events)] == ["b"]


def test_two_new_values_of_one_event_are_two_findings() -> None:
    events = [at(0, "a"), at(10, "a"), at(30, "b", uid="s/pod"), at(30, "c", uid="s/pod")]
    found = by_sql(BASELINE, events)
    assert [one.value for one in found] == ["b", "c"]
    assert len({one.anchor for one in found}) == 2


def test_what_is_later_than_the_moment_has_not_happened() -> None:
    earlier = Moment(as_of=START + timedelta(hours=29), watermark=START)
    assert by_sql(BASELINE, [at(0, "a"), at(10, "a"), at(30, "b")], earlier) == []


def test_what_was_learned_says_of_each_entity_whether_it_is_warm() -> None:
    moment = Moment(as_of=START + timedelta(hours=30), watermark=START)
    events = [at(0, "a"), at(10, "a"), at(12, "b", teaches=False), at(20, "c", key='["dev"]'), at(40, "late")]
    rows = learned(BASELINE, events, moment)
    assert [(row["key"], row["value"], row["observations"], row["warm"]) for row in rows] == [
        ('["dev"]', None, 1, False),
        ('["dev"]', "c", 1, False),
        (PROD, None, 2, True),
        (PROD, "a", 2, True),
    ]
    assert rows[2]["facts"] == {"since": "2026-03-02T00:00:00Z", "counted": "2", "values": "1"}


rows = st.builds(
    at,
    st.integers(0, 200),
    st.sampled_from([None, *"abc"]),
    rule=st.sampled_from(["rule", "other"]),
    key=st.sampled_from([PROD, '["dev"]']),
    teaches=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=25), st.sampled_from([1, 30]))
def test_sql_gives_what_the_reference_gives(events: list[Match], gap: int) -> None:
    baseline = replace(BASELINE, window=timedelta(hours=gap))
    assert by_sql(baseline, events) == by_reference(baseline, events)


@settings(max_examples=30, deadline=None)
@given(st.lists(rows, max_size=25), st.randoms())
def test_order_and_repetition_of_delivery_change_nothing(events: list[Match], random: object) -> None:
    shuffled = [*events, *events[::2]]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert by_sql(BASELINE, shuffled, MOMENT) == by_sql(BASELINE, events, MOMENT)
