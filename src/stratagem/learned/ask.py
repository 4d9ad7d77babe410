"""Questions to a DuckDB table of a baseline's matches: what was learned, and how that came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from stratagem.arrays import records
from stratagem.baselines import _decisions
from stratagem.baselines._contract import Baseline, Learned
from stratagem.learned.model import shown_key
from stratagem.learned.picture import Day, Picture
from stratagem.relation import Moment
from stratagem.sqltext import at, literal, micros

_MOST_DAYS = 400


def entries(connection: Any, baseline: Baseline, moment: Moment, table: str) -> tuple[Learned, ...]:
    """What was learned as of the moment, by entity, each entity's own row before its values."""
    select = _decisions.learned(baseline, moment, table)
    rows = records(connection.sql(f"SELECT * FROM ({select}) ORDER BY key, value NULLS FIRST").to_arrow_table())
    return tuple(_entry(row) for row in rows)


def _entry(row: Mapping[str, Any]) -> Learned:
    return Learned(
        key=row["key"],
        value=row["value"],
        observations=row["observations"],
        first=_iso(row["first"]),
        last=_iso(row["last"]),
        warm=row["warm"],
        facts=dict(row["facts"] or ()),
    )


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def picture(connection: Any, baseline: Baseline, moment: Moment, table: str, key: str) -> Picture:
    """An entity's days from its first match to the moment."""
    own = f"(SELECT * FROM {table} WHERE key = {literal(key)} AND time <= {at(moment.as_of)})"
    amounts = dict(_amounts(connection, baseline, own))
    days = _days(amounts, moment.as_of)
    # Every object is new, and none comes again.
    new = {} if baseline.kind == "short_lived" else dict(_new(connection, own))
    limits = dict(_limits(connection, baseline, moment, own, days)) if baseline.kind == "spike" else {}
    return Picture(
        title=f"{baseline.title}: {shown_key(key)}",
        unit=_unit(baseline),
        days=tuple(
            Day(day=day, amount=amounts.get(day, 0), new=new.get(day, 0), limit=limits.get(day)) for day in days
        ),
        warm_from=_warm_from(connection, baseline, moment, table, key),
        alerts=tuple(_alerts(connection, baseline, moment, table, key)),
    )


def _unit(baseline: Baseline) -> str:
    if baseline.kind != "spike":
        return "events a day"
    return f"{'most of ' + baseline.measure if baseline.measure else 'most events'} in a window of the day"


def _amounts(connection: Any, baseline: Baseline, own: str) -> Iterator[tuple[date, float]]:
    """Events of each day; of a spike the largest window."""
    width = micros(baseline.window) if baseline.kind == "spike" else 86_400_000_000
    amount = "sum(number)::DOUBLE" if baseline.measure else "count(DISTINCT uid)::DOUBLE"
    rows = connection.execute(
        f"SELECT day, max(amount) FROM (SELECT min(time)::DATE AS day, {amount} AS amount FROM {own} "
        f"GROUP BY epoch_us(time) // {width}) GROUP BY day"
    ).fetchall()
    yield from ((day, amount or 0) for day, amount in rows)


def _days(amounts: Mapping[date, float], as_of: datetime) -> list[date]:
    if not amounts:
        return []
    last = max(max(amounts), min(as_of.astimezone(UTC).date(), max(amounts) + timedelta(days=30)))
    first = max(min(amounts), last - timedelta(days=_MOST_DAYS))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _new(connection: Any, own: str) -> Iterator[tuple[date, int]]:
    yield from connection.execute(
        f"SELECT day, count(*) FROM (SELECT min(time)::DATE AS day FROM {own} WHERE value IS NOT NULL GROUP BY value) "
        "GROUP BY day"
    ).fetchall()


def _limits(
    connection: Any, baseline: Baseline, moment: Moment, own: str, days: list[date]
) -> Iterator[tuple[date, float]]:
    """The limit of each day on which the entity was warm; with seasons the highest of the day's."""
    least = float(baseline.options.get("min_volume", 10))
    for day in days:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = entries(connection, baseline, replace(moment, as_of=start), own)
        told = [float(entry.facts["limit"]) for entry in found if entry.warm and "limit" in entry.facts]
        named = [entry for entry in found if entry.value and entry.value.startswith(f"{day:%a} ") and entry.warm]
        told = [float(entry.facts["limit"]) for entry in named] or told
        if told:
            yield day, max(*told, least)


def _warm_from(connection: Any, baseline: Baseline, moment: Moment, table: str, key: str) -> datetime | None:
    own = next((entry for entry in entries(connection, baseline, moment, table) if entry.key == key), None)
    if own is None or not own.warm:
        return None
    select = f"SELECT min(time) FROM {table} WHERE key = {literal(key)} AND teaches"
    first = connection.execute(select).fetchall()[0][0]
    since = datetime.fromisoformat(own.facts["since"])
    return (min(since, first.astimezone(UTC)) if first else since) + baseline.warm_up


def _alerts(
    connection: Any, baseline: Baseline, moment: Moment, table: str, key: str
) -> Iterator[tuple[datetime, str]]:
    select = _decisions.episodes(baseline, moment, table)
    rows = connection.execute(
        f"SELECT crossed, value, measure FROM ({select}) WHERE key = ? ORDER BY crossed, anchor", [key]
    ).fetchall()
    for crossed, value, measure in rows:
        yield crossed.astimezone(UTC), f"{_iso(crossed)}: {value + ' ' if value else ''}{measure}"
