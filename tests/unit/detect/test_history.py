"""Runs over one lake: what was learned stays, and only what new events change is reported."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.detect import history
from stratagem.detect.run import RunResult
from stratagem.errors import UsageError
from stratagem.lake import sweep
from stratagem.lake.store import Lake
from stratagem.workspace import Workspace
from tests.unit.detect.test_behaviour import BEGIN, BURST, ran, read

NOW = BEGIN + timedelta(days=1)


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Runs into one lake."""

    def into(*events: Any, rules: str = BURST, **options: Any) -> RunResult:
        return ran(tmp_path, rules, events, lake=str(tmp_path / "lake"), **{"as_of": NOW, **options})

    return into


def current(tmp_path: Path) -> set[str]:
    """The ids of the findings that the lake holds as current."""
    _, found = history.tables(Lake(str(tmp_path / "lake")))
    from stratagem.events.query import connect

    rows = connect().execute(
        f"SELECT finding FROM ({found.select(connect(), found.files())}) WHERE analytic <> '' QUALIFY is_current AND "
        "row_number() OVER (PARTITION BY uid ORDER BY step DESC, is_current DESC) = 1"
    )
    return {row[0] for row in rows.fetchall()}


def test_an_episode_grows_over_runs_and_is_reported_when_it_changes(run: Any, tmp_path: Path) -> None:
    assert not run(read(0, "a"), read(1, "b")).findings
    (first,) = run(read(2, "c")).findings
    (second,) = run(read(3, "d")).findings
    assert (first.count, second.count, first.uid) == (3, 4, second.uid)
    assert len(second.evidences) == 4
    assert current(tmp_path) == {first.uid}


def test_nothing_new_reports_nothing(run: Any) -> None:
    events = [read(minute, f"s{minute}") for minute in range(4)]
    assert len(run(*events).findings) == 1
    assert not run(*events).findings
    assert not run(read(0, "x", verb="list")).findings


def test_a_late_event_that_moves_an_episode_withdraws_the_old_finding(run: Any, tmp_path: Path) -> None:
    (old,) = run(*(read(minute, f"s{minute}") for minute in (15, 16, 17))).findings
    result = run(*(read(minute, f"s{minute}") for minute in (7, 8, 9)))
    (new,) = result.findings
    assert (new.count, new.time < old.time) == (6, True)
    assert result.summary["analytics"]["withdrawn"] == 1
    assert current(tmp_path) == {new.uid}


def test_what_is_withdrawn_names_what_stands_in_its_place(run: Any, tmp_path: Path) -> None:
    (old,) = run(*(read(minute, f"s{minute}") for minute in (15, 16, 17))).findings
    (new,) = run(*(read(minute, f"s{minute}") for minute in (7, 8, 9))).findings
    from stratagem.events.query import connect

    connection = connect()
    _, found = history.tables(Lake(str(tmp_path / "lake")))
    rows = connection.execute(
        f"SELECT finding, superseded_by FROM ({found.select(connection, found.files())}) WHERE NOT is_current"
    )
    assert rows.fetchall() == [(old.uid, new.uid)]


def test_a_later_copy_on_which_the_rule_does_not_hold_takes_the_finding_back(run: Any, tmp_path: Path) -> None:
    events = [read(minute, f"s{minute}") for minute in range(3)]
    assert len(run(*events).findings) == 1
    changed = [{**events[2], "verb": verb} for verb in ("list", "watch", "delete", "patch")]
    result = run(*changed)
    stands = max((f"{event['verb']}" for event in changed), default="")
    assert stands
    assert result.summary["analytics"]["withdrawn"] in (0, 1)
    again = run(*events, *changed)
    assert not again.findings
    whole = tmp_path / "whole"
    whole.mkdir()
    found = ran(whole, BURST, [*events, *changed], lake=str(whole / "lake"), as_of=NOW).findings
    assert {one.uid for one in found} == current(tmp_path)


