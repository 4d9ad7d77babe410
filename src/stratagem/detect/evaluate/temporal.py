"""temporal: different rules hold within one window, in any order; or an expression over which of them do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from stratagem.detect.evaluate._episodes import asked, by_key, compared, episodes, holds, joined, window, windowed
from stratagem.relation import Episode, Match, Moment
from stratagem.rules.correlation import Both, Bound, Correlation, Either, Term, Without
from stratagem.sqltext import literal


def bounds_of(correlation: Correlation) -> tuple[Bound, ...]:
    """How many of the rules must hold: as written, else all."""
    return correlation.bounds or (Bound(op="gte", limit=Decimal(len(correlation.rules))),)


def condition(correlation: Correlation) -> str:
    """The condition for people."""
    if correlation.expression is not None:
        return _words(correlation.expression)
    return f"{asked(bounds_of(correlation))} of {', '.join(correlation.rules)}"


def sql(correlation: Correlation, moment: Moment, matches: str) -> str:
    """See `evaluate.sql`."""
    count = "count(DISTINCT rule) OVER near"
    test = (
        compared(bounds_of(correlation), count)
        if correlation.expression is None
        else f"coalesce({expression_sql(correlation.expression)}, FALSE)"
    )
    rows = f"""
WITH once AS (
  SELECT DISTINCT rule, uid, time, key FROM {matches}
), seen AS (
  SELECT rule, uid, time, key, {count} AS rules, {test} AS hit FROM once {windowed(correlation)}
)"""
    return rows + episodes(correlation, "seen", "rules", {"asked": condition(correlation)})


def expression_sql(term: Term) -> str:
    """The SQL test of an expression over the window `near`."""
    match term:
        case str():
            return f"coalesce(bool_or(rule = {literal(term)}) OVER near, FALSE)"
        case Without():
            return f"NOT {expression_sql(term.part)}"
        case Both():
            return "(" + " AND ".join(map(expression_sql, term.parts)) + ")"
        case Either():
            return "(" + " OR ".join(map(expression_sql, term.parts)) + ")"


def _words(term: Term) -> str:
    match term:
        case str():
            return term
        case Without():
            return f"not {_words(term.part)}"
        case Both():
            return "(" + " and ".join(map(_words, term.parts)) + ")"
        case Either():
            return "(" + " or ".join(map(_words, term.parts)) + ")"


def reference(correlation: Correlation, moment: Moment, matches: Sequence[Match]) -> list[Episode]:
    """See `evaluate.reference`."""
    return [episode for key, rows in by_key(matches) for episode in _of_key(correlation, key, rows)]


def _of_key(correlation: Correlation, key: str, rows: Sequence[Match]) -> Iterator[Episode]:
    hits: dict[datetime, int] = {}
    for row in rows:
        present = {near.rule for near in window(rows, row.time, correlation.timespan)}
        if correlation.expression is None:
            passed = holds(bounds_of(correlation), len(present))
        else:
            passed = is_true(correlation.expression, present)
        if passed:
            hits[row.time] = len(present)
    yield from joined(correlation, key, rows, hits, "rules", {"asked": condition(correlation)})


def is_true(term: Term, present: Collection[str]) -> bool:
    """Does the expression hold where just these rules do."""
    match term:
        case str():
            return term in present
        case Without():
            return not is_true(term.part, present)
        case Both():
            return all(is_true(part, present) for part in term.parts)
        case Either():
            return any(is_true(part, present) for part in term.parts)
