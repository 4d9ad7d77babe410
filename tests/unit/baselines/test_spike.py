"""The kind `spike`: counts and exact sums against an entity's own history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.relation import Match, Moment
from tests.unit.baselines.evaluate import PROD, START, at, by_reference, by_sql, learned

BASELINE = Baseline(
    uid="page#creations",
    name="creations",
    title="More pods than usual",
    kind="spike",
    rules=("creations",),
    entity=("namespace",),
    window=timedelta(hours=1),
    history=timedelta(days=7),
    warm_up=timedelta(days=2),
    min_observations=20,
    options={"min_volume": 5, "threshold": 6},
)
SUM = replace(BASELINE, measure="cpu", options={"min_volume": 2, "threshold": 6, "min_spread": 0.25})
WEEKLY = replace(
    BASELINE,
    history=timedelta(days=28),
    warm_up=timedelta(days=14),
    min_observations=2,
    options={"min_volume": 5, "threshold": 6, "seasonality": "hour_of_week"},
)


LOOSE = {**SUM.options, "threshold": 1000, "min_spread_share": 0.001}


def many(hour: float, count: int, **more: Any) -> list[Match]:
    """So many events within the hour."""
    return [at(hour + number / 1000, uid=f"s/{hour}-{number}-{more}", **more) for number in range(count)]


def hourly(days: int, count: int = 2, **more: Any) -> list[Match]:
    return [event for hour in range(24 * days) for event in many(hour, count, **more)]


def said(found: Any) -> Any:
    return json.loads(found.measure)


def test_more_events_than_usual_in_a_window_are_reported() -> None:
    (found,) = by_sql(BASELINE, [*hourly(3), *many(72, 12)])
    assert said(found) == {"count": 12, "usual": 2, "spread": 1, "asked": "> 8", "windows": 1}
    assert (found.member_count, found.anchor) == (12, str(int((START + timedelta(days=3)).timestamp())))


def test_the_finding_is_of_the_event_that_crossed_the_limit() -> None:
    events = many(72, 12)
    (found,) = by_sql(BASELINE, [*hourly(3), *events])
    assert (found.first, found.crossed, found.last) == (events[0].time, events[8].time, events[11].time)


def test_what_is_a_little_more_than_usual_is_silent() -> None:
    assert by_sql(BASELINE, [*hourly(3), *many(72, 8)]) == []


def test_a_run_of_hot_windows_is_one_finding_and_a_quiet_window_ends_it() -> None:
    events = [*hourly(3), *many(72, 12), *many(73, 30), *many(75, 12)]
    assert [(said(found)["windows"], found.member_count) for found in by_sql(BASELINE, events)] == [(2, 42), (1, 12)]


def test_an_entity_in_warm_up_is_silent() -> None:
    assert by_sql(BASELINE, [*hourly(1), *many(24, 50)]) == []


def test_a_new_entity_is_silent_whatever_it_does() -> None:
    assert by_sql(BASELINE, [*hourly(3), *many(72, 50, key='["new"]')]) == []


def test_windows_without_events_count_as_zero() -> None:
    sparse = [*many(0, 6), *many(40, 6)]
    (found,) = by_sql(BASELINE, [*sparse, *many(72, 7)])
    assert said(found) == {"count": 7, "usual": 0, "spread": 1, "asked": "> 6", "windows": 1}


def test_less_than_the_minimum_volume_is_silent_however_unusual() -> None:
    options = {"min_volume": 10, "threshold": 6}
    assert by_sql(replace(BASELINE, options=options), [*many(0, 1), *many(72, 9)]) == []


def test_a_day_does_not_teach_itself() -> None:
    creeping = [event for hour in range(12) for event in many(72 + hour, 12)]
    (found,) = by_sql(BASELINE, [*hourly(3), *creeping])
    assert said(found)["windows"] == 12


def test_what_incidents_did_is_not_learned() -> None:
    attack = [event for hour in range(24 * 3, 24 * 6) for event in many(hour, 12, teaches=False)]
    found = by_sql(BASELINE, [*hourly(3), *attack, *many(24 * 6, 12)])
    assert [said(one)["windows"] for one in found] == [73]
    assert said(found[0])["usual"] == 2


def test_history_that_is_too_old_is_forgotten() -> None:
    assert by_sql(BASELINE, [*hourly(1, 2), *many(24 * 9, 50)]) == []


def test_what_is_usual_at_an_hour_of_the_week_is_no_spike_then_and_one_otherwise() -> None:
    weekly = [event for week in range(3) for event in many(168 * week + 9, 40)]
    monday, tuesday = many(168 * 3 + 9, 40), many(168 * 3 + 33, 40)
    (found,) = by_sql(WEEKLY, [*weekly, *monday, *tuesday])
    assert found.first == tuesday[0].time
    assert len(by_sql(replace(WEEKLY, options={"min_volume": 5}), [*weekly, *monday, *tuesday])) == 2


def test_sums_are_exact() -> None:
    usual = [at(hour, number="0.1") for hour in range(72)]
    loud = [at(72 + number / 100, number="0.1", uid=f"s/{number}") for number in range(21)]
    (found,) = by_sql(SUM, [*usual, *loud])
    assert said(found) == {"sum": 2.1, "usual": 0.1, "spread": 0.25, "asked": ">= 2", "windows": 1}
    assert '"sum":2.1,' in found.measure


def test_an_event_counts_all_its_elements_once_whatever_rules_match_it() -> None:
    usual = [at(hour, number=1) for hour in range(72)]
    pod = [at(72, number=5, uid="s/pod"), at(72, number=5, uid="s/pod"), at(72, number=9, uid="s/pod", rule="z")]
    (found,) = by_sql(SUM, [*usual, *pod])
    assert (said(found)["sum"], found.member_count) == (10, 1)


def test_numbers_no_machine_has_cannot_break_the_arithmetic() -> None:
    huge = [at(72 + number / 1000, number="9" * 28, uid=f"s/{number}") for number in range(50)]
    usual = [at(hour, number="9" * 28) for hour in range(72)]
    (found,) = by_sql(
        replace(SUM, options={**SUM.options, "threshold": 1000, "min_spread_share": 0.001}), [*usual, *huge]
    )
    assert said(found)["sum"] == 50 * 10**15


def test_what_was_learned_is_what_the_day_is_compared_with() -> None:
    (row,) = learned(
        BASELINE, [*hourly(3), *many(73, 50)], Moment(as_of=START + timedelta(days=3, hours=5), watermark=START)
    )
    assert row["warm"]
    assert row["facts"] == {
        "since": "2026-03-02T00:00:00Z",
        "counted": "72",
        "median": "2",
        "spread": "1",
        "limit": "8",
    }


def test_what_was_learned_of_an_hour_of_the_week_is_told_by_hour() -> None:
    weekly = [event for week in range(3) for event in many(168 * week + 9, 40)]
    rows = learned(WEEKLY, weekly, Moment(as_of=START + timedelta(days=21), watermark=START))
    assert [(row["value"], row["facts"].get("median")) for row in rows] == [(None, None), ("Mon 09:00", "40")]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"window": timedelta(minutes=10)}, []),
        ({"window": timedelta(hours=6)}, []),
        ({"window": timedelta(days=7)}, []),
        ({"window": timedelta(minutes=7)}, ["window"]),
        ({"window": timedelta(hours=5)}, ["window"]),
        ({"window": timedelta(hours=36)}, ["window"]),
        ({"window": timedelta(days=7), "options": {"seasonality": "hour_of_day"}}, ["window"]),
        ({"options": {"seasonality": "hour_of_week"}}, ["history"]),
        ({"measure": "cpu", "options": {}}, ["measure"]),
    ],
)
def test_blocks_that_make_no_sense_are_told(changes: dict[str, Any], keys: Sequence[str]) -> None:
    assert [flaw.key for flaw in KINDS["spike"].flaws(replace(BASELINE, **changes))] == keys


rows = st.builds(
    lambda hour, count, number, key, teaches: [
        one._replace(number=None if number is None else at(0, number=number).number)
        for one in many(hour, count, key=key, teaches=teaches)
    ],
    st.integers(0, 24 * 6) | st.builds(lambda hour, week: hour + 168 * week, st.integers(0, 30), st.integers(0, 3)),
    st.integers(1, 4),
    st.sampled_from([None, "0.5", "1", "2.25", "-1"]),
    st.sampled_from([PROD, PROD, '["dev"]']),
    st.sampled_from([True, True, False]),
)
grids = st.builds(
    lambda window, seasonality, threshold, share, spread, measure: replace(
        BASELINE,
        window=timedelta(minutes=window),
        history=timedelta(days=28 if seasonality == "hour_of_week" else 3),
        warm_up=timedelta(hours=20),
        min_observations=2,
        measure=measure,
        options={
            "seasonality": seasonality,
            "threshold": threshold,
            "min_spread_share": share,
            "min_spread": spread,
            "min_volume": 1,
        },
    ),
    st.sampled_from([30, 60, 180, 1440]),
    st.sampled_from(["none", "hour_of_day", "hour_of_week"]),
    st.sampled_from([0.1, 1, 2.5]),
    st.sampled_from([0, 0.5]),
    st.sampled_from([0, 0.1, 1]),
    st.sampled_from([None, "cpu"]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(rows, max_size=30), grids)
def test_sql_gives_what_the_reference_gives(groups: list[list[Match]], baseline: Baseline) -> None:
    events = list({event.uid: event for group in groups for event in group}.values())
    assert by_sql(baseline, events) == by_reference(baseline, events)
