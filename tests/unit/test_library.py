"""Folders of strategies and rules, parsed once for as long as no byte of them changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stratagem import content, library
from stratagem.errors import UsageError
from stratagem.library import Library, load

RULE = (
    "title: {0}\nid: {0}\nlogsource: {{product: aws, service: cloudtrail}}\ndetection: {{a: {{b: c}}, condition: a}}\n"
)


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "rules" / "deep").mkdir(parents=True)
    (tmp_path / "rules" / "deep" / "one.yml").write_text(RULE.format("one"), encoding="utf-8")
    return tmp_path / "rules"


def loaded(rules: Path) -> list[str]:
    return sorted(rule.uid for rule in load([], [rules], None, {}).rules)


def kept(rules: Path) -> list[Path]:
    return list((rules.parent / "cache" / "stratagem").glob("*.library"))


def test_a_second_run_reads_what_the_first_kept(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(rules) == ["one"]
    assert len(kept(rules)) == 1
    monkeypatch.setattr(library, "_read", lambda *_: pytest.fail("parsed again"))
    assert loaded(rules) == ["one"]


def test_a_changed_a_new_and_a_removed_rule_are_seen(rules: Path) -> None:
    assert loaded(rules) == ["one"]
    (rules / "two.yml").write_text(RULE.format("two"), encoding="utf-8")
    assert loaded(rules) == ["one", "two"]
    (rules / "two.yml").write_text(RULE.format("six"), encoding="utf-8")
    assert loaded(rules) == ["one", "six"]
    (rules / "two.yml").unlink()
    assert loaded(rules) == ["one"]


def test_lists_are_part_of_what_was_read(rules: Path) -> None:
    load([], [rules], None, {"a": ("1",)})
    load([], [rules], None, {"a": ("2",)})
    assert len(kept(rules)) == 2


@pytest.mark.parametrize(
    "damage",
    [b"", b"no pickle", b"\x80\x05]", b"\x80\x04K\x01.", b"\x80\x05\x95\xff\xff\xff\xff\xff\xff\xff\x7f", b"I1x\n."],
)
def test_a_damaged_cache_is_read_anew(rules: Path, damage: bytes) -> None:
    loaded(rules)
    (place,) = kept(rules)
    place.write_bytes(damage)
    assert loaded(rules) == ["one"]


def test_a_cache_of_somebody_else_is_not_trusted(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(rules)
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    calls = []
    monkeypatch.setattr(library, "_read", lambda *_: calls.append(1) or Library())
    assert loaded(rules) == []
    assert calls


def test_a_cache_that_cannot_be_written_is_no_error(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(rules / "deep" / "one.yml"))
    assert loaded(rules) == ["one"]


def test_every_folder_that_is_missing_is_named(rules: Path) -> None:
    with pytest.raises(UsageError, match=r"gone.*away"):
        load([rules / "gone"], [rules / "away"], None, {})


def test_the_packaged_strategies_have_no_problem(rules: Path) -> None:
    packaged = load([content.folder("strategies")], [], None, {})
    assert len(packaged.strategies) >= 16
    assert packaged.problems == packaged.rejected == ()


def test_a_folder_read_as_rules_is_not_kept_for_one_read_as_strategies(rules: Path) -> None:
    assert loaded(rules) == ["one"]
    assert load([rules], [], None, {}).rules == ()
