"""`ingest.yml`: what is dropped is said in Sigma's words, and everything wrong with it is told by place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stratagem.rules.drop import Drop
from stratagem.rules.drops import read_drops
from stratagem.sources import SOURCES

NOW = datetime(2026, 11, 24, tzinfo=UTC)
GOOD = """\
drop:
  - name: node leases
    reason: Renewed every ten seconds.
    owner: platform-engineering
    logsource: {product: kubernetes, service: audit}
    detection:
      lease: {objectRef.resource: leases}
      condition: lease
    expires: 2027-06-30
"""


def read(folder: Path, text: str) -> tuple[tuple[Drop, ...], list[str]]:
    file = folder / "ingest.yml"
    file.write_text(text, encoding="utf-8")
    drops, problems = read_drops(file, {}, SOURCES, now=NOW)
    return drops, [str(one).removeprefix(f"{file}:") for one in problems]


def test_a_rule_has_its_name_reason_owner_and_place(tmp_path: Path) -> None:
    (drop,), problems = read(tmp_path, GOOD)
    assert problems == []
    assert (drop.name, drop.owner, drop.expires) == ("node leases", "platform-engineering", "2027-06-30")
    assert drop.reason == "Renewed every ten seconds."
    assert (drop.rule.file, drop.rule.line) == (str(tmp_path / "ingest.yml"), 2)


def test_a_workspace_without_the_file_drops_nothing(tmp_path: Path) -> None:
    assert read_drops(tmp_path / "ingest.yml", {}, SOURCES, now=NOW) == ((), ())


def test_its_last_day_is_compared_with_the_time_of_events(tmp_path: Path) -> None:
    ((drop,), _) = read(tmp_path, GOOD)
    assert not drop.is_over(datetime(2027, 6, 30, 23, 59, tzinfo=UTC))
    assert drop.is_over(datetime(2027, 7, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("objectRef.resource:", "objectRef.resource|like:", "7:40: I-DETECTION: |like: is not a Sigma modifier"),
        ("condition: lease", "condition: leases", "8:18: I-DETECTION: condition:"),
        ("product: kubernetes", "product: kubernets", "5:16: I-LOGSOURCE: no source answers the logsource kubernets"),
        ("reason:", "because:", "C-SCHEMA:"),
        ("2027-06-30", "2027-02-30", "9:14: C-TIME: '2027-02-30' is not in the calendar."),
        ("drop:", "drops:", "1:1: C-SCHEMA:"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, written: str, instead: str, told: str) -> None:
    drops, problems = read(tmp_path, GOOD.replace(written, instead))
    assert drops == ()
    assert any(told in problem for problem in problems), problems


def test_two_rules_of_one_name_cannot_be_told_apart_in_counts(tmp_path: Path) -> None:
    drops, problems = read(tmp_path, GOOD + GOOD.removeprefix("drop:\n"))
    assert len(drops) == 1
    assert problems == [
        "10:11: I-NAME: 'node leases' is already the name of the rule in line 2. "
        "Counts are by name: give each rule its own."
    ]


def test_a_rule_that_time_has_passed_or_that_holds_on_nothing_is_doubted(tmp_path: Path) -> None:
    text = GOOD.replace("2027-06-30", "2026-06-30").replace("condition: lease", "condition: not lease")
    drops, problems = read(tmp_path, text)
    assert len(drops) == 1
    assert ["I-DOUBT" in problem for problem in problems] == [True, True]
    assert "drops every record that lacks its fields" in problems[0]
    assert "expired with 2026-06-30" in problems[1]
