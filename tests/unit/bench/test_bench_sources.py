"""Records of a source multiplied from its examples, and counted: a run that loses one is no measurement."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from bench.sources import (
    MARK,
    RULES,
    WrongCount,
    main,
    make,
    measure,
    measured,
    multiplied,
    natives,
    rule_texts,
)
from stratagem.rules.load import load_text
from stratagem.sources import SOURCES
from stratagem.sources._contract import AS_IT_IS
from stratagem.sources.identify import identify

NATIVE = [source_id for source_id in SOURCES if SOURCES[source_id].ocsf != AS_IT_IS]


@pytest.mark.parametrize("source_id", SOURCES.ids)
def test_made_records_are_the_sources_own_and_nearly_all_different(source_id: str) -> None:
    source = SOURCES[source_id]
    some = list(islice(multiplied(source_id, natives(source_id)), 200))
    assert {identify(record) for _, record in some} == {source_id}
    assert len({source.uid(record) or line for line, record in some}) > 190
    assert len({line for line, _ in some}) == 200


@pytest.mark.parametrize("source_id", NATIVE)
def test_the_rules_of_a_source_load_and_a_run_finds_what_was_marked(source_id: str, tmp_path: Path) -> None:
    texts = rule_texts(source_id, natives(source_id))
    loaded = [load_text(text, file="made.yml") for text in texts]
    assert [len(one.rules) for one in loaded] == [1] * RULES
    made = make(source_id, natives(source_id), 20_000, tmp_path)
    assert measure(made, "rules", 1, tmp_path) > 0


def test_marked_records_are_found_once_each(tmp_path: Path) -> None:
    made = make("okta_system_log", natives("okta_system_log"), 1_500_000, tmp_path)
    lines = Path(made.path).read_text(encoding="utf-8").splitlines()
    assert (made.records, made.matches) == (len(lines), sum(MARK in line for line in lines))
    assert made.matches > 1


def test_a_run_that_counts_otherwise_is_thrown_out(tmp_path: Path) -> None:
    made = make("falco", natives("falco"), 20_000, tmp_path)
    with pytest.raises(WrongCount, match=r"events \d+, not "):
        measure(replace(made, events=made.events + 1), "rules", 1, tmp_path)
    with pytest.raises(WrongCount, match="matches 1, not 2"):
        measure(replace(made, matches=2), "rules", 1, tmp_path)


def test_a_wrong_count_is_told_and_no_rate_is_given(tmp_path: Path) -> None:
    made = replace(make("falco", natives("falco"), 20_000, tmp_path), matches=5)
    told = measured(made, "rules", 1)
    assert isinstance(told, str)
    assert "matches 1, not 5" in told


def test_the_lake_holds_every_record(tmp_path: Path) -> None:
    made = make("falco", natives("falco"), 20_000, tmp_path)
    assert measure(made, "lake", 1, tmp_path) > 0
    with pytest.raises(WrongCount, match="records"):
        measure(replace(made, records=made.records + 1), "lake", 1, tmp_path / "other")


@pytest.mark.long
def test_the_command_prints_a_row_for_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--size", "1", "--source", "falco"]) == 0
    assert "| falco |" in capsys.readouterr().out
