"""Matches into DuckDB and episodes out of it, for the tests of evaluators and of baselines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pyarrow as pa

from stratagem.events.query import connect
from stratagem.relation import EPISODES, MATCHES, Episode, Match, Member, columns

_SCHEMA = pa.schema(
    [
        ("rule", pa.string()),
        ("uid", pa.string()),
        ("time", pa.timestamp("us", "UTC")),
        ("key", pa.string()),
        ("value", pa.string()),
        ("number", pa.decimal128(38, 9)),
        ("peer", pa.string()),
        ("teaches", pa.bool_()),
        ("standard", pa.bool_()),
    ]
)


def evaluated(sql: str, matches: Sequence[Match], *, table: str = "m") -> list[Episode]:
    """The episodes that a SELECT gives over a table of these matches, sorted by key and anchor."""
    connection = _connection()
    connection.execute(f"CREATE OR REPLACE TABLE {table} ({columns(MATCHES)})")
    rows = pa.Table.from_pylist([match._asdict() for match in matches], schema=_SCHEMA)
    connection.register("rows", rows)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")
    found = connection.sql(sql)
    assert (found.columns, found.types) == _shape()
    return ordered(_episode(row) for row in found.to_arrow_table().to_pylist())


def ordered(episodes: Any) -> list[Episode]:
    return sorted(episodes, key=lambda episode: (episode.key, episode.crossed, episode.anchor, episode.value or ""))


@cache
def _connection() -> Any:
    return connect()


@cache
def _shape() -> tuple[Any, Any]:
    """The columns and types that EPISODES names."""
    empty = _connection().sql(f"SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in EPISODES.items())}")
    return empty.columns, empty.types


def _episode(row: dict[str, Any]) -> Episode:
    members = tuple(Member(one["rule"], one["uid"], one["time"]) for one in row["members"])
    return Episode(**{**row, "members": members})
