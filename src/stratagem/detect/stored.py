"""Stored observations of many runs -> those that stand.

Of an event that came more than once, `stored` has a row for each copy, whether a rule holds on that copy or not: these
rows have no rule, and say by which the copies are ordered.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from stratagem.detect.analytics import version
from stratagem.detect.compile import Plan
from stratagem.detect.observe import OBSERVED
from stratagem.sqltext import at, literal

_KEPT = tuple(name for name in OBSERVED.names if name not in ("uid_hash", "digest"))

STORED = pa.schema(
    [
        *(OBSERVED.field(name) for name in _KEPT),
        pa.field("revision", pa.string()),
        pa.field("record_hash", pa.int64()),
        pa.field("is_recalled", pa.bool_()),
        pa.field("day", pa.date32()),
    ]
)
"""Observations at rest. `rule` is empty for a copy of an event, which alone has `revision` and `record_hash`.
`is_recalled` where a lake's events were observed later than they came."""

_PLACE = 'file, "offset", "index"'


def stand(plan: Plan, connection: Any) -> None:
    """Make `observed` and `affected` (see `advance`) from `stored` (STORED and `is_new`: it came since the last time).

    Observations of other versions of a rule, and of rules that are no longer observed, are passed over.
    """
    listed = ", ".join(
        f"({literal(plan.rules[rule].uid)}, {literal(version(plan.rules[rule], asks, plan.context))})"
        for rule, asks in plan.observed.items()
    )
    current = f"SELECT * FROM stored WHERE (rule, version) IN ({listed})" if listed else "SELECT * FROM stored LIMIT 0"
    # record_hash is 64 unsigned bits stored as signed: negative numbers are the greater half.
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE best AS SELECT DISTINCT source, event_uid, {_PLACE} FROM stored WHERE rule = '' QUALIFY
rank() OVER (
  PARTITION BY source, event_uid ORDER BY revision DESC NULLS LAST, record_hash < 0 DESC, record_hash DESC) = 1
"""
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE repeated AS SELECT DISTINCT source, event_uid FROM best")
    if not connection.execute("SELECT 1 FROM repeated LIMIT 1").fetchall():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW observed AS {current}")
    else:
        connection.execute(
            f"""
CREATE OR REPLACE TEMP VIEW observed AS
SELECT * FROM ({current}) WHERE (source, event_uid) NOT IN (SELECT (source, event_uid) FROM repeated)
UNION ALL
SELECT * FROM ({current}) WHERE (source, event_uid, {_PLACE}) IN (SELECT (source, event_uid, {_PLACE}) FROM best)
QUALIFY row_number() OVER (PARTITION BY rule, source, event_uid ORDER BY {_PLACE}) = 1
"""
        )
    # An event of which something was stored before has rows for its copies: the others need not be looked for.
    connection.execute(
        """
CREATE OR REPLACE TEMP TABLE again AS SELECT source, event_uid, min(time) AS first, max(time) AS last FROM stored
WHERE rule = '' AND (source, event_uid) IN (SELECT (source, event_uid) FROM stored WHERE is_new)
GROUP BY source, event_uid
"""
    )
    first, last = connection.execute("SELECT min(first), max(last) FROM again").fetchall()[0]
    before = (
        f"UNION ALL SELECT * FROM ({current}) WHERE NOT is_new "
        f"AND time >= {at(first)} - INTERVAL 1 DAY "
        f"AND time <= {at(last)} + INTERVAL 1 DAY "
        "AND (source, event_uid) IN (SELECT (source, event_uid) FROM again)"
        if first
        else ""
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE affected AS SELECT * FROM ({current}) WHERE is_new {before}")


def admit(connection: Any, *, is_recalled: bool = False) -> None:
    """Make `admitted`, the rows (STORED) that a run adds to `stored`.

    Tables: `fresh_observed` (STORED), the run's observations; `arrived`, all its events, and `held`, those of the runs
    before (source, event_uid, time, revision, record_hash, file, offset, index). What is stored already is not added
    again, so that a run that died may be repeated.
    """
    copy = f"source, event_uid, {_PLACE}"
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE copies AS WITH came AS (SELECT DISTINCT source, event_uid FROM arrived
), watched AS (
  SELECT source, event_uid FROM came WHERE (source, event_uid) IN (SELECT (source, event_uid) FROM fresh_observed)
    OR (source, event_uid) IN (SELECT (source, event_uid) FROM stored)
), every AS (
  SELECT DISTINCT source, event_uid, time, revision, record_hash, {_PLACE} FROM (
    SELECT source, event_uid, time, revision, record_hash, {_PLACE} FROM arrived
    UNION ALL SELECT source, event_uid, time, revision, record_hash, {_PLACE} FROM held)
  WHERE (source, event_uid) IN (SELECT (source, event_uid) FROM watched)
)
SELECT * FROM every WHERE (source, event_uid) IN (SELECT (source, event_uid) FROM stored)
  OR (source, event_uid) IN (SELECT (source, event_uid) FROM every GROUP BY source, event_uid HAVING count(*) > 1)
"""
    )
    names = ", ".join(f'"{name}"' for name in STORED.names)
    observed = names.replace('"is_recalled"', f"{is_recalled} AS is_recalled")
    told = dict.fromkeys(STORED.names, "NULL") | {"rule": "''", "version": "''", "values": "[]"}
    told["is_recalled"] = str(is_recalled)
    told |= {name: f'"{name}"' for name in ("source", "event_uid", "time", "revision", "record_hash")}
    told |= {name: f'"{name}"' for name in ("file", "offset", "index")} | {"day": "time::DATE"}
    connection.execute(
        f"""
CREATE OR REPLACE TEMP TABLE admitted AS
SELECT DISTINCT ON (rule, version, {copy}) {observed} FROM fresh_observed
WHERE (rule, version, {copy}) NOT IN (SELECT (rule, version, {copy}) FROM stored WHERE rule <> '')
UNION ALL
SELECT {", ".join(told[name] for name in STORED.names)} FROM copies
WHERE ({copy}) NOT IN (SELECT ({copy}) FROM stored WHERE rule = '')
"""
    )
