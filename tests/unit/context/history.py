"""Made-up history: the view `events` with the columns that suggestions ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from stratagem.events.query import connect

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""

_TABLE = """CREATE TABLE events (
  principal VARCHAR, source VARCHAR, time TIMESTAMPTZ, day DATE, activity_id INTEGER, status_id INTEGER,
  cluster VARCHAR, account VARCHAR, tenant VARCHAR, session VARCHAR, raw_data VARCHAR,
  http_request STRUCT(user_agent VARCHAR), api STRUCT(operation VARCHAR),
  resources STRUCT(type VARCHAR, namespace VARCHAR)[],
  actor STRUCT("session" STRUCT(uid_alt VARCHAR), "user" STRUCT(name VARCHAR, uid_alt VARCHAR)),
  src_endpoint STRUCT(ip VARCHAR), dst_endpoint STRUCT(ip VARCHAR))"""

DEFAULTS: dict[str, Any] = {
    "source": "kubernetes_audit", "activity_id": 2, "status_id": 1, "cluster": None, "account": None, "tenant": None,
    "session": None, "agent": None, "operation": "list", "kind": "pods", "namespace": None, "name": None, "ip": None,
    "image": None,
}  # fmt: skip


def days(count: int, *, first: int = 0, hours: Iterable[int] = (9,), weekends: bool = True) -> list[datetime]:
    """Times on `count` days from day `first` of the history on."""
    every = (START + timedelta(days=first + day, hours=hour) for day in range(count) for hour in hours)
    return [time for time in every if weekends or time.weekday() < 5]


def events(principal: str, times: Iterable[datetime], **said: Any) -> list[dict[str, Any]]:
    """Events of a principal; `said` may hold what DEFAULTS does, a list is gone round."""
    rows = []
    for number, time in enumerate(times):
        row = {"principal": principal, "time": time, **DEFAULTS, **said}
        rows.append(
            {key: value[number % len(value)] if isinstance(value, list) else value for key, value in row.items()}
        )
    return rows


def history(*parts: list[dict[str, Any]]) -> Any:
    """A connection with the view."""
    connection = connect()
    connection.execute(_TABLE)
    for row in (row for part in parts for row in part):
        image = {"requestObject": {"spec": {"containers": [{"image": row["image"]}]}}} if row["image"] else {}
        connection.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                row["principal"], row["source"], row["time"], row["time"].date(), row["activity_id"], row["status_id"],
                row["cluster"], row["account"], row["tenant"], row["session"], json.dumps(image),
                {"user_agent": row["agent"]}, {"operation": row["operation"]},
                [{"type": row["kind"], "namespace": row["namespace"]}],
                {"session": {"uid_alt": row["session"]}, "user": {"name": row["name"], "uid_alt": None}},
                {"ip": row["ip"]}, {"ip": None},
            ],
        )  # fmt: skip
    return connection
