"""The reference estate: the same bytes for the same seed, every record read, no part of its life silent."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from stratagem.emulate.estate import Estate, one_day, write_estate
from stratagem.emulate.estate.attacks import QUIET_DAYS, place
from stratagem.emulate.estate.calendar import FIRST, ONCALL_NIGHT, REORGANISATION, Day
from stratagem.emulate.estate.cast import Cast, cast
from stratagem.emulate.estate.life import LIVES
from stratagem.errors import UsageError
from stratagem.workspace import Workspace


@pytest.fixture(scope="module")
def who() -> Cast:
    return cast(3, people=300, nodes=20)


def digest(folder: Path) -> str:
    seen = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            seen.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return seen.hexdigest()


def test_a_seed_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    made = [
        write_estate(tmp_path / str(number), seed=seed, days=1, people=100, nodes=10)
        for number, seed in enumerate((5, 5, 6))
    ]
    assert digest(made[0].folder) == digest(made[1].folder) != digest(made[2].folder)


def test_every_record_is_an_event_of_a_source(tmp_path: Path) -> None:
    estate = write_estate(tmp_path / "logs", days=2, people=200, nodes=10)
    summary = Workspace().run([tmp_path / "logs"], workers=1).summary
    assert summary["quarantined"]["count"] == 0
    assert summary["events"]["total"] == estate.events


@pytest.mark.parametrize("name", LIVES.ids)
def test_every_part_of_its_life_shows_on_a_working_day(name: str, who: Cast) -> None:
    assert list(one_day(who, Day(number=1), [name]))
    assert LIVES[name].describe


def test_a_weekend_is_quieter_among_people_and_not_among_machines(who: Cast) -> None:
    def count(life: str, day: int) -> int:
        return sum(1 for _ in one_day(who, Day(number=day), [life]))

    assert count("aws_people", 5) < count("aws_people", 1) / 3
    assert count("cluster_machinery", 5) > count("cluster_machinery", 1) / 3


def test_there_is_one_night_of_debugging_by_hand(who: Cast) -> None:
    def sessions(day: int) -> int:
        told = one_day(who, Day(number=day), ["cluster_people"])
        return sum(one.time.hour < 4 and "/exec?" in one.record["requestURI"] for one in told)

    assert (sessions(ONCALL_NIGHT), sessions(ONCALL_NIGHT + 1)) == (40, 0)


def test_a_reorganisation_renames_one_teams_role(who: Cast) -> None:
    def roles(day: int) -> set[str]:
        told = one_day(who, Day(number=day), ["aws_people"])
        return {one.record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"].split("_")[1] for one in told}

    before = roles(REORGANISATION - 1) | roles(REORGANISATION - 2) | roles(REORGANISATION - 3)
    after = roles(REORGANISATION) | roles(REORGANISATION + 3) | roles(REORGANISATION + 4)
    assert "ShopDeveloper" in before - after
    assert "CheckoutDeveloper" in after - before


def test_no_two_events_share_an_id(who: Cast) -> None:
    told = list(one_day(who, Day(number=1)))
    ids = Counter(one.record.get("auditID") or one.record.get("eventID") for one in told)
    ids.pop(None)
    assert max(ids.values()) == 1


ATTACKS = ("aws_ecr_opened", "k8s_new_registry", "k8s_privileged_pod")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    folder = tmp_path_factory.mktemp("attacked") / "logs"
    return write_estate(folder, days=20, people=50, nodes=10, lives=["registry"], attacks=ATTACKS)


def test_a_file_beside_the_logs_says_where_the_attacks_are(attacked: Estate) -> None:
    assert attacked.truth == attacked.folder.with_name("logs.attacks.ndjson")
    said = [json.loads(line) for line in attacked.truth.read_text().splitlines()]
    assert {one["technique"] for one in said} == set(ATTACKS)
    for one in said:
        assert FIRST + timedelta(days=QUIET_DAYS) <= datetime.fromisoformat(one["start"]) < FIRST + timedelta(days=20)
        assert one["expected"] and all(event["uid"] for event in one["events"])


def test_the_events_of_attacks_are_delivered_among_the_others(attacked: Estate) -> None:
    assert attacked.truth
    said = [json.loads(line) for line in attacked.truth.read_text().splitlines()]
    logs = b"".join(
        gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        for file in attacked.folder.rglob("*")
        if file.is_file()
    )
    assert all(event["uid"].partition("/")[0].encode() in logs for one in said for event in one["events"])


def test_another_attack_moves_none_of_the_others(who: Cast) -> None:
    few, more = place(who, 28, ATTACKS[:2]), place(who, 28, ATTACKS)
    assert set(few) < set(more)


def test_attacks_need_days_after_the_quiet_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="after 14 quiet days, and the estate has 14"):
        write_estate(tmp_path / "logs", days=14, people=50, nodes=10, attacks=ATTACKS)


def test_what_an_attack_needs_to_be_out_of_the_ordinary_happened_before_it(who: Cast) -> None:
    (one,) = place(who, 28, ["k8s_new_registry"])
    before = list(one.before())
    assert before and max(record.time for record in before) < one.at
    assert min(record.time for record in before) >= FIRST
