"""Every correlation type: the SQL gives what the plain Python reference gives, in any order of the matches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.detect.evaluate import reference, sql
from stratagem.relation import Match, Moment
from stratagem.rules.correlation import Both, Bound, Correlation, CorrelationType, Either, Without
from tests.relations import evaluated, ordered

START = datetime(2026, 3, 1, tzinfo=UTC)
MOMENT = Moment(as_of=START + timedelta(days=1), watermark=START + timedelta(seconds=40))
RULES = ("a", "b", "c")

bounds = st.lists(
    st.builds(
        Bound,
        op=st.sampled_from(["gte", "gt", "lte", "lt", "eq", "neq"]),
        limit=st.sampled_from([Decimal(0), Decimal(1), Decimal(2), Decimal(3), Decimal("2.5")]),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
terms = st.recursive(
    st.sampled_from(RULES),
    lambda below: (
        st.builds(Without, part=below)
        | st.builds(Both, parts=st.tuples(below, below))
        | st.builds(Either, parts=st.tuples(below, below))
    ),
    max_leaves=4,
)


@st.composite
def matches(draw: Any) -> list[Match]:
    """Few keys, seconds and values, so that windows meet, touch and tie; some events match several rules."""
    found = {}
    for number in range(draw(st.integers(0, 14))):
        time = START + timedelta(seconds=draw(st.integers(0, 45)))
        key = draw(st.sampled_from(['["x"]', '["y"]']))
        for rule in draw(st.sets(st.sampled_from(RULES), min_size=1, max_size=2)):
            for element in range(draw(st.integers(1, 2))):
                value = draw(st.none() | st.sampled_from("pqr"))
                amount = draw(st.none() | st.integers(-3, 6).map(lambda n: Decimal(n) / 2))
                found[rule, number, element] = Match(rule, f"s/{number}", time, key, value, amount)
    return draw(st.permutations(list(found.values())))


def correlation(kind: CorrelationType, **more: Any) -> Correlation:
    given = {"rules": RULES, "timespan": timedelta(seconds=10), **more}
    return Correlation(uid="u", name="n", title="t", type=kind, **given)


def agree(asked: Correlation, rows: list[Match]) -> None:
    assert evaluated(sql(asked, MOMENT, "m"), rows) == ordered(reference(asked, MOMENT, rows))


@pytest.mark.parametrize("kind", CorrelationType)
def test_nothing_is_reported_where_nothing_matched(kind: CorrelationType) -> None:
    asked = correlation(kind, bounds=(Bound(op="lt", limit=Decimal(1)),), percentile=50, field=("f",))
    assert evaluated(sql(asked, MOMENT, "m"), []) == reference(asked, MOMENT, []) == []


COUNTED = [kind for kind in CorrelationType if kind.startswith(("event_", "value_"))]


@pytest.mark.parametrize("kind", COUNTED)
@settings(max_examples=40, deadline=None)
@given(rows=matches(), limits=bounds, percentile=st.sampled_from([1, 50, 90, 95, 100]))
def test_numbers_over_windows(
    kind: CorrelationType, rows: list[Match], limits: tuple[Bound, ...], percentile: int
) -> None:
    agree(correlation(kind, bounds=limits, percentile=percentile, field=("f",)), rows)


@pytest.mark.parametrize("kind", [CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED])
@settings(max_examples=60, deadline=None)
@given(rows=matches(), limits=st.just(()) | bounds, term=st.none() | terms)
def test_rules_within_windows(kind: CorrelationType, rows: list[Match], limits: tuple[Bound, ...], term: Any) -> None:
    agree(correlation(kind, bounds=limits if term is None else (), expression=term), rows)


@settings(max_examples=60, deadline=None)
@given(rows=matches(), rules=st.sampled_from([("a", "b"), ("a", "b", "c")]))
def test_absence(rows: list[Match], rules: tuple[str, ...]) -> None:
    agree(correlation(CorrelationType.ABSENCE, rules=rules), [row for row in rows if row.rule in rules])
