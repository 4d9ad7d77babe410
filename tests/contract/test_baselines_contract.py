"""What every kind of baseline promises."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stratagem.baselines import KINDS
from stratagem.baselines._contract import LEARNED, Kind
from stratagem.relation import EPISODES, Episode, Match, Moment
from tests.contract.baseline_examples import EXAMPLES, Example
from tests.unit.baselines.evaluate import START, by_reference, by_sql, learned, select

MOMENT = Moment(as_of=START + timedelta(days=60), watermark=START + timedelta(days=11))
LATER = replace(MOMENT, watermark=MOMENT.as_of)
ENTITIES = '["prod"]', '["deployer"]'

each_kind = pytest.mark.parametrize("kind", KINDS)


def found(example: Example, matches: Sequence[Match], moment: Moment = MOMENT, **changes: Any) -> list[Episode]:
    """What SQL reports, which must be what the reference reports."""
    baseline = replace(example.baseline, **changes)
    episodes = by_sql(baseline, matches, moment)
    assert episodes == by_reference(baseline, matches, moment)
    return episodes


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@each_kind
def test_a_kind_says_what_it_is_how_it_learns_and_what_a_cold_start_does(kind: str) -> None:
    plugin: Kind = KINDS[kind]
    assert plugin.title
    for word in ("Reports", "`warm_up`", "`min_observations`", "incident", "history"):
        assert word in plugin.describe, f"{kind} does not speak of {word}"
    assert "silent" in plugin.describe or "Nothing is reported until" in plugin.describe


@each_kind
def test_the_keys_that_a_kind_adds_have_schemas_with_descriptions(kind: str) -> None:
    for name, schema in KINDS[kind].schema.items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description"), f"{kind}.{name} is not described"
        if "default" in schema:
            Draft202012Validator(schema).validate(schema["default"])
    assert set(KINDS[kind].required) <= set(KINDS[kind].schema)
    assert set(KINDS[kind].needs) <= {"value", "measure", "peers"}


@each_kind
def test_nothing_is_reported_where_nothing_matched(kind: str) -> None:
    assert found(EXAMPLES[kind], []) == []


@each_kind
def test_what_is_unusual_after_warm_up_is_one_finding(kind: str) -> None:
    example = EXAMPLES[kind]
    (one,) = found(example, [*example.history, *example.day])
    assert one.first <= one.crossed
    assert one.member_count == len(one.members) > 0
    assert {member.uid for member in one.members} <= {match.uid for match in [*example.history, *example.day]}


@each_kind
def test_the_usual_alone_is_silent(kind: str) -> None:
    example = EXAMPLES[kind]
    before = Moment(as_of=MOMENT.as_of, watermark=example.history[-1].time)
    assert by_sql(example.baseline, example.history, before) == []


@each_kind
def test_in_warm_up_it_is_silent(kind: str) -> None:
    example = EXAMPLES[kind]
    matches = [*example.history, *example.day]
    assert found(example, matches, warm_up=timedelta(days=12)) == []
    assert found(example, matches, min_observations=5_000) == []


@each_kind
def test_what_belongs_to_incidents_is_not_learned(kind: str) -> None:
    example = EXAMPLES[kind]
    incident = [match._replace(teaches=False) for match in example.history]
    assert found(example, [*incident, *example.day]) == []


@each_kind
def test_without_matches_there_is_nothing(kind: str) -> None:
    assert found(EXAMPLES[kind], []) == []
    assert learned(EXAMPLES[kind].baseline, [], MOMENT) == []


@each_kind
def test_the_same_matches_in_any_order_give_the_same(kind: str) -> None:
    example = EXAMPLES[kind]
    matches = [*example.history, *example.day]
    once = found(example, matches)
    shuffled = list(matches)
    random.Random(7).shuffle(shuffled)
    assert found(example, shuffled) == once


@each_kind
def test_late_matches_give_what_matches_in_time_would_have_given(kind: str) -> None:
    """There is no state: the finding before they came is another one, and after they came it is the same."""
    example = EXAMPLES[kind]
    matches = [*example.history, *example.day]
    late, rest = matches[10:40], [*matches[:10], *matches[40:]]
    found(example, rest)
    assert found(example, [*rest, *late]) == found(example, matches)


@each_kind
def test_the_same_baseline_and_moment_give_the_same_sql(kind: str) -> None:
    baseline = EXAMPLES[kind].baseline
    assert KINDS[kind].sql(baseline, MOMENT, "m", None) == KINDS[kind].sql(
        replace(baseline), replace(MOMENT), "m", None
    )


@each_kind
@pytest.mark.parametrize("relation", ["episodes", "learned"])
def test_columns_and_types_are_those_of_the_relation(kind: str, relation: str) -> None:
    baseline = EXAMPLES[kind].baseline
    make, wanted = {"episodes": (KINDS[kind].sql, EPISODES), "learned": (KINDS[kind].learned, LEARNED)}[relation]
    nulls = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in wanted.items())
    assert _described(make(baseline, MOMENT, "m")) == _described(f"SELECT {nulls}")


def _described(text: str) -> list[tuple[str, str]]:
    rows = select(f"SELECT column_name, column_type FROM (DESCRIBE {text})", [])
    return [(row["column_name"], row["column_type"]) for row in rows]


@each_kind
def test_no_two_findings_of_an_entity_share_an_anchor(kind: str) -> None:
    example = EXAMPLES[kind]
    times = 3
    days = [
        match._replace(
            time=match.time + timedelta(days=2 * number),
            uid=f"{match.uid}/{number}",
            value=match.value and f"{match.value}{number}",
        )
        for number in range(times)
        for match in example.day
    ]
    anchors = [(one.key, one.anchor) for one in found(example, [*example.history, *days], LATER)]
    assert len(anchors) == len(set(anchors)) > 1


@each_kind
def test_what_was_learned_has_one_row_for_each_entity_that_says_how_warm_it_is(kind: str) -> None:
    example = EXAMPLES[kind]
    moment = Moment(as_of=START + timedelta(days=10), watermark=START)
    rows = [row for row in learned(example.baseline, example.history, moment) if row["value"] is None]
    (row,) = rows
    assert row["key"] in ENTITIES
    assert row["warm"]
    assert row["facts"]["since"] == "2026-03-02T00:00:00Z"
    assert int(row["facts"]["counted"]) >= 20
    colder = Moment(as_of=START + timedelta(days=5), watermark=START)
    assert not any(row["warm"] for row in learned(example.baseline, example.history, colder))


@each_kind
def test_reach_is_at_least_the_history(kind: str) -> None:
    baseline = EXAMPLES[kind].baseline
    assert KINDS[kind].reach(baseline) >= baseline.history
    assert isinstance(KINDS[kind].is_global(baseline), bool)
