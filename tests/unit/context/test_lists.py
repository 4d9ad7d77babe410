"""Lists that rules reach by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stratagem.context.lists import load_lists
from stratagem.errors import ContentError

TODAY = date(2026, 1, 15)


def test_a_list_goes_by_its_files_name_and_is_plain_or_with_reasons(tmp_path: Path) -> None:
    (tmp_path / "registries.yml").write_text("[registry.example.com, 5000]\n", encoding="utf-8")
    (tmp_path / "egress.yaml").write_text(
        "values:\n  - {value: 192.0.2.7, owner: net, reason: proxy, expires: 2026-12-31}\n  - 192.0.2.8\n",
        encoding="utf-8",
    )
    assert load_lists(tmp_path, TODAY) == {
        "registries": ("registry.example.com", "5000"),
        "egress": ("192.0.2.7", "192.0.2.8"),
    }


def test_an_entry_counts_through_the_day_it_expires(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "[{value: past, expires: 2026-01-14}, {value: last, expires: 2026-01-15}]\n", encoding="utf-8"
    )
    assert load_lists(tmp_path, TODAY) == {"a": ("last",)}


def test_no_folder_is_no_list(tmp_path: Path) -> None:
    assert load_lists(tmp_path / "none", TODAY) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "not readable as YAML"),
        ("just text", "neither a list nor a mapping"),
        ("", "neither a list nor a mapping"),
        ("[{owner: me}]", "entry 1: no `value`"),
        ("[x, {value: y, until: 2026-01-01}]", "entry 2: ['until']"),
        ("[{value: y, expires: soon}]", "entry 1: expires 'soon' is no date"),
        ("[x, [y]]", "entry 2: a list"),
        ("[null]", "entry 1: empty"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_by_file_and_entry(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_lists(tmp_path, TODAY)
    assert f"{tmp_path / 'bad.yml'}" in str(caught.value)
    assert message in str(caught.value)


def test_all_broken_lists_are_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yml").write_text("text", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_lists(tmp_path, TODAY)
    assert len(caught.value.problems) == 2
