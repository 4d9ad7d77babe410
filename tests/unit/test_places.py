from __future__ import annotations

import pytest

from stratagem.places import MAX_DEPTH, read


def test_every_key_and_list_item_has_its_line_and_column() -> None:
    located = read("a:\n  b: 1\nlist:\n  - x\n  - y: 2\n", line=10)
    assert located.value == {"a": {"b": 1}, "list": ["x", {"y": 2}]}
    assert located.keys["a.b"] == (11, 3)
    assert located.values["a.b"] == (11, 6)
    assert located.keys["list.1.y"] == (14, 5)


def test_an_unknown_path_has_the_place_of_its_closest_parent() -> None:
    located = read("a:\n  b: 1\n", line=5)
    assert located.place_of("a.b.c.d", key=True) == (6, 3)
    assert located.place_of("nothing") == (5, 1)


def test_margins_shift_columns_to_where_the_document_has_them() -> None:
    assert read("a: 1\nb: 2\n", line=3, margins=(4, 6)).keys == {"a": (3, 5), "b": (4, 7)}


def test_dates_stay_text_and_keys_stay_as_written() -> None:
    assert read("expires: 2026-06-30\non: yes\n1: x\n").value == {"expires": "2026-06-30", "on": True, "1": "x"}


def test_a_key_given_twice_is_a_flaw_at_the_second_and_the_first_counts() -> None:
    located = read("a: 1\nb: 2\na: 3\n")
    assert located.value == {"a": 1, "b": 2}
    assert [(flaw.message, flaw.place) for flaw in located.flaws] == [("key 'a' is given twice", (3, 1))]


def test_lines_are_those_of_an_editor_not_those_of_yaml() -> None:
    assert read('a: "x\u2028y"\nb: 2\n').keys["b"] == (2, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "':' inside a plain value"),
        ("a: @x", "quote the value"),
        ("a: !!python/object:os.system x", "is not allowed"),
        ("a: *nowhere", "has no anchor"),
        ("a: &a [*a]", "has no anchor"),
        ("<<: {a: 1}", "merge key"),
        ("a: 1\n---\nb: 2\n", "second YAML document"),
        ("? [a]\n: b", "a key must be text"),
        ("[" * 10_000, f"more than {MAX_DEPTH} levels"),
        ("- " * 10_000, f"more than {MAX_DEPTH} levels"),
        ("a: 0b_", "is not an integer"),
        ("a: !!int", "is not an integer"),
        ("a: \x07", "control characters"),
        ("a: \ud800", "surrogates"),
    ],
)
def test_what_is_no_plain_yaml_is_a_flaw_and_not_a_crash(text: str, message: str) -> None:
    assert any(message in flaw.message for flaw in read(text).flaws)


def test_aliases_cannot_stand_for_millions_of_values() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    assert any("values" in flaw.message for flaw in read("\n".join(lines)).flaws)
