"""What people decide about baselines: accepted entries and resets, as files and in evaluation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stratagem.baselines._contract import Acceptance, Decision, Reset
from stratagem.baselines._decisions import append, apply, decided, episodes, key_text, learned, load
from stratagem.errors import ContentError
from stratagem.relation import Match, Moment
from stratagem.strategy.model import Strategy
from tests.contract.baseline_examples import EXAMPLES
from tests.unit.baselines.evaluate import MOMENT, PROD, START, at, select
from tests.unit.baselines.test_first_seen import BASELINE

WHO: Any = {"owner": "platform", "reason": "Our new registry."}
EVENTS = [at(0, "a"), at(10, "a"), at(30, "b")]


def accept(hours: float = 9999, **more: Any) -> Acceptance:
    return Acceptance(**{"baseline": "images", "key": PROD, "expires": START + timedelta(hours=hours), **WHO, **more})


def reset(hours: float, key: str | None = None) -> Reset:
    return Reset(baseline="images", key=key, start=START + timedelta(hours=hours), **WHO)


def found(matches: list[Match], *decisions: Decision) -> list[tuple[str, str | None, datetime]]:
    rows = select(episodes(decided(BASELINE, decisions), MOMENT, "m"), matches)
    return sorted((row["key"], row["value"], row["crossed"]) for row in rows)


def test_an_accepted_value_is_not_reported() -> None:
    assert found(EVENTS, accept(value="b")) == []
    assert len(found(EVENTS, accept(value="c"))) == 1


def test_an_acceptance_without_a_value_is_of_all_the_entity_does() -> None:
    assert found(EVENTS, accept()) == []
    assert len(found(EVENTS, accept(key='["dev"]'))) == 1


def test_an_acceptance_expires_by_event_time() -> None:
    assert len(found(EVENTS, accept(hours=30, value="b"))) == 1
    assert found(EVENTS, accept(hours=31, value="b")) == []


def test_decisions_about_other_baselines_change_nothing() -> None:
    assert len(found(EVENTS, accept(baseline="others"))) == 1


def test_after_a_reset_nothing_before_it_counts() -> None:
    later = [at(50, "a"), at(51, "a"), at(80, "c")]
    assert [value for _, value, _ in found([*EVENTS, *later])] == ["b", "c"]
    assert [value for _, value, _ in found([*EVENTS, *later], reset(60))] == ["b"]
    assert [value for _, value, _ in found([*EVENTS, *later, at(81, "c"), at(110, "a")], reset(60))] == ["a", "b"]


def test_a_reset_changes_nothing_before_it() -> None:
    assert found(EVENTS, reset(31)) == found(EVENTS)


def test_a_reset_of_one_entity_leaves_the_others() -> None:
    both = [event._replace(key=key, uid=f"{event.uid}/{key}") for event in EVENTS for key in (PROD, '["dev"]')]
    assert [key for key, _, _ in found(both, reset(20, PROD))] == ['["dev"]']


def test_what_was_learned_is_what_was_learned_since_the_reset() -> None:
    moment = Moment(as_of=START + timedelta(hours=40), watermark=START)
    rows = select(learned(decided(BASELINE, [reset(20, PROD)]), moment, "m"), EVENTS)
    assert sorted((row["value"] or "", row["observations"]) for row in rows) == [("", 1), ("b", 1)]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_begins_anew_after_a_reset(kind: str) -> None:
    example = EXAMPLES[kind]
    moment = Moment(as_of=START + timedelta(days=60), watermark=START + timedelta(days=11))
    begin = START + timedelta(days=9, hours=22)
    for key in (None, '["prod"]', '["deployer"]'):
        decision = Reset(baseline=kind, key=key, start=begin, **WHO)
        rows = select(episodes(decided(example.baseline, [decision]), moment, "m"), [*example.history, *example.day])
        if key is None or kind not in ("short_lived",):
            assert rows == [] or (key == '["deployer"]' and len(rows) == 1)


def test_decisions_are_read_as_they_were_written(tmp_path: Path) -> None:
    made: list[Decision] = [accept(value='a "b"', key=key_text(["größe", "x'y"])), reset(12.5), reset(24, PROD)]
    for decision in made:
        append(tmp_path, "page", decision)
    assert load(tmp_path) == {"page": tuple(made)}


def test_writing_leaves_what_stands_in_the_file(tmp_path: Path) -> None:
    append(tmp_path, "page", accept(value="b"))
    with (tmp_path / "page.yml").open("a", encoding="utf-8") as file:
        file.write("# seen on Monday\n")
    append(tmp_path, "page", reset(24))
    assert (tmp_path / "page.yml").read_text("utf-8") == (
        "# What was decided about the baselines of page.\n"
        '- accept: images\n  key: ["prod"]\n  value: "b"\n  owner: "platform"\n  reason: "Our new registry."\n'
        "  expires: 2027-04-22T15:00:00Z\n"
        "# seen on Monday\n"
        '- reset: images\n  from: 2026-03-03\n  owner: "platform"\n  reason: "Our new registry."\n'
    )


def test_all_that_is_wrong_in_the_folder_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("- accept: a\n  key: [x]\n  owner: me\n  expires: 2026-01-01\n", "utf-8")
    (tmp_path / "two.yml").write_text("- reset: a\n  from: soon\n  owner: me\n  reason: r\n", "utf-8")
    (tmp_path / "three.yml").write_text("- accept: a\n  key: [x]\n  owner: me\n  reason: r\n", "utf-8")
    with pytest.raises(ContentError) as error:
        load(tmp_path)
    told = [str(problem).removeprefix(f"{tmp_path}/") for problem in error.value.problems]
    assert [line.partition(": C-BASELINE: ")[::2] for line in told] == [
        ("one.yml:1:3", "key 'reason' is missing Why."),
        (
            "three.yml:1:3",
            "an acceptance names its 'key' and when it 'expires' Write 2026-12-31 or 2026-12-31T08:00:00Z.",
        ),
        ("two.yml:1:3", "Invalid isoformat string: 'soon' Write 2026-12-31 or 2026-12-31T08:00:00Z."),
    ]


def test_a_workspace_without_the_folder_has_no_decisions(tmp_path: Path) -> None:
    assert load(tmp_path / "baselines") == {}


def test_times_without_a_zone_are_utc(tmp_path: Path) -> None:
    (tmp_path / "p.yml").write_text("- reset: a\n  from: 2026-03-02T10:00:00\n  owner: me\n  reason: r\n", "utf-8")
    (decision,) = load(tmp_path)["p"]
    assert isinstance(decision, Reset)
    assert decision.start == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_decision_about_a_baseline_that_is_not_there_is_told(tmp_path: Path) -> None:
    append(tmp_path, "page", accept(baseline="imges"))
    append(tmp_path, "page", accept())
    page = Strategy(id="page", area="x", file="page.md", title="A page", baselines=(BASELINE,))
    (changed,), (problem,) = apply([page], tmp_path)
    assert problem.message == "no baseline named 'imges'; did you mean 'images'?"
    assert [len(one.decisions) for one in changed.baselines] == [1]
