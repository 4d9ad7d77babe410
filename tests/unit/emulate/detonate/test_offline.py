"""Offline detonation: what is written, again for the same seed, and what goes away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stratagem.emulate.detonate import offline
from stratagem.emulate.detonate.verify import Seen, verify
from stratagem.emulate.techniques import TECHNIQUES
from stratagem.emulate.techniques._contract import Expected
from stratagem.errors import UsageError

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def begin(home: Path, technique: str) -> offline.Journal:
    return offline.begin(home, technique, at=AT, seed=1)


def test_the_same_seed_gives_the_same_events_and_another_time_others() -> None:
    one = TECHNIQUES["aws_services_enumerated"]
    first, again = (list(offline.attack(one, AT, seed=1)) for _ in range(2))
    other = list(offline.attack(one, AT.replace(hour=11), seed=1))
    assert first == again
    ids = [{told.record["eventID"] for told in made} for made in (first, other)]
    assert len(ids[0]) == len(first)
    assert not ids[0] & ids[1]


def test_the_attack_begins_when_it_is_asked_to() -> None:
    told = list(offline.attack(TECHNIQUES["aws_services_enumerated"], AT, seed=1))
    assert told[0].record["eventTime"] == "2026-03-01T10:00:00Z"
    assert [(one.time - AT).total_seconds() for one in told[:3]] == [0, 5, 10]


def test_a_revert_keeps_the_history_and_a_cleanup_keeps_only_the_record(tmp_path: Path) -> None:
    run = begin(tmp_path, "k8s_new_registry")
    offline.detonate(run)
    assert sorted(file.name for file in (run.folder / "logs").iterdir()) == ["attack", "warmup"]
    assert offline.revert(run) == ("logs/attack",)
    assert [file.name for file in (run.folder / "logs").iterdir()] == ["warmup"]
    offline.detonate(run)
    assert set(offline.cleanup(run)) == {"logs/attack", "logs/warmup"}
    assert [file.name for file in run.folder.rglob("*") if file.is_file()] == ["record.jsonl"]


def test_what_was_detonated_is_not_detonated_twice(tmp_path: Path) -> None:
    run = begin(tmp_path, "k8s_privileged_pod")
    offline.detonate(run)
    with pytest.raises(UsageError, match="is detonated"):
        offline.detonate(run)


def test_another_account_takes_the_place_of_the_bases_account() -> None:
    (told,) = offline.attack(TECHNIQUES["aws_ecr_opened"], AT, seed=1, account="111122223310")
    assert told.home == "111122223310/eu-west-1"
    assert "111122223333" not in str(told.record)


def seen(**changes: object) -> Seen:
    base = {"uid": "u", "strategy": "s", "rule": "r", "time": AT, "title": "t", "text": "bob"}
    return Seen(**{**base, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("finding", "why"),
    [
        (seen(strategy="other"), "reports nothing"),
        (seen(time=AT.replace(hour=9)), "not of this time"),
        (seen(rule="x"), "other rules report: x, not r"),
        (seen(text="alice"), "do not hold 'bob'"),
    ],
)
def test_a_finding_that_is_not_the_one_is_told_apart(finding: Seen, why: str) -> None:
    (found,) = verify([Expected(strategy="s", rule="r", entity="bob")], [finding], after=AT, before=None, marker="")
    assert not found.passed
    assert why in found.why


def test_the_earliest_finding_that_fits_is_the_one() -> None:
    (found,) = verify(
        [Expected(strategy="s", entity="bob")],
        [seen(uid="late", time=AT.replace(minute=5)), seen(uid="early")],
        after=AT,
        before=None,
        marker="",
    )
    assert found.finding and found.finding.uid == "early"
