"""A source just large enough to project: what the events tests share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa

from stratagem.sources._contract import NO_LABELS, Source

SELECT = """
    iso_time(native.when) AS time,
    6003 AS class_uid,
    CASE WHEN native.verb = 'get' THEN 2 ELSE 99 END AS activity_id,
    native.verb AS "api.operation",
    native.who.name AS "actor.user.name",
    ip_address(native.addr) AS "src_endpoint.ip",
    list_transform(native.things, lambda thing: {'name': thing}) AS resources,
"""
NATIVE = '{"when": "VARCHAR", "verb": "VARCHAR", "addr": "VARCHAR", "who": {"name": "VARCHAR"}, "things": ["VARCHAR"]}'

MINI = Source(
    title="Mini",
    vendor_page="https://example.com (read 2026-11-22)",
    enable="",
    silent_gaps=(),
    logsources=(),
    order=1,
    recognise=lambda record: True,
    canonical=lambda record: (record, NO_LABELS),
    is_canonical=lambda record: True,
    head=(),
    dispatch=(),
    uid=lambda record: record.get("id"),
    time=lambda record: record.get("when"),
    ocsf=SELECT,
    columns=NATIVE,
    lateness=timedelta(0),
    examples=(),
)


def with_select(select: str, columns: str = NATIVE) -> Source:
    """The mini source with another projection."""
    return replace(MINI, ocsf=select, columns=columns)


def record(number: int = 0, **fields: Any) -> dict[str, Any]:
    """A complete record of the mini source."""
    return {
        "id": f"event-{number}",
        "when": f"2026-01-15T10:00:{number % 60:02d}Z",
        "verb": "get",
        "addr": "192.0.2.7",
        "who": {"name": "alice"},
        "things": ["pod-1"],
    } | fields


def batch(*records: Mapping[str, Any] | str, **columns: list[Any]) -> pa.Table:
    """A batch of records, or of raw text, as ingest hands it over."""
    raw = [item if isinstance(item, str) else json.dumps(item) for item in records]
    count = len(raw)
    given: dict[str, Any] = {
        "raw": pa.array(raw, pa.string()),
        "event_uid": pa.array([f"event-{row}" for row in range(count)]),
        "file": pa.array(["mini.ndjson"] * count, pa.string()),
        "offset": pa.array(list(range(0, 100 * count, 100)), pa.int64()),
        "index": pa.array([0] * count, pa.int64()),
        "record_hash": pa.array(list(range(count)), pa.uint64()),
    }
    return pa.table(given | {name: pa.array(values) for name, values in columns.items()})
