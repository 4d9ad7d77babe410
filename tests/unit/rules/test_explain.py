"""An explanation shows each part of a rule with the value met and the reason."""

from __future__ import annotations

from dataclasses import replace

from stratagem.rules.explain import Step, explain, render, to_dict
from stratagem.rules.load import load_text
from stratagem.rules.model import Filter, Rule
from stratagem.rules.resolve import PLAIN

TEXT = """\
title: Keys for someone else
logsource: {product: aws}
detection:
    selection:
        eventName: [CreateAccessKey, CreateLoginProfile]
        errorCode|exists: false
    own:
        user|fieldref: target
    condition: selection and not own
"""


def rule(text: str = TEXT) -> Rule:
    return load_text(text, file="x.yml").rules[0]


def test_a_match_shows_every_part_passing() -> None:
    record = {"eventName": "CreateAccessKey", "user": "eve", "target": "alice"}
    assert (
        render(explain(rule(), record, PLAIN))
        == """\
PASS Keys for someone else: the condition holds
└── PASS all of: 2 of 2 hold
    ├── PASS selection 'selection': 2 of 2 hold
    │   ├── PASS eventName is one of 'CreateAccessKey', 'CreateLoginProfile': got 'CreateAccessKey'
    │   └── PASS errorCode does not exist: field missing
    └── PASS not: its part does not hold
        └── FAIL selection 'own': got 'eve'; target is 'alice'
            └── FAIL user is the field target: got 'eve'; target is 'alice'"""
    )


def test_a_miss_shows_the_value_that_was_there() -> None:
    step = explain(rule(), {"eventName": "ListUsers", "errorCode": "AccessDenied"}, PLAIN)
    assert not step.passed
    text = render(step)
    assert "FAIL eventName is one of 'CreateAccessKey', 'CreateLoginProfile': got 'ListUsers', wants one of" in text
    assert "FAIL errorCode does not exist: field present" in text


def test_a_field_that_the_record_has_in_another_case_is_pointed_out() -> None:
    text = render(explain(rule(), {"EventName": "CreateAccessKey"}, PLAIN))
    assert "field missing (the record has 'EventName': field names are case-sensitive)" in text


def test_a_filter_that_removes_the_match_is_named() -> None:
    condition = load_text(TEXT.replace("[CreateAccessKey, CreateLoginProfile]", "CreateAccessKey"), file="x").rules[0]
    found = Filter(name="ci", condition=condition.named["selection"], reason="builds", expires="2030-01-01")
    step = explain(replace(rule(), filters=(found,)), {"eventName": "CreateAccessKey"}, PLAIN)
    assert not step.passed
    assert step.reason == "removed by filter 'ci'"
    assert "removes the match: builds (until 2030-01-01)" in render(step)


def test_array_elements_are_shown_one_by_one() -> None:
    text = TEXT.replace("user|fieldref: target", "c[any]: {name: x, on: true}")
    rendered = render(explain(rule(text), {"c": [{"name": "x"}, {"name": "x", "on": True}]}, PLAIN))
    assert "PASS c[any]: 1 of 2 elements hold" in rendered
    assert "FAIL element 0" in rendered
    assert "PASS element 1" in rendered


def test_an_explanation_is_plain_values_for_json() -> None:
    step = Step(label="a", passed=True, actual=("'x'",), children=(Step(label="b", passed=False),))
    assert to_dict(step) == {
        "label": "a",
        "passed": True,
        "reason": "",
        "actual": ["'x'"],
        "children": [{"label": "b", "passed": False, "reason": "", "actual": [], "children": []}],
    }
