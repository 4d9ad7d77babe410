"""The kind `first_seen`: what is new, what is warm, and that SQL and reference say the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.events.project import connect
from stratagem.relation import MATCHES, Episode, Match, Member, Moment, columns

START = datetime(2026, 3, 1, tzinfo=UTC)
MOMENT = Moment(as_of=START + timedelta(days=60), watermark=START + timedelta(days=60))
BASELINE = Baseline(
    uid="page#images",
    name="images",
    title="A new image",
    kind="first_seen",
    rules=("pulls",),
    entity=("cluster",),
    value=("image",),
    history=timedelta(days=3),
    warm_up=timedelta(days=1),
    min_observations=2,
)


def at(hours: float, value: str, *, key: str = '["prod"]', teaches: bool = True) -> Match:
    time = START + timedelta(hours=hours)
    return Match("pulls", f"s/{hours}-{value}-{key}", time, key, value, teaches=teaches)


def by_sql(baseline: Baseline, matches: list[Match]) -> list[Episode]:
    connection = connect()
    connection.execute(f"CREATE TABLE m ({columns(MATCHES)})")
    rows = pa.Table.from_pylist([match._asdict() for match in matches])
    if matches:
        connection.register("rows", rows)
        connection.execute("INSERT INTO m BY NAME SELECT * FROM rows")
    found = connection.sql(KINDS[baseline.kind].sql(baseline, MOMENT, "m")).to_arrow_table().to_pylist()
    return [Episode(**{**row, "members": tuple(Member(**one) for one in row["members"])}) for row in found]


def test_a_value_that_a_warm_entity_never_had_is_reported() -> None:
    (found,) = by_sql(BASELINE, [at(0, "a"), at(10, "a"), at(30, "b")])
    assert (found.value, found.anchor) == ("b", at(30, "b").uid)


def test_an_entity_in_warm_up_stays_silent() -> None:
    assert by_sql(BASELINE, [at(0, "a"), at(1, "a"), at(20, "b")]) == []


def test_a_value_that_an_incident_brought_is_not_learned() -> None:
    events = [at(0, "a"), at(10, "a"), at(30, "b", teaches=False), at(40, "b")]
    assert [found.anchor for found in by_sql(BASELINE, events)] == [at(30, "b").uid, at(40, "b").uid]


def test_a_value_that_is_older_than_the_history_is_new_again() -> None:
    events = [at(0, "b"), at(40, "a"), at(60, "a"), at(73, "b")]
    assert [found.value for found in by_sql(BASELINE, events)] == ["b"]


rows = st.builds(
    at,
    st.integers(0, 200),
    st.sampled_from("abc"),
    key=st.sampled_from(['["prod"]', '["dev"]']),
    teaches=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=25))
def test_sql_gives_what_the_reference_gives(events: list[Match]) -> None:
    distinct = list({event.uid: event for event in events}.values())
    reference = KINDS["first_seen"].reference(BASELINE, MOMENT, distinct)
    order = lambda episode: (episode.key, episode.anchor)  # noqa: E731
    assert sorted(by_sql(BASELINE, distinct), key=order) == sorted(reference, key=order)
