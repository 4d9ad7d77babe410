from __future__ import annotations

from typing import Any

import pytest

from stratagem.strategy.paths import BadPath, put, read_path, remove, show


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("verb", ("verb",)),
        ("spec.containers[0].image", ("spec", "containers", 0, "image")),
        ('annotations."a.example/b"', ("annotations", "a.example/b")),
        ('"a.b"[1][2]', ("a.b", 1, 2)),
        (r'"say \"x\""', ('say "x"',)),
        ("resources[0].@type", ("resources", 0, "@type")),
    ],
)
def test_paths_read_dots_indexes_and_quotes(text: str, path: tuple[str | int, ...]) -> None:
    assert read_path(text) == path
    assert read_path(show(path)) == path


@pytest.mark.parametrize("text", ["", ".", "a.", "a..b", "[0]", "a.[0]", 'a"b"', "a[x]", 'a."b', "a[-1]"])
def test_a_path_that_breaks_is_refused(text: str) -> None:
    with pytest.raises(BadPath):
        read_path(text)


def test_put_makes_what_is_missing_on_the_way() -> None:
    record: dict[str, Any] = {"spec": None}
    put(record, read_path("spec.containers[0].image"), "x")
    assert record == {"spec": {"containers": [{"image": "x"}]}}


@pytest.mark.parametrize(
    ("path", "why"), [("list[5]", "past the end"), ("list.key", "not an object"), ("text[0]", "not a list")]
)
def test_put_refuses_what_does_not_fit_the_record(path: str, why: str) -> None:
    with pytest.raises(BadPath, match=why):
        put({"list": [1], "text": "x"}, read_path(path), 2)


def test_remove_refuses_what_is_not_there() -> None:
    record: dict[str, Any] = {"a": {"b": 1}, "list": [1, 2]}
    remove(record, read_path("a.b"))
    remove(record, read_path("list[0]"))
    assert record == {"a": {}, "list": [2]}
    with pytest.raises(BadPath, match=r"no 'a\.b' to unset"):
        remove(record, read_path("a.b"))
