"""Rules that one field's value rules out are not asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stratagem.detect import screen
from stratagem.detect.screen import Screen
from stratagem.rules.load import load_selection
from stratagem.rules.model import And, Node, Not, Or
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN, Resolver

TOOLS = [load_selection({"agent|contains": tool, "error": "denied"}) for tool in ("kali", "pacu", "boto")]

fields = st.sampled_from(["agent", "error", "a.b"])
words = st.sampled_from(["kali", "pacu", "x", "", "denied"])


def _some(field: str, modifier: str, word: str) -> Node:
    if modifier == "|exists":
        return load_selection({f"{field}|exists": bool(word)})
    if modifier == "|gt":
        return load_selection({f"{field}|gt": len(word)})
    if modifier == "null":
        return load_selection({field: None})
    return load_selection({f"{field}{modifier}": word})


leaves = st.builds(
    _some, fields, st.sampled_from(["", "|contains", "|startswith", "|exists", "|re", "|gt", "null"]), words
)
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: And(parts=tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: Or(parts=tuple(parts)))
        | inner.map(lambda part: Not(part=part))
    ),
    max_leaves=6,
)
values = words | st.none() | st.booleans() | st.integers(0, 9) | st.lists(words, max_size=2)
records = st.fixed_dictionaries(
    {}, optional={"agent": values, "error": values, "a": values | st.fixed_dictionaries({}, optional={"b": values})}
)


def test_a_value_that_no_rule_takes_leaves_none() -> None:
    assert Screen(TOOLS, PLAIN).left({"agent": "Mozilla", "error": "denied"}) == 0


def test_rules_that_the_value_leaves_open_keep_their_bits() -> None:
    assert Screen(TOOLS, PLAIN).left({"agent": "pacu on kali", "error": "denied"}) == 0b011


def test_a_rule_that_is_known_to_hold_keeps_its_bit() -> None:
    assert Screen([TOOLS[0], None, TOOLS[1]], PLAIN).left({"agent": "Mozilla"}) == 0b010


def test_fields_that_are_told_already_are_not_looked_at() -> None:
    assert Screen(TOOLS, PLAIN, told=["agent"]).left({"agent": "Mozilla", "error": "denied"}) == 0b111


def test_what_is_no_text_is_left_to_the_rules() -> None:
    assert Screen(TOOLS, PLAIN).left({"agent": ["kali"], "error": ["denied"]}) == 0b111


@given(st.lists(conditions, max_size=6), st.lists(records, max_size=6))
@example([TOOLS[0]], [{}, {"agent": None}, {"agent": "kali"}])
def test_a_rule_that_holds_is_never_screened_out(nodes: list[Node], some: list[dict[str, Any]]) -> None:
    made = Screen(nodes, PLAIN)
    for record in some * 2:
        left = made.left(record)
        for place, node in enumerate(nodes):
            assert left >> place & 1 or not matches(node, record, PLAIN)


def test_a_derived_field_is_screened_by_what_it_gives() -> None:
    resolver = Resolver(derived={"kind": lambda record: "many" if record["n"] else None})
    made = Screen([load_selection({"kind": "many"})], resolver)
    assert [made.left({"n": number}) for number in (5, 0)] == [1, 0]


def test_a_field_whose_values_do_not_repeat_is_no_longer_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "_REMEMBERED", 10)
    made = Screen(TOOLS, PLAIN)
    results = [made.left({"agent": f"agent {number}", "error": f"error {number}"}) for number in range(50)]
    assert set(results[:10]) == {0}
    assert set(results[-10:]) == {0b111}
