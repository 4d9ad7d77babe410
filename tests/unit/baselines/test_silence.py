"""The kind `silence`: a heartbeat that stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines._contract import Baseline
from stratagem.relation import Match, Moment
from tests.unit.baselines.evaluate import PROD, START, at, by_reference, by_sql, learned

BASELINE = Baseline(
    uid="page#audit",
    name="audit",
    title="A cluster went quiet",
    kind="silence",
    rules=("events",),
    entity=("cluster",),
    window=timedelta(minutes=30),
    history=timedelta(days=3),
    warm_up=timedelta(days=1),
    min_observations=20,
    options={"times": 3},
)
BEATS = [at(hour) for hour in range(30)]
LAST = BEATS[-1].time


def until(hours: float) -> Moment:
    """The moment at which all events so many hours after the last beat have arrived."""
    return Moment(as_of=START + timedelta(days=60), watermark=LAST + timedelta(hours=hours))


def test_an_entity_that_is_quiet_for_longer_than_it_ever_is_is_reported() -> None:
    (found,) = by_sql(BASELINE, BEATS, until(3))
    assert (found.crossed, found.anchor) == (LAST + timedelta(hours=3), BEATS[-1].uid)
    assert found.measure == '{"p99_seconds":3600,"quiet_for_seconds":10800,"until":null}'


def test_it_waits_for_the_watermark() -> None:
    assert by_sql(BASELINE, BEATS, until(2.9)) == []


def test_a_silence_that_is_over_is_still_reported_and_says_when_it_ended() -> None:
    (found,) = by_sql(BASELINE, [*BEATS, at(40)], until(10))
    assert '"until":"2026-03-03T16:00:00Z"' in found.measure


def test_a_late_event_takes_the_silence_back() -> None:
    assert by_sql(BASELINE, [*BEATS, at(31), at(33), at(35)], until(6)) == []


def test_the_shortest_silence_that_matters_is_the_window() -> None:
    busy = [at(minute / 60) for minute in range(60 * 30)]
    (found,) = by_sql(BASELINE, busy, Moment(as_of=START + timedelta(days=9), watermark=START + timedelta(days=9)))
    assert '"quiet_for_seconds":1800' in found.measure


def test_a_rare_pause_does_not_make_an_entity_deaf() -> None:
    beats = [at(hour / 10) for hour in range(300) if not 100 < hour < 190]
    found = by_sql(BASELINE, beats, Moment(as_of=START + timedelta(days=9), watermark=START + timedelta(days=9)))
    assert [one.first for one in found] == [beats[-1].time]


def test_an_entity_in_warm_up_is_not_missed() -> None:
    assert by_sql(BASELINE, [at(hour / 2) for hour in range(40)]) == []


def test_an_entity_with_few_events_has_no_heartbeat() -> None:
    assert by_sql(BASELINE, [at(hour) for hour in range(0, 30, 2)]) == []


def test_an_entity_that_is_usually_quiet_for_longer_than_the_history_has_no_heartbeat() -> None:
    assert by_sql(replace(BASELINE, options={"times": 100}), BEATS) == []


def test_an_incident_shows_life_but_its_pauses_are_not_learned() -> None:
    attack = [at(30 + hour * 2.5, teaches=False) for hour in range(8)]
    (found,) = by_sql(BASELINE, [*BEATS, *attack])
    assert (found.first, found.measure) == (
        attack[-1].time,
        '{"p99_seconds":3600,"quiet_for_seconds":10800,"until":null}',
    )


def test_what_was_learned_is_the_usual_longest_pause() -> None:
    (row,) = learned(BASELINE, BEATS, Moment(as_of=START + timedelta(hours=30), watermark=START))
    assert row["warm"]
    assert row["facts"]["p99_seconds"] == "3600"
    assert row["facts"]["quiet_for_seconds"] == "10800"


@pytest.mark.parametrize("count", [1, 99, 100, 101, 200])
def test_the_99th_percentile_is_a_pause_that_happened(count: int) -> None:
    """Of 100 pauses the 99th, of 101 the 100th: one long pause in a hundred is forgiven."""
    beats = [at(0), *(at(minutes / 60) for minutes in range(1, count)), at(48)]
    moment = Moment(as_of=START + timedelta(days=2, hours=1), watermark=START)
    (row,) = learned(BASELINE, beats, moment)
    assert row["facts"]["p99_seconds"] == ("60" if count >= 100 else str(48 * 3600 - (count - 1) * 60))


@st.composite
def heartbeats(draw: st.DrawFn) -> list[Match]:
    """Beats of two entities with pauses of which few are long; some are shown by an incident, some come twice."""
    beats = []
    for key in (PROD, '["dev"]'):
        hour = draw(st.integers(0, 30))
        for pause in draw(st.lists(st.sampled_from([1, 1, 1, 1, 2, 3, 9, 30]), max_size=40)):
            hour += pause
            rule, teaches = draw(st.sampled_from(["rule", "other"])), draw(st.sampled_from([True, True, True, False]))
            beats += [at(hour, rule=rule, key=key, teaches=teaches)] * draw(st.sampled_from([1, 1, 1, 2]))
    return beats


@settings(max_examples=80, deadline=None)
@given(heartbeats(), st.integers(20, 150), st.sampled_from([1, 1.5, 3]))
def test_sql_gives_what_the_reference_gives(events: list[Match], hours: int, times: float) -> None:
    baseline = replace(BASELINE, min_observations=3, options={"times": times})
    moment = Moment(as_of=START + timedelta(hours=140), watermark=START + timedelta(hours=hours))
    assert by_sql(baseline, events, moment) == by_reference(baseline, events, moment)
