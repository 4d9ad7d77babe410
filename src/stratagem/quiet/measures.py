"""How near correlations and baselines came: the greatest measure against what is asked, and how warm a baseline is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from stratagem.baselines._contract import Baseline
from stratagem.detect import evaluate
from stratagem.detect.compile import Plan
from stratagem.detect.correlate import Account, count_left_out, in_time, matches
from stratagem.detect.evaluate._episodes import asked
from stratagem.detect.evaluate.temporal import condition
from stratagem.health.volume import span
from stratagem.learned import ask
from stratagem.learned.model import Snapshot, shown_key
from stratagem.quiet.model import Cause, Why
from stratagem.relation import Moment
from stratagem.rules.correlation import Bound, Correlation, CorrelationType
from stratagem.sqltext import at, literal, micros

_TABLE = "quiet_matches"
_LEAST = Decimal(-(10**18))


def near(plan: Plan, number: int, connection: Any, moment: Moment) -> Iterator[Cause]:
    """Why an analytic has no episode; `connection` has the view `observed` and the table `episodes`."""
    analytic = plan.analytics[number]
    where = in_time(moment, None)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS {matches(plan, number, where)}")
    seen, keys = _row(connection, f"SELECT count(DISTINCT uid), count(DISTINCT key) FROM {_TABLE}")
    yield from _ungrouped(plan, number, connection, where)
    if not seen:
        # Why its rules hold on nothing is told for each of them.
        return
    body = analytic.body
    if isinstance(body, Baseline):
        yield _learned(body, connection, moment, seen)
    elif body.type is CorrelationType.ABSENCE:
        yield _answered(body, connection, moment, seen)
    else:
        yield _below(body, connection, moment, seen, keys)


def _ungrouped(plan: Plan, number: int, connection: Any, where: str) -> Iterator[Cause]:
    """Matches that lack a field to group by count for nobody."""
    account = Account()
    analytic = plan.analytics[number]
    count_left_out(plan, connection, analytic, where, account)
    lost = account.without_key[analytic.body.uid]
    if lost:
        fields = " or ".join(f"'{name}'" for name in analytic.key_names)
        says = f"{analytic.body.name}: {_many(lost, 'match')} without {fields} to group by, so they count for nobody"
        yield Cause(why=Why.FIELD_ABSENT, says=says, counts={"without_key": lost})


def _below(body: Correlation, connection: Any, moment: Moment, seen: int, keys: int) -> Cause:
    """The correlation with the least condition there is: its peak is the greatest measure."""
    loose = replace(body, bounds=(Bound(op="gte", limit=_floor(body)),), expression=None)
    said = connection.execute(
        "SELECT (measure->>'peak')::DECIMAL(38,9) AS peak, key FROM "
        f"({evaluate.sql(loose, moment, _TABLE)}) ORDER BY peak DESC, key LIMIT 1"
    ).fetchall()
    wanted = condition(body) if body.type in _TEMPORAL else asked(body.bounds)
    order = ", in this order" if body.type is CorrelationType.TEMPORAL_ORDERED else ""
    begun = f"{body.name}: {_many(seen, 'match')} of {_many(keys, 'key')}"
    if not said or said[0][0] is None:
        says = f"{begun}, none with a value of '{', '.join(body.field)}'; {wanted} is asked"
        return Cause(why=Why.FIELD_ABSENT, says=says, counts={"matches": seen, "keys": keys})
    peak, key = said[0]
    says = (
        f"{begun}; the greatest {_word(body)} within {span(body.timespan)} is {_plain(peak)} ({shown_key(key)}), "
        f"and {wanted}{order} is asked"
    )
    return Cause(why=Why.BELOW_THRESHOLD, says=says, counts={"matches": seen, "keys": keys, "greatest": float(peak)})


_TEMPORAL = (CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED)
_WORDS = {
    CorrelationType.EVENT_COUNT: "count",
    CorrelationType.VALUE_COUNT: "number of values",
    CorrelationType.VALUE_SUM: "sum",
    CorrelationType.VALUE_AVG: "average",
    CorrelationType.VALUE_PERCENTILE: "percentile",
    CorrelationType.VALUE_MEDIAN: "median",
    CorrelationType.TEMPORAL: "number of rules",
    CorrelationType.TEMPORAL_ORDERED: "chain of rules",
}


def _word(body: Correlation) -> str:
    return _WORDS[body.type]


def _floor(body: Correlation) -> Decimal:
    return Decimal(1) if body.type in (*_TEMPORAL, CorrelationType.EVENT_COUNT) else _LEAST


def _answered(body: Correlation, connection: Any, moment: Moment, seen: int) -> Cause:
    """Absence: the first rule's matches were all answered, or still have time."""
    first = literal(body.rules[0])
    begun, waiting = _row(
        connection,
        f"SELECT count(DISTINCT uid), count(DISTINCT uid) FILTER (time > {at(moment.watermark)} "
        f"- to_microseconds({micros(body.timespan)})) FROM {_TABLE} WHERE rule = {first}",
    )
    says = (
        f"{body.name}: {_many(begun, 'match')} of {body.rules[0]}; {begun - waiting:,} answered within "
        f"{span(body.timespan)}, {waiting:,} may still be"
    )
    return Cause(why=Why.BELOW_THRESHOLD, says=says, counts={"matches": seen, "begun": begun, "waiting": waiting})


def _learned(body: Baseline, connection: Any, moment: Moment, seen: int) -> Cause:
    entries = ask.entries(connection, body, moment, _TABLE)
    found = Snapshot(baseline=body, as_of=moment.as_of, matches=seen, left_out=0, entries=entries)
    warm = [one for one in found.entities if one.warm]
    counts = {"observations": seen, "entities": len(found.entities), "warm": len(warm)}
    begun = f"{body.name}: {_many(seen, 'observation')} of {_many(len(found.entities), 'entity', 'entities')}"
    if warm:
        says = f"{begun}, {len(warm):,} past warm-up; nothing that they did is unusual{_measured(body, found)}"
        return Cause(why=Why.USUAL, says=says, counts=counts)
    if not found.entities:
        says = f"{begun}: all older than the history of {span(body.history)}, and forgotten"
        return Cause(why=Why.WARMING_UP, says=says, counts=counts)
    furthest = max(found.entities, key=lambda one: (one.observations, one.key))
    says = (
        f"{begun}, none past warm-up; the most observed one ({shown_key(furthest.key)}) has {found.missing(furthest)}"
    )
    return Cause(why=Why.WARMING_UP, says=says, counts=counts)


def _measured(body: Baseline, found: Snapshot) -> str:
    """Of a spike: what would be too much for the entity that is observed most."""
    limits = [(one.observations, one.key, one.facts["limit"]) for one in found.entities if "limit" in one.facts]
    if not limits:
        return ""
    _, key, limit = max(limits)
    return f"; more than {limit} in {span(body.window)} would be for {shown_key(key)}"


def _many(count: int, word: str, words: str = "") -> str:
    plural = words or (f"{word}es" if word.endswith("ch") else f"{word}s")
    return f"{count:,} {word if count == 1 else plural}"


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _row(connection: Any, sql: str) -> Sequence[int]:
    rows: Sequence[Sequence[int]] = connection.execute(sql).fetchall()
    return rows[0]
