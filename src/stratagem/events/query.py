"""A statement over a batch of records, run by DuckDB; records that it cannot read are set aside, the rest goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa

from stratagem.arrays import array
from stratagem.events.statement import INPUT_COLUMNS

_INPUTS = pa.schema([pa.field(name, pa.string()) for name in INPUT_COLUMNS])

_NUMBER = "TRY_CAST(x AS DOUBLE)"
_WHOLE = "TRY_CAST(x AS BIGINT)"
_EPOCH = f"""CASE
    WHEN {_WHOLE} > 100000000000000000 THEN make_timestamptz({_WHOLE} // 1000)
    WHEN {_WHOLE} > 100000000000000 THEN make_timestamptz({_WHOLE})
    ELSE to_timestamp(CASE WHEN {_NUMBER} > 100000000000 THEN {_NUMBER} / 1000 ELSE {_NUMBER} END) END"""
_ODD = ("%Y%m%dT%H%M%SZ", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M")
_TIME = f"""coalesce(TRY_CAST(x AS TIMESTAMPTZ), try_strptime(replace(trim(x), ',', ''), {list(_ODD)})::TIMESTAMPTZ,
    CASE WHEN regexp_full_match(trim(x), '[0-9]+[.]?[0-9]*') THEN {_EPOCH} END)"""
"""Tried in this order; all but the first cost only where the first fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A record that cannot be normalised: its row in the batch, and the quarantine reason."""

    row: int
    reason: str


def connect(*, threads: int = 1) -> Any:
    """A DuckDB connection as stratagem uses it: UTC, no downloads, and the macros that projections may call.

    `iso_time(text)`: TIMESTAMPTZ of ISO 8601 text, offset kept, and of the odd forms that `clock` reads; null if
    it is none. Text without offset is UTC. `epoch_time(number)`: TIMESTAMPTZ of seconds to nanoseconds since 1970.
    `ip_address(text)`: the text if it is an address, else null.
    """
    import duckdb

    config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": threads}
    connection = duckdb.connect(config=config)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"CREATE MACRO epoch_time(x) AS {_EPOCH}")
    connection.execute(f"CREATE MACRO iso_time(x) AS {_TIME}")
    address = "[0-9.]+|[0-9a-fA-F.:]*:[0-9a-fA-F.:]*"
    connection.execute(f"CREATE MACRO ip_address(x) AS CASE WHEN regexp_full_match(x, '{address}') THEN x END")
    return connection


def as_inputs(table: Any) -> Any:
    """The columns that DuckDB reads, absent labels as nulls."""
    names = set(table.column_names)
    nothing = pa.nulls(table.num_rows, pa.string())
    return pa.table([table[name] if name in names else nothing for name in INPUT_COLUMNS], schema=_INPUTS)


def select(sql: str, inputs: Any, connection: Any) -> tuple[Any, list[BadRow]]:
    """The statement's rows, and the records that it cannot read: broken JSON first, then whatever else fails."""
    try:
        return _query(sql, inputs, connection), []
    except _unreadable():
        pass
    checked = _query("SELECT coalesce(json_valid(raw), false) AS ok FROM batch", inputs, connection)
    valid = np.array(checked["ok"].to_pylist(), dtype=bool)
    bad = [BadRow(row=int(row), reason="not valid JSON for the event columns") for row in np.flatnonzero(~valid)]
    parts, failed = _halved(sql, inputs.filter(array(valid.tolist(), pa.bool_())), np.flatnonzero(valid), connection)
    return pa.concat_tables([_query(sql, inputs.slice(0, 0), connection), *parts]), bad + failed


def _halved(sql: str, inputs: Any, places: Any, connection: Any) -> tuple[list[Any], list[BadRow]]:
    """Run, and where that fails run each half, until the failing records stand alone. `places` are their batch rows."""
    try:
        return [_query(sql, inputs, connection)], []
    except _unreadable() as error:
        if len(places) == 1:
            return [], [BadRow(row=int(places[0]), reason=_reason(error))]
    middle = len(places) // 2
    left, left_bad = _halved(sql, inputs.slice(0, middle), places[:middle], connection)
    right, right_bad = _halved(sql, inputs.slice(middle), places[middle:], connection)
    return left + right, left_bad + right_bad


def _query(sql: str, inputs: Any, connection: Any) -> Any:
    """The rows of a query over `batch`. Binding costs as much as 3,000 rows, so a statement is bound but once."""
    here = _here(connection)
    here.table = inputs
    try:
        name = here.prepared.get(sql)
        if name is None:
            name = f"on_batch_{len(here.prepared)}"
            connection.execute(f"PREPARE {name} AS {sql}")
            here.prepared[sql] = name
        return connection.sql(f"EXECUTE {name}").to_arrow_table(max(inputs.num_rows, 1))
    finally:
        here.table = None


class _Here:
    """What `batch` is in a connection's prepared statements: the table of this moment, read anew by each of them."""

    def __init__(self) -> None:
        self.table: Any = None
        self.prepared: dict[str, str] = {}

    def __arrow_c_schema__(self) -> Any:
        return _INPUTS.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def _here(connection: Any) -> _Here:
    here = _HERE.get(connection)
    if here is None:
        here = _HERE[connection] = _Here()
        connection.register("batch", here)
    return here


_HERE: WeakKeyDictionary[Any, _Here] = WeakKeyDictionary()


def _unreadable() -> tuple[type[Exception], ...]:
    """The errors that are a record's fault. Others (memory, interrupt) are not, and pass."""
    import duckdb

    return (duckdb.DataError, duckdb.InvalidInputException)


def _reason(error: Exception) -> str:
    """DuckDB's message without the record that it quotes: reasons are counted, and records may hold secrets."""
    return "not fit for the event columns: " + str(error).split("Input:")[0].split("\n")[0].strip()[:160]
