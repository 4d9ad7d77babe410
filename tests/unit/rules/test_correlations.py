"""Sigma correlations: what is read, and what is refused with which reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from textwrap import dedent

import pytest

from stratagem.rules.correlation import Both, Bound, Correlation, CorrelationType, Either, Without
from stratagem.rules.load import load_text
from stratagem.rules.model import Rejection

HEAD = """
title: Many calls
id: 7e1d9c1c-52a4-4b8f-93d9-6f3f2a0c7a11
name: many_calls
level: high
"""


def load(body: str) -> Correlation:
    loaded = load_text(HEAD + "correlation:\n" + indented(body), file="many.yml")
    assert not loaded.rejected, loaded.rejected
    (found,) = loaded.correlations
    return found


def refused(body: str) -> Rejection:
    loaded = load_text(HEAD + "correlation:\n" + indented(body), file="many.yml")
    assert not loaded.correlations
    (rejection,) = loaded.rejected
    return rejection


def indented(body: str) -> str:
    return "".join(f"  {line}\n" for line in dedent(body).strip().splitlines())


def test_a_count_of_events_is_read_with_everything_it_says() -> None:
    found = load("""
        type: event_count
        rules: [denied]
        group-by: [user, cluster]
        timespan: 5m
        condition: {gte: 10}
        generate: true
    """)
    assert found == Correlation(
        uid="7e1d9c1c-52a4-4b8f-93d9-6f3f2a0c7a11",
        name="many_calls",
        title="Many calls",
        level="high",
        type=CorrelationType.EVENT_COUNT,
        rules=("denied",),
        group_by=("user", "cluster"),
        timespan=timedelta(minutes=5),
        bounds=(Bound(op="gte", limit=Decimal(10)),),
        generate=True,
        file="many.yml",
        line=2,
    )


def test_a_range_is_two_bounds_though_pysigma_takes_one() -> None:
    found = load("{type: event_count, rules: a, timespan: 1h, condition: {gt: 100, lte: 200}}")
    assert found.bounds == (Bound(op="gt", limit=Decimal(100)), Bound(op="lte", limit=Decimal(200)))


def test_several_fields_are_counted_together() -> None:
    found = load("{type: value_count, rules: a, timespan: 1h, condition: {field: [user, host], gte: 3}}")
    assert found.field == ("user", "host")


def test_a_percentile_has_its_share() -> None:
    found = load("{type: value_percentile, rules: a, timespan: 1d, condition: {field: n, percentile: 95, gt: 0.5}}")
    assert (found.percentile, found.bounds) == (95, (Bound(op="gt", limit=Decimal("0.5")),))


def test_a_condition_in_words_gives_the_rules_where_none_are_listed() -> None:
    found = load("{type: temporal, timespan: 1h, condition: a and (b or not c)}")
    assert found.rules == ("a", "b", "c")
    assert found.expression == Both(parts=("a", Either(parts=("b", Without(part="c")))))


def test_aliases_name_the_field_of_each_rule() -> None:
    found = load("""
        type: temporal
        rules: [a, b]
        group-by: [ip]
        timespan: 10s
        aliases: {ip: {a: src, b: dst}}
    """)
    assert found.aliases == {"ip": {"a": "src", "b": "dst"}}


def test_absence_is_ours_and_needs_no_condition() -> None:
    found = load("{type: absence, rules: [opened, closed], group-by: id, timespan: 30m}")
    assert (found.type, found.rules) == (CorrelationType.ABSENCE, ("opened", "closed"))


@pytest.mark.parametrize(
    ("body", "construct", "reason"),
    [
        ("{rules: a, timespan: 1h, condition: {gte: 1}}", "type", "is missing"),
        ("{type: events, rules: a, timespan: 1h, condition: {gte: 1}}", "type", "no correlation type"),
        ("{type: event_count, timespan: 1h, condition: {gte: 1}}", "rules", "names no rule"),
        ("{type: event_count, rules: [a, a], timespan: 1h, condition: {gte: 1}}", "rules", "twice"),
        ("{type: event_count, rules: a, condition: {gte: 1}}", "timespan", "is missing"),
        ("{type: event_count, rules: a, timespan: soon, condition: {gte: 1}}", "timespan", "no time span"),
        ("{type: event_count, rules: a, timespan: 0s, condition: {gte: 1}}", "timespan", "no time span"),
        ("{type: event_count, rules: a, timespan: 1h}", "condition", "is missing"),
        ("{type: event_count, rules: a, timespan: 1h, condition: {}}", "condition", "compares with nothing"),
        ("{type: event_count, rules: a, timespan: 1h, condition: {gte: many}}", "condition", "no number"),
        ("{type: event_count, rules: a, timespan: 1h, condition: {gte: 1, field: x}}", "condition", "no meaning"),
        ("{type: value_count, rules: a, timespan: 1h, condition: {gte: 1}}", "condition", "needs a `field`"),
        ("{type: value_sum, rules: a, timespan: 1h, condition: {field: [x, y], gte: 1}}", "condition", "one field"),
        ("{type: value_percentile, rules: a, timespan: 1h, condition: {field: x, gte: 1}}", "condition", "percentile"),
        ("{type: event_count, rules: a, timespan: 1h, condition: a and b}", "condition", "no meaning"),
        ("{type: temporal, rules: [a, b], timespan: 1h, condition: a and (b}", "condition", "not closed"),
        ("{type: temporal, rules: [a, b], timespan: 1h, condition: a and c}", "condition", "not among the rules"),
        ("{type: temporal, rules: [a, b, c], timespan: 1h, condition: a and b}", "condition", "not asked for"),
        ("{type: temporal, rules: [a], timespan: 1h, aliases: {x: {a: f}}}", "aliases", "nothing uses"),
        ("{type: temporal, rules: [a], timespan: 1h, group-by: x, aliases: {x: {b: f}}}", "aliases", "not among"),
        ("{type: absence, rules: [a], timespan: 1h}", "rules", "at least two"),
        ("{type: temporal, rules: [a], timespan: 1h, window: 3}", "correlation", "unknown key"),
        ("{type: event_count, rules: a, timespan: 1h, condition: {gte: 1}, generate: maybe}", "generate", "neither"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(body: str, construct: str, reason: str) -> None:
    rejection = refused(body)
    assert rejection.construct == construct
    assert reason in rejection.reason
    assert rejection.line > 1


def test_a_rule_and_a_correlation_cannot_share_an_id() -> None:
    rule = f"{HEAD}logsource: {{product: aws}}\ndetection: {{a: {{b: c}}, condition: a}}\n"
    text = f"{rule}---{HEAD}correlation: {{type: event_count, rules: a, timespan: 1h, condition: {{gte: 1}}}}\n"
    loaded = load_text(text, file="two.yml")
    assert (len(loaded.rules), len(loaded.correlations)) == (1, 0)
    assert "is also the id of" in loaded.rejected[0].reason
