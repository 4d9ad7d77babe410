"""The context in DuckDB says what it says in Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratagem.context.entry import Entry
from stratagem.context.identities import UNKNOWN, Name
from stratagem.context.known import Context
from stratagem.context.load import load
from stratagem.context.tables import TABLES, actors, register
from stratagem.events.query import connect
from stratagem.window import Window
from tests.unit.context.files import JUNE, MAY

START = datetime(2026, 3, 1, tzinfo=UTC)


def _window(first: int, length: int) -> Window:
    return Window(START + timedelta(days=first), START + timedelta(days=first + length))


@st.composite
def named(draw: st.DrawFn) -> Context:
    """Names over few principals, no two for one time."""
    found: list[Name] = []
    for number in range(draw(st.integers(0, 6))):
        name = Name(
            principal=draw(st.sampled_from(["k:a:x", "k:a:xy", "k:b:x"])),
            is_prefix=draw(st.booleans()),
            actor=draw(st.sampled_from([None, f"actor {number}"])),
            actor_class=draw(st.sampled_from([UNKNOWN, "ci", "human"])),
            valid=draw(st.just(Window()) | st.builds(_window, st.integers(0, 5), st.integers(1, 3))),
        )
        if not any(one.pattern == name.pattern and one.valid.overlaps(name.valid) for one in found):
            found.append(name)
    return Context(names=tuple(found))


def _slowly(context: Context, principal: str, time: datetime) -> tuple[str, str]:
    """Every name is looked at; of those that fit, an exact one, else the longest beginning."""
    fitting = [
        name
        for name in context.names
        if time in name.valid
        and (principal == name.principal or (name.is_prefix and principal.startswith(name.principal)))
    ]
    best = max(fitting, key=lambda name: (not name.is_prefix, len(name.principal)), default=None)
    return (best.actor or principal, best.actor_class) if best else (principal, UNKNOWN)


BY_JOIN = """
SELECT coalesce(named.actor, asked.principal), coalesce(named.actor_class, 'unknown')
FROM asked LEFT JOIN context.identities AS named
  ON asked.time >= named.valid_from AND asked.time < named.valid_to
  AND (named.principal = asked.principal OR (named.is_prefix AND starts_with(asked.principal, named.principal)))
QUALIFY row_number() OVER (PARTITION BY asked.row ORDER BY named.is_prefix, length(named.principal) DESC) = 1
ORDER BY asked.row
"""


@settings(max_examples=60, deadline=None)
@given(
    named(),
    st.lists(
        st.tuples(st.sampled_from(["k:a:x", "k:a:xy", "k:a:xyz", "k:b:x", "k:c:x"]), st.integers(-1, 9)), max_size=8
    ),
)
def test_lookups_columns_functions_and_joins_agree_with_the_slow_reference(
    context: Context, asked: list[tuple[str, int]]
) -> None:
    rows = [(principal, START + timedelta(days=day)) for principal, day in asked]
    wanted = [_slowly(context, *row) for row in rows]
    assert [tuple(context.actor(*row))[:2] for row in rows] == wanted
    principals = pa.array([row[0] for row in rows], pa.string())
    times = pa.array([row[1] for row in rows], pa.timestamp("us", "UTC"))
    assert list(zip(*(column.to_pylist() for column in actors(context, principals, times)), strict=True)) == wanted
    connection = connect()
    register(connection, context)
    connection.register("asked", pa.table({"row": list(range(len(rows))), "principal": principals, "time": times}))
    by_function = "SELECT context_actor(principal, time), context_actor_class(principal, time) FROM asked ORDER BY row"
    assert connection.execute(by_function).fetchall() == wanted
    assert connection.execute(BY_JOIN).fetchall() == wanted


@pytest.fixture
def connection(context: Context) -> Any:
    made = connect()
    register(made, context)
    return made


def test_every_table_has_the_columns_that_are_described(connection: Any) -> None:
    for name, columns in TABLES.items():
        found = connection.sql(f"SELECT * FROM context.{name}").columns
        assert found == [*columns, "valid_from", "valid_to"]


def test_an_open_validity_is_a_moment_too(connection: Any) -> None:
    sql = "SELECT id FROM context.estate WHERE kind = 'account' AND ? >= valid_from AND ? < valid_to ORDER BY id"
    assert connection.execute(sql, [MAY, MAY]).fetchall() == [("111122223333",)]
    assert connection.execute(sql, [JUNE, JUNE]).fetchall() == [("111122223333",), ("444455556666",)]


def test_addresses_are_looked_up_by_functions(connection: Any) -> None:
    sql = """SELECT context_network('10.1.2.3', ?, 'shop'), context_network_kind('192.0.2.1', ?, NULL),
        context_country('198.51.100.1'), context_country('192.0.2.1'), context_asn('2001:db8::1'), context_asn(NULL)"""
    assert connection.execute(sql, [JUNE, JUNE]).fetchall() == [("pods", "unknown", "SE", "unknown", 64500, None)]


def test_registering_again_replaces_what_was_there(connection: Any) -> None:
    register(connection, Context(lists={"x": (Entry(value="a"),)}))
    assert connection.execute("SELECT list, value FROM context.lists").fetchall() == [("x", "a")]
    assert connection.execute("SELECT context_actor('entra:t-1:a1', ?)", [JUNE]).fetchall() == [("entra:t-1:a1",)]


def test_a_context_that_says_nothing_has_empty_tables() -> None:
    made = connect()
    register(made, load(None))
    assert made.execute("SELECT count(*) FROM context.changes").fetchall() == [(0,)]
