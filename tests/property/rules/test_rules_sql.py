"""The SQL predicate says what the reference says, on the row with its nulls."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stratagem.events.project import without_nulls
from stratagem.rules.model import And, Node, Not, Op, Or, Test, Timed
from stratagem.rules.reference import matches
from stratagem.rules.resolve import PLAIN
from stratagem.rules.scalars import fold
from stratagem.rules.sql import NotInSql, predicate
from tests.property.rules.strategies import EXAMPLES, SPANS, TIMES, words

COLUMNS = {"actor.user.uid": "VARCHAR", "name": "VARCHAR", "severity_id": "INTEGER", "big": "BIGINT", "ok": "BOOLEAN"}
TABLE = """CREATE TABLE events
(actor STRUCT(user STRUCT(uid VARCHAR)), name VARCHAR, severity_id INTEGER, big BIGINT, ok BOOLEAN,
time TIMESTAMPTZ)"""
BIG = st.sampled_from([0, 1, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)])
BOUNDS = st.sampled_from([0, 1, -1, 0.5, -0.5, 2**53 + 1, float(2**53), 2**70, 1e17, 1e300])
OPS = (
    Op.EQUALS, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.PATTERN, Op.IS_NULL, Op.LT, Op.LTE, Op.GT, Op.GTE,
    Op.FIELD_EQUALS, Op.FIELD_CONTAINS, Op.FIELD_STARTS_WITH, Op.FIELD_ENDS_WITH,
)  # fmt: skip
texts = (words | st.sampled_from(["100%", "a_b", "a%", "it's"])).filter(lambda text: "\0" not in text)


@st.composite
def column_tests(draw: st.DrawFn) -> Test:
    field = draw(st.sampled_from(list(COLUMNS)))
    on_text = COLUMNS[field] == "VARCHAR"
    comparisons = (Op.LT, Op.LTE, Op.GT, Op.GTE)
    numeric = (Op.EQUALS, Op.IS_NULL, *(comparisons if field != "ok" else ()))
    op = draw(st.sampled_from([op for op in OPS if op not in comparisons] if on_text else numeric))
    value: Any = draw(texts | st.booleans() | BIG | BOUNDS)
    if op in comparisons:
        value = draw(BOUNDS)
    elif op is Op.PATTERN:
        value = tuple(draw(st.lists(texts.filter(bool) | st.sampled_from([None, 1]), min_size=1, max_size=4)))
    elif op.value.startswith("fieldref"):
        value = draw(st.sampled_from(["name", "actor.user.uid"]))
    elif op not in (Op.EQUALS, Op.IS_NULL):
        value = draw(texts)
    return Test(field=field, op=op, value=value, cased=draw(st.booleans()))


def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, max_size=3).map(tuple)
    timed = st.builds(Timed, part=inner, valid=st.sampled_from(SPANS))
    return st.builds(And, parts=several) | st.builds(Or, parts=several) | st.builds(Not, part=inner) | timed


conditions = st.recursive(column_tests(), grow, max_leaves=4)
rows = st.tuples(
    st.none() | texts,
    st.none() | texts,
    st.none() | st.integers(-2, 2),
    st.none() | BIG,
    st.none() | st.booleans(),
    st.sampled_from(TIMES).map(datetime.fromisoformat),
)


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(TABLE)
    return connection


def answered(
    database: duckdb.DuckDBPyConnection, condition: Node, row: tuple[Any, ...]
) -> tuple[Any, dict[str, Any], str]:
    """(what SQL says of the row, the row as a record with its nulls, the predicate)."""
    try:
        where = predicate(condition, COLUMNS)
    except NotInSql:
        assume(False)
    uid, *rest = row
    database.execute("DELETE FROM events")
    database.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", [{"user": {"uid": uid}}, *rest])
    names = ("name", "severity_id", "big", "ok", "time")
    record = {"actor": {"user": {"uid": uid}}, **dict(zip(names, rest, strict=True))}
    return database.execute(f"SELECT {where} FROM events").fetchone(), record, where


@settings(max_examples=EXAMPLES, deadline=None)
@given(conditions, rows)
def test_the_predicate_agrees_with_the_reference(
    database: duckdb.DuckDBPyConnection, condition: Node, row: tuple[Any, ...]
) -> None:
    said, record, where = answered(database, condition, row)
    assert said == (matches(condition, record, PLAIN),), where


presence = st.builds(Test, field=st.sampled_from(list(COLUMNS)), op=st.just(Op.EXISTS), value=st.booleans())


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.recursive(presence | column_tests(), grow, max_leaves=4), rows)
def test_a_column_exists_where_it_is_not_null(
    database: duckdb.DuckDBPyConnection, condition: Node, row: tuple[Any, ...]
) -> None:
    said, record, where = answered(database, condition, row)
    assert said == (matches(condition, without_nulls(record), PLAIN),), where


def test_duckdb_folds_every_character_as_we_do() -> None:
    every = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    rows = duckdb.connect().execute("SELECT s, lower(s) FROM (SELECT unnest(?::VARCHAR[]) AS s)", [every]).fetchall()
    assert [(text, lower) for text, lower in rows if fold(text) != lower] == []
