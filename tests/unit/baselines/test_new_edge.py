"""The kind `new_edge`: who talks to whom for the first time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.relation import Match, Moment
from tests.unit.baselines.evaluate import START, at, by_reference, by_sql, learned

SHOP, BATCH = '["prod","shop/web"]', '["prod","batch/report"]'
BASELINE = Baseline(
    uid="page#edges",
    name="edges",
    title="A new edge",
    kind="new_edge",
    rules=("flows",),
    entity=("cluster", "src_workload"),
    value=("dst_workload", "dst_port"),
    history=timedelta(days=3),
    warm_up=timedelta(days=1),
    min_observations=2,
)
GROWN = replace(BASELINE, options={"destination_age": timedelta(hours=12)})
USUAL = [at(0, "db:5432", key=SHOP), at(10, "db:5432", key=SHOP)]


def test_a_destination_that_a_workload_never_talked_to_is_reported() -> None:
    (found,) = by_sql(BASELINE, [*USUAL, at(30, "vault:8200", key=SHOP)])
    assert (found.key, found.value) == (SHOP, "vault:8200")
    assert found.measure == '{"observations":2,"since":"2026-03-02T00:00:00Z"}'


def test_an_edge_that_was_there_is_silent() -> None:
    assert by_sql(BASELINE, [*USUAL, at(30, "db:5432", key=SHOP)]) == []


def test_the_edge_of_another_workload_to_the_same_destination_is_new() -> None:
    batch = [at(0, "queue:5672", key=BATCH), at(10, "queue:5672", key=BATCH)]
    assert [found.key for found in by_sql(BASELINE, [*USUAL, *batch, at(30, "db:5432", key=BATCH)])] == [BATCH]


def test_a_new_workload_is_silent_until_its_warm_up_is_over() -> None:
    new = [at(30 + hour, f"service-{hour}", key=BATCH) for hour in range(20)]
    assert by_sql(BASELINE, [*USUAL, *new]) == []


def test_a_destination_that_nobody_knows_yet_can_be_left_out() -> None:
    assert by_sql(GROWN, [*USUAL, at(30, "cache:6379", key=SHOP)]) == []
    known = [at(15, "cache:6379", key=BATCH)]
    assert len(by_sql(GROWN, [*USUAL, *known, at(30, "cache:6379", key=SHOP)])) == 1


def test_a_destination_that_only_an_incident_talked_to_is_not_known() -> None:
    known = [at(15, "cache:6379", key=BATCH, teaches=False)]
    assert by_sql(GROWN, [*USUAL, *known, at(30, "cache:6379", key=SHOP)]) == []


def test_flows_of_an_incident_are_one_finding_and_teach_nothing() -> None:
    attack = [at(30 + minute / 60, "vault:8200", key=SHOP, teaches=False) for minute in range(30)]
    found = by_sql(BASELINE, [*USUAL, *attack, at(40, "vault:8200", key=SHOP)])
    assert [one.member_count for one in found] == [30, 1]


def test_an_edge_that_the_architecture_allows_is_silent_without_having_been_learned() -> None:
    assert by_sql(BASELINE, [*USUAL, at(30, "vault:8200", key=SHOP, standard=True)]) == []


def test_an_edge_outside_the_architecture_is_reported_though_it_was_learned() -> None:
    learned_before = [at(hour, "db:5432", key=SHOP) for hour in (0, 10)]
    (found,) = by_sql(BASELINE, [*learned_before, at(30, "db:5432", key=SHOP, standard=False)])
    assert found.measure == '{"observations":2,"since":"2026-03-02T00:00:00Z","architecture":"outside"}'


def test_an_edge_outside_the_architecture_is_reported_in_a_cold_start() -> None:
    (found,) = by_sql(GROWN, [at(0, "vault:8200", key=SHOP, standard=False)])
    assert found.measure == '{"observations":0,"since":null,"architecture":"outside"}'


def test_what_one_flow_says_with_two_rules_is_outside_if_either_says_so() -> None:
    twice = [at(0, "vault:8200", key=SHOP, uid="s/1", rule=rule, standard=rule == "a") for rule in "ab"]
    assert by_sql(BASELINE, twice) == by_reference(BASELINE, twice) != []


def test_it_is_global_only_where_the_age_of_destinations_matters() -> None:
    assert [KINDS["new_edge"].is_global(one) for one in (BASELINE, GROWN)] == [False, True]


def test_the_graph_that_was_learned_is_told_by_source_and_destination() -> None:
    moment = Moment(as_of=START + timedelta(hours=30), watermark=START)
    rows = learned(BASELINE, [*USUAL, at(12, "dns:53", key=SHOP)], moment)
    assert [(row["value"], row["observations"]) for row in rows] == [(None, 3), ("db:5432", 2), ("dns:53", 1)]
    assert rows[0]["facts"]["values"] == "2"


rows = st.builds(
    at,
    st.integers(0, 150),
    st.sampled_from([None, *"abc"]),
    key=st.sampled_from([SHOP, BATCH]),
    teaches=st.sampled_from([True, True, False]),
    standard=st.sampled_from([None, None, True, False]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, max_size=30), st.sampled_from([BASELINE, GROWN]))
def test_sql_gives_what_the_reference_gives(events: list[Match], baseline: Baseline) -> None:
    assert by_sql(baseline, events) == by_reference(baseline, events)
