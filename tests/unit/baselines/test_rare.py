"""The kind `rare`: within an entity, and among its peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.relation import Match, Moment
from tests.unit.baselines.evaluate import PROD, START, at, by_reference, by_sql, learned

BASELINE = Baseline(
    uid="page#agents",
    name="agents",
    title="A rare user agent",
    kind="rare",
    rules=("calls",),
    entity=("principal",),
    value=("agent",),
    history=timedelta(days=3),
    warm_up=timedelta(days=1),
    min_observations=4,
    options={"max_share": 0.25},
)
AMONG = replace(BASELINE, peers=("account",), options={"max_share": 0.25, "max_peer_share": 0.5, "min_peers": 2})
PEERS = ('["a"]', '["b"]', '["c"]')


def usual(hours: Sequence[float], value: str = "cli", **more: str) -> list[Match]:
    return [at(hour, value, **more) for hour in hours]


def group(*values: str) -> list[Match]:
    """Entities a, b, c of one peer group that had these values long enough to be warm."""
    return [
        at(hour, value, key=key, peer="[1]") for key, value in zip(PEERS, values, strict=True) for hour in (0, 1, 2, 3)
    ]


def test_a_value_that_the_entity_hardly_ever_has_is_reported() -> None:
    (found,) = by_sql(BASELINE, [*usual((0, 1, 2, 3)), at(30, "curl")])
    assert (found.value, found.measure) == ("curl", '{"times":0,"observations":4}')


def test_a_value_stays_rare_until_its_share_is_reached() -> None:
    events = [*usual((0, 1, 2, 3)), at(30, "curl"), at(40, "curl"), at(50, "curl")]
    assert [found.crossed for found in by_sql(BASELINE, events)] == [events[4].time, events[5].time]


def test_rare_events_close_together_are_one_finding() -> None:
    (found,) = by_sql(BASELINE, [*usual((0, 1, 2, 3)), at(30, "curl"), at(30.5, "curl")])
    assert found.member_count == 2


def test_an_entity_in_warm_up_stays_silent() -> None:
    assert by_sql(BASELINE, [*usual((0, 1, 2, 3)), at(20, "curl")]) == []


def test_what_an_incident_brought_stays_rare() -> None:
    attack = [at(30 + hour, "curl", teaches=False) for hour in range(0, 20, 4)]
    assert len(by_sql(BASELINE, [*usual((0, 1, 2, 3)), *attack])) == 5


def test_a_value_that_peers_have_is_not_rare() -> None:
    events = [*group("cli", "curl", "curl"), at(30, "curl", key=PEERS[0], peer="[1]")]
    assert by_sql(AMONG, events) == []


def test_a_value_that_hardly_any_peer_has_is_rare() -> None:
    events = [*group("cli", "curl", "cli"), at(30, "curl", key=PEERS[0], peer="[1]")]
    (found,) = by_sql(AMONG, events)
    assert found.measure == '{"times":0,"observations":4,"peers_with_it":1,"peers":2}'


def test_too_few_peers_say_nothing() -> None:
    lone = [at(hour, "cli", key=PEERS[0], peer="[2]") for hour in (0, 1, 2, 3)]
    assert by_sql(AMONG, [*lone, at(30, "curl", key=PEERS[0], peer="[2]")]) == []


def test_what_peers_had_before_the_history_is_forgotten() -> None:
    late = [at(60, "cli", key=key, peer="[1]") for key in PEERS]
    events = [*group("cli", "curl", "curl"), *late, at(76, "curl", key=PEERS[0], peer="[1]")]
    known = replace(AMONG, min_observations=1)
    (found,) = [one for one in by_sql(replace(known, warm_up=timedelta(hours=10)), events) if one.value == "curl"]
    assert found.measure == '{"times":0,"observations":1,"peers_with_it":0,"peers":2}'


def test_what_an_incident_brought_to_peers_is_not_learned() -> None:
    attack = [at(5, "curl", key=key, peer="[1]", teaches=False) for key in PEERS[1:]]
    events = [*group("cli", "cli", "cli"), *attack, at(30, "curl", key=PEERS[0], peer="[1]")]
    assert [found.key for found in by_sql(AMONG, events)] == [PEERS[0]]


def test_it_is_global_only_among_peers() -> None:
    assert [KINDS["rare"].is_global(one) for one in (BASELINE, AMONG)] == [False, True]


def test_what_was_learned_says_how_many_peers_have_a_value() -> None:
    moment = Moment(as_of=START + timedelta(hours=30), watermark=START)
    rows = learned(AMONG, group("cli", "curl", "curl"), moment)
    assert [(row["key"], row["value"], row["facts"].get("peers_with_it")) for row in rows] == [
        ('["a"]', None, None),
        ('["a"]', "cli", "0"),
        ('["b"]', None, None),
        ('["b"]', "curl", "1"),
        ('["c"]', None, None),
        ('["c"]', "curl", "1"),
    ]
    assert all(row["warm"] for row in rows)


rows = st.builds(
    at,
    st.integers(0, 150),
    st.sampled_from([None, *"abc"]),
    rule=st.sampled_from(["rule", "other"]),
    key=st.sampled_from([PROD, *PEERS]),
    peer=st.sampled_from([None, "[1]", "[1]", "[2]"]),
    teaches=st.sampled_from([True, True, False]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, max_size=40), st.sampled_from([BASELINE, AMONG]), st.sampled_from([0, 0.3, 0.5]))
def test_sql_gives_what_the_reference_gives(events: list[Match], baseline: Baseline, share: float) -> None:
    options = {"max_share": share, "max_peer_share": share, "min_peers": 1}
    baseline = replace(baseline, options=options, min_observations=2)
    assert by_sql(baseline, events) == by_reference(baseline, events)
