from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.emulate import bases
from stratagem.sources import SOURCES
from stratagem.strategy.model import Habit, History, Scenario, ScenarioEvent
from stratagem.strategy.scenario import CLOCK, BadScenario, moment, stage, stage_history

BASE = "aws_cloudtrail/assume_role_by_service"


def scenario(*events: ScenarioEvent) -> Scenario:
    return Scenario(name="x", expect="finding", events=events)


def event(base: str = BASE, **changes: Any) -> ScenarioEvent:
    return ScenarioEvent(base=base, **changes)


def test_an_event_is_its_base_with_what_differs() -> None:
    (staged,) = stage(scenario(event(set={"eventName": "X", "userIdentity.note[0]": 1}, unset=("awsRegion",))))
    assert staged.source == "aws_cloudtrail"
    assert staged.native["eventName"] == "X"
    assert staged.native["userIdentity"]["note"] == [1]
    assert "awsRegion" not in staged.native


def test_events_stand_on_one_fixed_clock() -> None:
    first, second = stage(scenario(event(), event(at="90s")))
    assert first.time == CLOCK
    assert second.time == CLOCK + timedelta(seconds=90)


def test_a_time_that_the_scenario_sets_wins() -> None:
    (staged,) = stage(scenario(event(set={"eventTime": "2030-01-01T00:00:00Z"})))
    assert staged.time == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", [name for name in bases.names() if name.partition("/")[0] in SOURCES])
def test_every_base_is_an_event_of_its_source_and_takes_a_place_on_the_clock(name: str) -> None:
    (staged,) = stage(scenario(event(name, at="1h")))
    assert staged.time is not None
    assert staged.time.replace(microsecond=0) == CLOCK + timedelta(hours=1)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (event(BASE.replace("service", "servise")), f"no event base .* Near it: {BASE}"),
        (event("nowhere/x"), "no event base"),
        (event("aws_cloudtrail/../../secret"), "no event base"),
        (event(set={"eventName.x": 1}), "not an object"),
        (event(unset=("nothing",)), "no 'nothing' to unset"),
        (event(unset=("eventSource", "eventName", "eventVersion")), "no longer aws_cloudtrail"),
    ],
)
def test_an_event_that_cannot_be_made_says_why(broken: ScenarioEvent, why: str) -> None:
    with pytest.raises(BadScenario, match=why):
        stage(scenario(broken))


def test_of_several_events_the_broken_one_is_named() -> None:
    with pytest.raises(BadScenario, match=r"^event 2: "):
        stage(scenario(event(), event("nowhere/x")))


def test_a_workspace_has_bases_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "aws_cloudtrail").mkdir()
    own = {**bases.load(BASE), "eventName": "Own"}
    (tmp_path / "aws_cloudtrail" / "own.json").write_text(json.dumps(own))
    (staged,) = stage(scenario(event("aws_cloudtrail/own")), folder=tmp_path)
    assert staged.native["eventName"] == "Own"


def test_a_base_is_newly_made_at_every_load() -> None:
    bases.load(BASE)["eventName"] = "changed"
    assert bases.load(BASE)["eventName"] == "AssumeRole"


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"),
        ("2026-01-02T05:04:05.123456789+02:00", "2026-01-02T03:04:05.123456+00:00"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00"),
        (0, "1970-01-01T00:00:00+00:00"),
        ("soon", None),
        (None, None),
        (1e300, None),
    ],
)
def test_event_times_are_read_as_utc(value: Any, iso: str | None) -> None:
    found = moment(value)
    assert (found.isoformat() if found else None) == iso


def test_repetitions_are_events_of_their_own_and_take_values_in_turn() -> None:
    staged = stage(scenario(event(repeat=3, every="10s", vary={"eventName": ["A", "B"], "requestID": "call-{n}"})))
    assert [one.native["eventName"] for one in staged] == ["A", "B", "A"]
    assert [one.native["requestID"] for one in staged] == ["call-0", "call-1", "call-2"]
    assert [one.time for one in staged] == [CLOCK + timedelta(seconds=10 * turn) for turn in range(3)]
    assert len({one.native["eventID"] for one in staged}) == 3


@pytest.mark.parametrize("base", ["google_workspace/token_directory_groups_list", "gcp_audit/instances_list_denied"])
def test_where_several_fields_name_an_event_its_time_and_log_stay(base: str) -> None:
    first, second = stage(scenario(event(base, repeat=2, every="10s")))
    source = SOURCES[first.source]
    assert first.time is not None and second.time is not None
    assert second.time - first.time == timedelta(seconds=10)
    assert first.native.get("logName") == second.native.get("logName")
    assert source.uid(first.native) != source.uid(second.native)


def habit(**changes: Any) -> Habit:
    return Habit(event=event(vary={"eventName": ["A", "B"]}), **changes)


def test_a_history_is_the_same_for_the_same_seed_and_ends_where_the_test_begins() -> None:
    history = History(days=10, seed=4, habits=(habit(per_day=6.5),))
    staged = stage_history(history)
    assert staged == stage_history(history)
    assert staged != stage_history(replace(history, seed=5))
    assert 50 < len(staged) < 80
    assert all(CLOCK - timedelta(days=10) <= one.time < CLOCK for one in staged if one.time)
    assert len({one.native["eventID"] for one in staged}) == len(staged)


def test_a_habit_keeps_its_hours_its_weekdays_and_its_days() -> None:
    kept = habit(per_day=20, hours=(8, 18), weekdays=True, days=(0, 7))
    times = [one.time for one in stage_history(History(days=14, habits=(kept,))) if one.time]
    assert times
    assert all(8 <= time.hour < 18 and time.weekday() < 5 for time in times)
    assert max(times) < CLOCK - timedelta(days=7)


def test_a_habit_may_go_on_after_the_history() -> None:
    regular = Habit(event=event(every="6h"), until="1d")
    times = [one.time for one in stage_history(History(days=2, habits=(regular,))) if one.time]
    assert len(times) == 12
    assert max(times) > CLOCK