def test_a_rule_that_is_new_to_the_lake_learns_from_it_and_reports_only_what_comes(run: Any, tmp_path: Path) -> None:
    other = BURST.replace("verb: get", "verb: list")
    run(*(read(minute, f"s{minute}") for minute in range(3)), rules=other)
    result = run(read(700, "z", user="someone"), rules=BURST)
    assert not result.findings
    assert result.summary["analytics"]["history_only"] == 1
    assert len(current(tmp_path)) == 1
    (found,) = run(read(4, "more"), rules=BURST).findings
    assert found.count == 4


def test_a_wider_threshold_is_evaluated_over_the_history(run: Any, tmp_path: Path) -> None:
    run(*(read(minute, f"s{minute}") for minute in range(3)))
    run(read(700, "z"), rules=BURST.replace("gte: 3", "gte: 4"))
    assert current(tmp_path) == set()


def test_what_lies_ahead_is_found_once_its_time_has_come(run: Any) -> None:
    events = [read(minute, f"s{minute}") for minute in range(3)]
    assert not run(*events, as_of=BEGIN + timedelta(minutes=1)).findings
    (found,) = run(read(900, "z", user="other"), as_of=NOW).findings
    assert found.count == 3


def test_a_run_that_died_before_its_events_were_kept_is_repeated_without_counting_twice(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [read(minute, f"s{minute}") for minute in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "commit", _dies)
        with pytest.raises(RuntimeError):
            run(*events)
    (found,) = run(*events).findings
    assert found.count == 3


def test_a_run_that_died_before_it_evaluated_is_made_up_for_by_the_next(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [read(minute, f"s{minute}") for minute in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(history.History, "evaluate", _dies)
        with pytest.raises(RuntimeError):
            run(*events)
    (found,) = run(read(600, "z")).findings
    assert found.count == 3


def _dies(*_: Any, **__: Any) -> None:
    raise RuntimeError("the power went")


def test_a_finding_in_the_lake_is_explained_by_its_members_and_its_history(run: Any, tmp_path: Path) -> None:
    run(*(read(minute, f"s{minute}") for minute in range(3)))
    (found,) = run(read(3, "s3")).findings
    lines = Workspace().explain_finding(found.uid, str(tmp_path / "lake"), rules=tmp_path / "rules")
    told = [(line.step, line.says) for line in lines]
    assert ("key", "user.username = system:serviceaccount:default:default") in told
    assert ("measure", "count = 3") in told
    assert len([step for step, _ in told if step == "member"]) == 4
    assert [says for step, says in told if step == "history"] == ["step 1: found, 3 events", "step 2: found, 4 events"]


def test_an_event_is_traced_from_its_record_to_its_finding(run: Any, tmp_path: Path) -> None:
    (found,) = run(*(read(minute, f"s{minute}") for minute in range(3))).findings
    event = found.evidences[1]
    lines = Workspace().trace(f"{event.source}/{event.event_uid}", str(tmp_path / "lake"), rules=tmp_path / "rules")
    assert [line.step for line in lines] == ["parsed", "matched", "observed", "found", "alerted"]
    assert lines[1].says == "reads, which reports through burst"


def test_what_the_lake_does_not_have_is_an_error_that_says_so(run: Any, tmp_path: Path) -> None:
    run(read(0, "a"))
    for ask in (Workspace().explain_finding, Workspace().trace):
        with pytest.raises(UsageError, match="nothing-like-it"):
            ask("nothing-like-it", str(tmp_path / "lake"), rules=tmp_path / "rules")
        with pytest.raises(UsageError, match="which lake"):
            ask("nothing-like-it", None, rules=tmp_path / "rules")


def test_events_of_a_finding_that_was_an_attack_do_not_teach(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = run(*(read(minute, f"s{minute}") for minute in range(3))).findings
    (tmp_path / "verdicts").mkdir()
    verdict = {"finding": found.uid, "verdict": "true_positive", "at": "2026-11-03T08:00:00Z"}
    (tmp_path / "verdicts" / "2026.ndjson").write_text(json.dumps(verdict) + "\n")
    taught: list[Any] = []
    advance = history.advance

    def watched(plan: Any, connection: Any, *others: Any) -> Any:
        taught.extend(connection.execute("SELECT uid FROM taught ORDER BY uid").fetchall())
        return advance(plan, connection, *others)

    monkeypatch.setattr(history, "advance", watched)
    Workspace(tmp_path).run([tmp_path / "logs1"], rules=tmp_path / "rules", lake=str(tmp_path / "lake"), workers=1)
    assert [row[0] for row in taught] == sorted(f"{one.source}/{one.event_uid}" for one in found.evidences)


def test_who_an_actor_is_may_change_and_is_asked_again_of_all_that_the_lake_holds(run: Any, tmp_path: Path) -> None:
    rules = BURST.replace("group-by: [user.username]", "group-by: [actor]")
    people = [f"system:serviceaccount:default:{name}" for name in ("a", "b", "c")]
    assert not run(*(read(minute, f"s{minute}", user=user) for minute, user in enumerate(people)), rules=rules).findings
    names = ", ".join(f"'kubernetes:unknown:{user}'" for user in people)
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / "identities.yml").write_text(f"identities: [{{actor: x, class: ci, names: [{names}]}}]")
    Workspace(tmp_path).run([], rules=tmp_path / "rules", lake=str(tmp_path / "lake"), workers=1, as_of=NOW)
    assert len(current(tmp_path)) == 1


def fed(run: Any, tmp_path: Path, runs: int, **options: Any) -> list[tuple[int, int]]:
    """Files and bytes of the lake after each of many small runs, twelve hours apart."""
    sizes = []
    for number in range(runs):
        now = BEGIN + timedelta(hours=12 * number)
        run(
            *(read(720 * number + minute, f"s{minute}") for minute in range(3)),
            as_of=now + timedelta(hours=1),
            **options,
        )
        files = [file for file in (tmp_path / "lake").rglob("*.parquet") if "_delta_log" not in file.parts]
        sizes.append((len(files), sum(file.stat().st_size for file in files)))
    return sizes


def test_a_run_drops_what_no_analytic_reaches_and_joins_small_files(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "CROWD", 3)
    monkeypatch.setattr(sweep, "KEEP_HOURS", 0)
    fed(run, tmp_path, 8, horizon=timedelta(days=1))
    matches, found = history.tables(Lake(str(tmp_path / "lake")))
    assert min(matches.values_of("day")) == "2026-11-03"
    assert not matches.is_crowded()
    assert not found.is_crowded()
    assert len(current(tmp_path)) == 4
    (late,) = run(read(720 * 7 + 3, "s4"), as_of=BEGIN + timedelta(hours=86), horizon=timedelta(days=1)).findings
    assert late.count == 4


def test_what_was_dropped_is_observed_again_when_the_horizon_is_moved_back(run: Any, tmp_path: Path) -> None:
    fed(run, tmp_path, 8, horizon=timedelta(days=1))
    matches, _ = history.tables(Lake(str(tmp_path / "lake")))
    assert "2026-11-02" not in matches.values_of("day")
    (late,) = run(read(3, "s4"), as_of=BEGIN + timedelta(days=5)).findings
    assert late.count == 4
    assert "2026-11-02" in matches.values_of("day")


@pytest.mark.long
def test_a_lake_fed_by_sixty_small_runs_stays_bounded(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "KEEP_HOURS", 0)
    sizes = fed(run, tmp_path, 60, horizon=timedelta(days=2))
    beside = [file for name in ("_matches", "_findings") for file in (tmp_path / "lake" / name).rglob("*.parquet")]
    assert len(beside) < 2 * sweep.CROWD + 20
    assert max(count for count, _ in sizes) < 3 * sweep.CROWD + 60
    matches, _ = history.tables(Lake(str(tmp_path / "lake")))
    assert len(matches.values_of("day")) <= 5
