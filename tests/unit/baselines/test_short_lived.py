"""The kind `short_lived`: made, and gone soon after."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.relation import Match, Moment
from tests.unit.baselines.evaluate import START, at, by_reference, by_sql, learned

ALICE, BUILD = '["alice"]', '["build"]'
BASELINE = Baseline(
    uid="page#pods",
    name="pods",
    title="A short-lived pod",
    kind="short_lived",
    rules=("made", "gone"),
    entity=("principal",),
    value=("uid",),
    window=timedelta(minutes=10),
    history=timedelta(days=3),
    warm_up=timedelta(days=1),
    min_observations=3,
    options={"created": ("made",), "gone": ("gone",), "min_objects": 4},
)


def made(hour: float, pod: str, key: str = ALICE, *, teaches: bool = True) -> Match:
    return at(hour, pod, rule="made", key=key, teaches=teaches)


def gone(hour: float, pod: str, key: str = '["controller"]', *, teaches: bool = True) -> Match:
    return at(hour, pod, rule="gone", key=key, teaches=teaches)


def lived(hour: float, pod: str, minutes: float, key: str = ALICE, *, teaches: bool = True) -> list[Match]:
    return [made(hour, pod, key, teaches=teaches), gone(hour + minutes / 60, pod, teaches=teaches)]


USUAL = [event for hour in range(4) for event in lived(hour, f"usual-{hour}", 300, '["deployer"]')]


def test_an_object_that_was_gone_soon_is_reported_with_who_made_it() -> None:
    (found,) = by_sql(BASELINE, [*USUAL, *lived(30, "pod", 2)])
    assert (found.key, found.crossed) == (ALICE, START + timedelta(hours=30, minutes=2))
    assert [member.rule for member in found.members] == ["made", "gone"]
    assert json.loads(found.measure) == {
        "short_lived": 1,
        "asked": ">= 1",
        "shortest_seconds": 120,
        "creator_made": 0,
        "creator_short_lived": 0,
    }


def test_an_object_that_lived_for_the_window_is_not_short_lived() -> None:
    assert by_sql(BASELINE, [*USUAL, *lived(30, "pod", 10)]) == []


def test_an_object_that_was_made_before_the_logs_begin_is_not_short_lived() -> None:
    assert by_sql(BASELINE, [*USUAL, gone(30, "old")]) == []


def test_an_object_without_an_end_waits() -> None:
    assert by_sql(BASELINE, [*USUAL, made(30, "pod")]) == []


def test_a_name_that_comes_again_is_another_object() -> None:
    assert by_sql(BASELINE, [*USUAL, made(30, "uid-1"), gone(30.05, "uid-2")]) == []


def test_of_two_deletions_the_first_counts() -> None:
    (found,) = by_sql(BASELINE, [*USUAL, *lived(30, "pod", 2), gone(30.1, "pod")])
    assert found.last == START + timedelta(hours=30, minutes=2)


def test_nothing_is_reported_until_creations_have_been_observed_long_enough() -> None:
    assert by_sql(BASELINE, [*USUAL, *lived(20, "pod", 2)]) == []
    assert by_sql(BASELINE, [*USUAL[:4], *lived(30, "pod", 2)]) == []


def test_with_peers_each_group_has_its_own_warm_up() -> None:
    prod = [event._replace(peer='["prod"]') for event in [*USUAL, *lived(30, "one", 2)]]
    new = [event._replace(peer='["new"]') for event in lived(30, "two", 2, BUILD)]
    peered = replace(BASELINE, peers=("cluster",))
    assert [found.key for found in by_sql(peered, [*prod, *new])] == [ALICE]


def test_a_creator_that_is_known_for_short_lives_is_silent() -> None:
    builds = [event for hour in range(5) for event in lived(hour, f"build-{hour}", 2, BUILD)]
    assert by_sql(BASELINE, [*USUAL, *builds, *lived(30, "pod", 2, BUILD)]) == []


def test_a_burst_does_not_become_usual_while_it_lasts() -> None:
    burst = [event for number in range(20) for event in lived(30 + number / 100, f"pod-{number}", 2)]
    (found,) = by_sql(BASELINE, [*USUAL, *burst])
    assert json.loads(found.measure)["short_lived"] == 20


def test_what_an_incident_did_does_not_become_usual() -> None:
    attack = [event for hour in range(5) for event in lived(25 + hour / 10, f"a-{hour}", 2, teaches=False)]
    found = by_sql(BASELINE, [*USUAL, *attack, *lived(40, "pod", 2)])
    assert [json.loads(one.measure)["short_lived"] for one in found] == [5, 1]


def test_short_lives_close_together_are_one_finding_at_the_time_of_the_one_asked_for() -> None:
    events = [*lived(30, "a", 2), *lived(30.5, "b", 2), *lived(31, "c", 2)]
    (found,) = by_sql(replace(BASELINE, options={**BASELINE.options, "count": 2}), [*USUAL, *events])
    assert (found.crossed, found.member_count) == (events[3].time, 6)
    assert json.loads(found.measure)["short_lived"] == 3


def test_fewer_than_asked_for_are_silent() -> None:
    assert by_sql(replace(BASELINE, options={**BASELINE.options, "count": 2}), [*USUAL, *lived(30, "pod", 2)]) == []


def test_one_request_that_deletes_many_counts_each_object_once() -> None:
    both = [gone(30.1, "a")._replace(uid="s/all"), gone(30.1, "b")._replace(uid="s/all")]
    (found,) = by_sql(BASELINE, [*USUAL, made(30, "a"), made(30.01, "b"), *both])
    assert (found.member_count, json.loads(found.measure)["short_lived"]) == (3, 2)


def test_what_was_learned_says_who_is_known_for_short_lives() -> None:
    builds = [event for hour in range(5) for event in lived(hour, f"build-{hour}", 2, BUILD)]
    rows = learned(BASELINE, [*USUAL, *builds], Moment(as_of=START + timedelta(hours=30), watermark=START))
    assert [(row["key"], row["facts"]["is_usual"], row["warm"]) for row in rows] == [
        (BUILD, "yes", True),
        ('["deployer"]', "no", True),
    ]
    assert rows[0]["facts"]["counted"] == "9"


def test_a_rule_cannot_be_birth_and_death() -> None:
    wrong = replace(BASELINE, options={"created": ("made",), "gone": ("made", "gone")})
    assert [flaw.key for flaw in KINDS["short_lived"].flaws(wrong)] == ["gone"]


noise = st.builds(
    lambda hour, value, rule, key, peer: [at(hour, value, rule=rule, key=key, peer=peer)],
    st.integers(0, 100),
    st.sampled_from([None, "0", "1", "2"]),
    st.sampled_from(["made", "gone", "ended"]),
    st.sampled_from([ALICE, BUILD]),
    st.sampled_from([None, "[1]"]),
)
lives = st.builds(
    lambda hour, number, minutes, key, peer, teaches, end: [
        event._replace(peer=peer, rule=end if event.rule == "gone" else event.rule)
        for event in lived(hour, str(number), minutes, key, teaches=teaches)
    ],
    st.integers(0, 100),
    st.integers(0, 20),
    st.sampled_from([0, 3, 3, 700]),
    st.sampled_from([ALICE, BUILD]),
    st.sampled_from([None, "[1]"]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from(["gone", "gone", "ended"]),
)
options = st.fixed_dictionaries(
    {
        "created": st.just(("made",)),
        "gone": st.sampled_from([("gone",), ("gone", "ended")]),
        "count": st.sampled_from([1, 2]),
        "min_objects": st.integers(1, 3),
        "usual_share": st.sampled_from([0.3, 1]),
        "within": st.just(timedelta(hours=4)),
    }
)


@settings(max_examples=100, deadline=None)
@given(st.lists(lives | lives | noise, max_size=25), options, st.sampled_from([(), ("cluster",)]), st.integers(0, 30))
def test_sql_gives_what_the_reference_gives(
    groups: list[list[Match]], options: dict[str, object], peers: tuple[str, ...], warm_up: int
) -> None:
    events = [event for group in groups for event in group]
    baseline = replace(
        BASELINE,
        options=options,
        peers=peers,
        min_observations=1,
        warm_up=timedelta(hours=warm_up),
    )
    assert by_sql(baseline, events) == by_reference(baseline, events)
