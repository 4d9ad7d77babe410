"""The context in DuckDB: interval tables to join in event time, and functions that look up one value.

`register` makes, in the schema `context`, the tables of TABLES. A row holds for events with `valid_from <= time` and
`time < valid_to`; neither is ever null. The functions take the event's time and say what `Context` says:
`context_actor(principal, time)`, `context_actor_class(principal, time)`, `context_network(ip, time, cluster)`,
`context_network_kind(ip, time, cluster)`, `context_country(ip)`, `context_asn(ip)`, `context_standard(edge, time)` of
an edge as JSON text of the fields of EDGE.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from weakref import WeakSet

import pyarrow as pa

from stratagem.arrays import array, python
from stratagem.context.edge import EDGE, is_standard
from stratagem.context.identities import UNKNOWN
from stratagem.context.known import Context
from stratagem.window import Window

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""What an open side of a validity is in the tables: a day off the ends of the calendar, so that no zone leaves it."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "identities": {
        "principal": "The principal, or with `is_prefix` what it begins with.",
        "is_prefix": "Whether every principal that begins so is meant; exact names and longer beginnings win.",
        "actor": "The actor's name; null where each principal keeps its own.",
        "actor_class": "Its class, or `unknown`.",
        "owner": "Who answers for it.",
    },
    "estate": {
        "kind": "`cluster`, `account` or `tenant`.",
        "id": "Its id as events have it; of a cluster also `account/cluster`.",
        "name": "What people call it.",
        "tier": "Its tier; null where none is said.",
        "weight": "What the tier weighs.",
        "owner": "Who answers for it.",
        "organization": "The organization of an account.",
        "sources": "The sources expected from it.",
    },
    "lists": {"list": "The list's name.", "value": "The value.", "owner": "Whose entry it is.", "reason": "Why."},
    "networks": {
        "name": "The range's name.",
        "kind": "Its kind.",
        "range": "The range as CIDR text.",
        "cluster": "The cluster whose it is; null where it means the same everywhere.",
        "owner": "Who answers for it.",
    },
    "changes": {
        "id": "The change's id.",
        "title": "What is done.",
        "owner": "Who does it.",
        "weight": "Steps by which it lowers a level, below zero.",
        "scope": "MAP of scope (`clusters`, `accounts`, ...) to values; all must hold.",
    },
}
"""Columns of the tables, beside `valid_from` and `valid_to`."""

_REMEMBERED = 100_000
_MADE: WeakSet[Any] = WeakSet()
"""The connections that have the functions: to ask DuckDB for all that it knows takes longer than to make them."""


def register(connection: Any, context: Context) -> None:
    """Make the tables and functions on a connection; a second call replaces the tables."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS context")
    for name, table in tables(context).items():
        connection.register("_context_table", table)
        connection.execute(f"CREATE OR REPLACE TABLE context.{name} AS SELECT * FROM _context_table")
        connection.unregister("_context_table")
    _functions(connection, context)


def tables(context: Context) -> dict[str, Any]:
    """The Arrow tables by name."""
    texts = pa.list_(pa.string())
    return {
        "identities": _table(
            ((one.principal, one.is_prefix, one.actor, one.actor_class, one.owner), one.valid) for one in context.names
        )(pa.string(), pa.bool_(), pa.string(), pa.string(), pa.string(), of="identities"),
        "estate": _table(
            (
                (
                    one.kind,
                    one.id,
                    one.name,
                    one.tier,
                    context.estate.tiers.get(one.tier or "", 0),
                    one.owner,
                    one.organization,
                    list(one.sources),
                ),
                one.valid,
            )
            for one in context.estate.members
        )(*[pa.string()] * 4, pa.int32(), pa.string(), pa.string(), texts, of="estate"),
        "lists": _table(
            ((name, one.value, one.owner, one.reason), one.valid)
            for name, entries in context.lists.items()
            for one in entries
        )(*[pa.string()] * 4, of="lists"),
        "networks": _table(
            ((one.name, one.kind, str(one.range), one.cluster, one.owner), one.valid) for one in context.networks.ranges
        )(*[pa.string()] * 5, of="networks"),
        "changes": _table(
            ((one.id, one.title, one.owner, one.weight, [(k, sorted(v)) for k, v in one.scope.items()]), one.valid)
            for one in context.changes
        )(*[pa.string()] * 3, pa.int32(), pa.map_(pa.string(), texts), of="changes"),
    }


