"""Matches in, episodes out: by SQL and by the reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pyarrow as pa

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.events.query import connect
from stratagem.quantity import number as exact
from stratagem.relation import MATCHES, Episode, Match, Member, Moment, columns

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
MOMENT = Moment(as_of=START + timedelta(days=60), watermark=START + timedelta(days=60))
PROD = '["prod"]'

_TYPES = pa.schema(
    [
        pa.field(name, {"TIMESTAMPTZ": pa.timestamp("us", "UTC"), "BOOLEAN": pa.bool_()}.get(kind, pa.string()))
        for name, kind in MATCHES.items()
    ]
).set(list(MATCHES).index("number"), pa.field("number", pa.decimal128(38, 9)))


def at(
    hours: float,
    value: str | None = None,
    *,
    rule: str = "rule",
    key: str = PROD,
    number: Any = None,
    peer: str | None = None,
    teaches: bool = True,
    uid: str | None = None,
    standard: bool | None = None,
) -> Match:
    """A match so many hours after START."""
    time = START + timedelta(seconds=round(hours * 3600))
    named = uid or f"s/{hours}-{rule}-{value}-{key}"
    return Match(rule, named, time, key, value, exact(number), peer, teaches, standard)


@cache
def _connection() -> Any:
    return connect()


def select(text: str, matches: Sequence[Match]) -> list[dict[str, Any]]:
    """The rows of a SELECT over the table `m` of these matches."""
    connection = _connection()
    connection.execute(f"CREATE OR REPLACE TABLE m ({columns(MATCHES)})")
    if matches:
        rows = pa.Table.from_pylist([match._asdict() for match in matches], schema=_TYPES)
        connection.register("rows", rows)
        connection.execute("INSERT INTO m BY NAME SELECT * FROM rows")
    found: list[dict[str, Any]] = connection.sql(text).to_arrow_table().to_pylist()
    return found


def by_sql(baseline: Baseline, matches: Sequence[Match], moment: Moment = MOMENT) -> list[Episode]:
    found = select(KINDS[baseline.kind].sql(baseline, moment, "m", None), matches)
    episodes = [Episode(**{**row, "members": tuple(Member(**one) for one in row["members"])}) for row in found]
    return sorted(episodes, key=lambda one: (one.key, one.crossed, one.value or "", one.anchor))


def by_reference(baseline: Baseline, matches: Sequence[Match], moment: Moment = MOMENT) -> list[Episode]:
    found = KINDS[baseline.kind].reference(baseline, moment, matches)
    return sorted(found, key=lambda one: (one.key, one.crossed, one.value or "", one.anchor))


def learned(baseline: Baseline, matches: Sequence[Match], moment: Moment = MOMENT) -> list[dict[str, Any]]:
    rows = select(KINDS[baseline.kind].learned(baseline, moment, "m"), matches)
    for row in rows:
        row["facts"] = dict(row["facts"])
    return sorted(rows, key=lambda row: (row["key"], row["value"] or ""))
