"""What a lake holds of each source and scope: volumes by hour, lag, copies, and samples of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from stratagem.health.model import Scope
from stratagem.health.volume import DAY, HISTORY
from stratagem.sqltext import at, literal

RECENT_SAMPLE, EARLIER_SAMPLE = 4000, 8000
"""Records of a source and scope that are looked into; chosen by their ids' hash, the same for the same lake."""

_SCOPE = """CASE WHEN cluster IS NOT NULL THEN 'cluster' WHEN account IS NOT NULL THEN 'account'
  WHEN tenant IS NOT NULL THEN 'tenant' ELSE '' END AS kind, coalesce(cluster, account, tenant, '') AS id"""


@dataclass(slots=True, kw_only=True)
class Volume:
    """One source of one scope."""

    source: str
    scope: Scope
    hours: list[tuple[datetime, int]] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    copies: int = 0
    lag_recent: timedelta | None = None
    lag_earlier: timedelta | None = None

    @property
    def events(self) -> int:
        return sum(count for _, count in self.hours)

    def days(self, as_of: datetime) -> Mapping[datetime, int]:
        """Events by 24-hour stretch, counted back from `as_of`."""
        found: dict[datetime, int] = {}
        for hour, count in self.hours:
            back = (as_of - hour - timedelta(microseconds=1)) // DAY
            start = as_of - DAY * (back + 1)
            found[start] = found.get(start, 0) + count
        return found


def latest(connection: Any) -> datetime | None:
    """The greatest event time that is not after now."""
    row = connection.execute("SELECT max(time) FROM events WHERE time <= now()").fetchone()
    return row[0] if row else None


def volumes(connection: Any, as_of: datetime) -> dict[tuple[str, Scope], Volume]:
    """Every source and scope with events in the history before the moment."""
    span = _between(as_of - HISTORY - DAY, as_of)
    found: dict[tuple[str, Scope], Volume] = {}
    rows = connection.execute(
        f"SELECT source, {_SCOPE}, date_trunc('hour', time) AS hour, count(*), min(time), max(time) "
        f"FROM events WHERE {span} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for source, kind, scope_id, hour, count, first, last in rows:
        key = (source, Scope(kind, scope_id))
        one = found.setdefault(key, Volume(source=source, scope=key[1]))
        one.hours.append((hour, count))
        one.first = min(one.first or first, first)
        one.last = max(one.last or last, last)
    lags = connection.execute(
        f"SELECT source, {_SCOPE}, time > {at(as_of - DAY)} AS recent, "
        "quantile_disc(epoch_ms(ingest_time) - epoch_ms(time), 0.95) "
        f"FROM events WHERE ingest_time IS NOT NULL AND {span} GROUP BY ALL"
    ).fetchall()
    for source, kind, scope_id, recent, milliseconds in lags:
        lag = timedelta(milliseconds=milliseconds)
        one = found[source, Scope(kind, scope_id)]
        if recent:
            one.lag_recent = lag
        else:
            one.lag_earlier = lag
    copies = connection.execute(f"SELECT source, {_SCOPE}, count(*) FROM copies WHERE {span} GROUP BY ALL").fetchall()
    for source, kind, scope_id, count in copies:
        if (source, Scope(kind, scope_id)) in found:
            found[source, Scope(kind, scope_id)].copies = count
    return found


def sample(connection: Any, source: str, scope: Scope, as_of: datetime) -> Iterator[tuple[bytes, bool]]:
    """Records with whether they are of the last day."""
    here = f"source = {literal(source)} AND {_within(scope)} AND raw_data IS NOT NULL"
    for start, end, most, is_recent in (
        (as_of - DAY, as_of, RECENT_SAMPLE, True),
        (as_of - HISTORY, as_of - DAY, EARLIER_SAMPLE, False),
    ):
        sql = (
            f"SELECT raw_data FROM events WHERE {here} AND {_between(start, end)} ORDER BY hash(event_uid) LIMIT {most}"
        )
        for (text,) in _rows(connection, sql):
            yield text.encode(), is_recent


def _rows(connection: Any, sql: str) -> Sequence[tuple[str]]:
    rows: Sequence[tuple[str]] = connection.execute(sql).fetchall()
    return rows


def _within(scope: Scope) -> str:
    if not scope.kind:
        return "cluster IS NULL AND account IS NULL AND tenant IS NULL"
    narrower = {"cluster": "", "account": "cluster IS NULL AND ", "tenant": "cluster IS NULL AND account IS NULL AND "}
    return f"{narrower[scope.kind]}{scope.kind} = {literal(scope.id)}"


def _between(start: datetime, end: datetime) -> str:
    return f"time > {at(start)} AND time <= {at(end)}"