def _table(rows: Iterable[tuple[tuple[Any, ...], Window]]) -> Callable[..., Any]:
    """A maker of a table: called with the types of TABLES' columns."""
    every = [(*values, valid.start or FIRST, valid.end or LAST) for values, valid in rows]

    def made(*kinds: Any, of: str) -> Any:
        moment = pa.timestamp("us", "UTC")
        names = (*TABLES[of], "valid_from", "valid_to")
        columns = zip(*every, strict=True) if every else ((),) * len(names)
        arrays = [array(list(column), kind) for column, kind in zip(columns, (*kinds, moment, moment), strict=True)]
        return pa.table(dict(zip(names, arrays, strict=True)))

    return made


def _functions(connection: Any, context: Context) -> None:
    text, moment = "VARCHAR", "TIMESTAMPTZ"

    @lru_cache(maxsize=_REMEMBERED)
    def network(ip: str, time: datetime, cluster: str | None) -> tuple[str, str]:
        found = context.network(ip, time, cluster)
        return (found.name, found.kind) if found else (UNKNOWN, UNKNOWN)

    @lru_cache(maxsize=_REMEMBERED)
    def country(ip: str) -> str:
        return context.country(ip) or UNKNOWN

    @lru_cache(maxsize=_REMEMBERED)
    def asn(ip: str) -> int | None:
        found = context.autonomous_system(ip)
        return found[0] if found else None

    is_lasting = all(one.valid == Window() for one in context.flows)

    @lru_cache(maxsize=_REMEMBERED)
    def standard(edge: str, time: datetime) -> bool | None:
        return is_standard(context, dict(zip(EDGE, json.loads(edge), strict=True)), time)

    def allowed(edge: str, time: datetime) -> bool | None:
        return standard(edge, FIRST if is_lasting else time)

    wanted: dict[str, tuple[Callable[..., Any], tuple[str, ...], str]] = {
        "context_network": (lambda ip, time, cluster: network(ip, time, cluster)[0], (text, moment, text), text),
        "context_network_kind": (lambda ip, time, cluster: network(ip, time, cluster)[1], (text, moment, text), text),
        "context_country": (country, (text,), text),
        "context_asn": (asn, (text,), "BIGINT"),
        "context_standard": (allowed, (text, moment), "BOOLEAN"),
    }
    if connection in _MADE:
        for name in (*wanted, "context_actor", "context_actor_class"):
            connection.remove_function(name)
    _MADE.add(connection)
    for name, (function, takes, gives) in wanted.items():
        _make(connection, name, _on_arrow(function, len(takes), gives), takes, gives)
    _make(connection, "context_actor", lambda one, time: actors(context, one, time)[0], (text, moment), text)
    _make(connection, "context_actor_class", lambda one, time: actors(context, one, time)[1], (text, moment), text)


def _make(connection: Any, name: str, function: Callable[..., Any], takes: tuple[str, ...], gives: str) -> None:
    connection.create_function(name, function, list(takes), gives, type="arrow", null_handling="special")


def _on_arrow(function: Callable[..., Any], count: int, gives: str) -> Callable[..., Any]:
    """The function over `count` Arrow columns; null where the first of them is."""
    kind = {"BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}.get(gives, pa.string())

    def over(*columns: Any) -> Any:
        rows = zip(*(python(column) for column in columns), strict=True)
        return array([None if row[0] is None else function(*row) for row in rows], kind)

    # DuckDB counts the parameters.
    if count == 1:
        return lambda first: over(first)
    if count == 2:
        return lambda first, second: over(first, second)
    return lambda first, second, third: over(first, second, third)


def actors(context: Context, principals: Any, times: Any) -> tuple[Any, Any]:
    """(names, classes) of a column of principals at a column of event times, as Arrow arrays; null where there is none.

    A principal whose names have no validity is looked up once, however often it stands there.
    """
    encoded = principals.combine_chunks() if isinstance(principals, pa.ChunkedArray) else principals
    encoded = encoded.dictionary_encode()
    known: list[tuple[str, str] | None] = []
    for principal in encoded.dictionary.to_pylist():
        found = context.names_of(principal)
        is_lasting = not found or found[0].valid == Window()
        actor = context.actor(principal, FIRST) if is_lasting else None
        known.append((actor.name, actor.actor_class) if actor else None)
    names: list[str | None] = []
    classes: list[str | None] = []
    moments = python(times) if None in known else None
    for row, index in enumerate(encoded.indices.to_pylist()):
        said = None if index is None else known[index]
        if said is None and index is not None and moments is not None:
            actor = context.actor(encoded.dictionary[index].as_py(), moments[row])
            said = actor.name, actor.actor_class
        names.append(said[0] if said else None)
        classes.append(said[1] if said else None)
    return array(names, pa.string()), array(classes, pa.string())
