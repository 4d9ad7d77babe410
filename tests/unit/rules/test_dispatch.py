"""Dispatch leaves out the rules that the discriminators rule out, and only those."""

from __future__ import annotations

from stratagem.rules.dispatch import UNKNOWN, Dispatch, possible
from stratagem.rules.load import load_selection
from stratagem.rules.model import Rule, RuleLogSource
from stratagem.rules.resolve import MISSING, PLAIN, Resolver

PATHS = ("eventName", "eventSource")


def dispatch(*selections: object, resolver: Resolver = PLAIN) -> Dispatch:
    source = RuleLogSource(product="aws")
    rules = [
        Rule(uid=str(index), title="", logsource=source, condition=load_selection(selection))
        for index, selection in enumerate(selections)
    ]
    return Dispatch(rules, PATHS, resolver)


def test_only_rules_that_list_the_value_are_candidates() -> None:
    rules = dispatch({"eventName": ["A", "B"]}, {"eventName": "C"}, {"eventSource": "x", "other": 1}, {"other": 1})
    assert rules.candidates(("a", "x")) == (0, 2, 3)
    assert rules.candidates(("C", "y")) == (1, 3)
    assert rules.candidates((MISSING, None)) == (3,)
    assert rules.candidates((UNKNOWN, UNKNOWN)) == (0, 1, 2, 3)


def test_all_discriminators_decide_together() -> None:
    rules = dispatch({"eventName": "A", "eventSource|endswith": ".example.com"})
    assert rules.candidates(("A", "s3.example.com")) == (0,)
    assert rules.candidates(("A", "s3.example.org")) == ()


def test_a_field_that_looks_elsewhere_stays_open_when_it_is_missing() -> None:
    resolver = Resolver(aliases={"eventname": ("detail.name",)})
    rules = dispatch({"eventName": "A"}, resolver=resolver)
    assert rules.candidates((MISSING, "x")) == (0,)
    assert rules.candidates(("B", "x")) == ()


def test_a_path_with_dots_is_known_only_where_nesting_is_its_only_reading() -> None:
    node = load_selection({"a.b": 1})
    assert possible(node, {"a.b": 2}, PLAIN)
    assert not possible(node, {"a.b": 2}, Resolver(nested=frozenset({"a.b"})))
