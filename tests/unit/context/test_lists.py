"""Lists that rules reach by name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stratagem.context.lists import load_lists
from stratagem.errors import ContentError
from stratagem.window import Window


def values(folder: Path) -> dict[str, list[str]]:
    return {name: [entry.value for entry in entries] for name, entries in load_lists(folder).items()}


def test_a_list_goes_by_its_files_name_and_is_plain_or_with_reasons(tmp_path: Path) -> None:
    (tmp_path / "registries.yml").write_text("[registry.example.com, 5000, true]\n", encoding="utf-8")
    (tmp_path / "egress.yaml").write_text(
        "values:\n  - {value: 192.0.2.7, owner: net, reason: proxy, expires: 2026-12-31}\n  - 192.0.2.8\n",
        encoding="utf-8",
    )
    assert values(tmp_path) == {
        "registries": ["registry.example.com", "5000", "true"],
        "egress": ["192.0.2.7", "192.0.2.8"],
    }


def test_an_entry_is_valid_from_a_moment_to_before_another_and_expires_after_a_day(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "- {value: always}\n"
        "- {value: span, valid_from: 2026-01-14, valid_to: 2026-01-15T12:00:00+02:00}\n"
        "- {value: last, expires: 2026-01-15}\n",
        encoding="utf-8",
    )
    always, span, last = load_lists(tmp_path)["a"]
    assert always.valid == Window()
    assert span.valid == Window(datetime(2026, 1, 14, tzinfo=UTC), datetime(2026, 1, 15, 10, tzinfo=UTC))
    assert last.valid == Window(None, datetime(2026, 1, 16, tzinfo=UTC))


def test_no_folder_is_no_list(tmp_path: Path) -> None:
    assert load_lists(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "C-YAML: not YAML"),
        ("just text", "must be a mapping or a list"),
        ("", "the file is empty"),
        ("[{owner: me}]", ":1:2: C-SCHEMA: key 'value' is missing"),
        ("[x, {value: y, until: 2026-01-01}]", ":1:16: C-SCHEMA: unknown key 'until'"),
        ("[{value: y, expires: soon}]", ":1:22: C-SCHEMA: 'expires' is 'soon'"),
        ("[{value: y, expires: 2026-02-30}]", ":1:22: C-TIME: '2026-02-30' is not in the calendar"),
        ("[{value: y, valid_from: 2026-03-01, expires: 2026-02-01}]", "expires before it is valid"),
        ("[x, [y]]", ":1:5: C-SCHEMA: item 2"),
        ("[null]", ":1:2: C-SCHEMA: item 1"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_by_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_lists(tmp_path)
    assert f"{tmp_path / 'bad.yml'}" in str(caught.value)
    assert message in str(caught.value)


def test_all_broken_lists_are_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yml").write_text("text", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_lists(tmp_path)
    assert len(caught.value.problems) == 2
