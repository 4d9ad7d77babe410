"""Exports: reviewed as text, read back, and compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stratagem.errors import ContentError
from stratagem.learned.diff import Change, diff
from stratagem.learned.export import known, load, text
from tests.golden import check_golden
from tests.unit.learned.samples import BATCH, CPU, ENTRIES, SHOP, entry, snapshot

SPIKE = snapshot(entry(SHOP, median="0.4", spread="0.5", limit="3.4"), baseline=CPU)


def test_an_export_is_yaml_in_a_stable_order() -> None:
    check_golden(Path("cli/baseline_export.yml"), text([snapshot(), SPIKE]))


def test_an_export_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "export.yml"
    file.write_text(text([snapshot(), SPIKE]), encoding="utf-8")
    assert load(file) == known([snapshot(), SPIKE])


def test_a_baseline_that_learned_nothing_is_exported_as_well(tmp_path: Path) -> None:
    empty = replace(snapshot(), entries=())
    (tmp_path / "e.yml").write_text(text([empty]), encoding="utf-8")
    assert load(tmp_path / "e.yml") == {"unusual_pods#registries": {}}


def test_two_exports_of_the_same_differ_in_nothing_even_if_events_came() -> None:
    later = snapshot(*(replace(one, observations=one.observations + 5, last="2026-11-20T00:00:00Z") for one in ENTRIES))
    assert diff(known([snapshot()]), known([later])) == ()


def test_a_difference_is_told_by_entity_value_and_fact() -> None:
    before = known([snapshot(*ENTRIES[2:]), SPIKE])
    after = known(
        [
            snapshot(replace(ENTRIES[0], warm=True), ENTRIES[1], ENTRIES[2], ENTRIES[4]),
            snapshot(entry(SHOP, median="0.4", spread="0.5", limit="9"), baseline=CPU),
        ]
    )
    assert diff(before, after) == (
        Change(baseline="unusual_pods#cpu", change="changed", key=SHOP, fact="limit", before="3.4", after="9"),
        Change(baseline="unusual_pods#registries", change="added", key=BATCH),
        Change(baseline="unusual_pods#registries", change="added", key=BATCH, value="registry.example.com"),
        Change(baseline="unusual_pods#registries", change="removed", key=SHOP, value="docker.io\x1b[2J"),
    )


def test_an_entity_that_became_warm_is_a_difference() -> None:
    (change,) = diff(known([snapshot(ENTRIES[0])]), known([snapshot(replace(ENTRIES[0], warm=True))]))
    assert (change.fact, change.before, change.after) == ("warm-up", "in warm-up", "warm")


@pytest.mark.parametrize("wrong", ["kind: x\n", "- baseline: 3\n", "- {baseline: a, entities: [{key: x}]}\n", "- [\n"])
def test_a_file_that_is_no_export_is_an_error_with_its_place(tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "x.yml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load(file)
    assert all(problem.line for problem in error.value.problems)
