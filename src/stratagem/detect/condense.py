"""The history of touched keys for a baseline: only what is evaluated match by match, what is before it in sums.

For the matches that are evaluated, those that lie earlier than all of them and within the history of each say only how
many they are, when they began and ended, and what they add up to. Matches at which history ends stay as they are.
"""

from __future__ import annotations

from typing import Any, Protocol

from stratagem.baselines import KINDS
from stratagem.baselines._contract import Baseline
from stratagem.baselines._decisions import has_eras
from stratagem.detect.analytics import ACTOR, Analytic
from stratagem.detect.compile import Plan
from stratagem.detect.reach import reach
from stratagem.sqltext import span


class Matches(Protocol):
    """Gives the SELECT of an analytic's matches, of which `where` is on `time`."""

    def __call__(self, number: int, where: str, /) -> str: ...


def applies(plan: Plan, number: int) -> bool:
    """Whether this analytic's history can be summed."""
    analytic = plan.analytics[number]
    body = analytic.body
    return (
        isinstance(body, Baseline)
        and KINDS[body.kind].sums is not None
        and not has_eras(body)
        and all(one.rule is not None for one in analytic.inputs)
    )


def gather(matches: Matches, connection: Any, number: int, analytic: Analytic, where: str) -> None:
    """Make `matches`, those to evaluate over `felt` (key, since, until), and `sums`, what stands for earlier ones."""
    body = analytic.body
    assert isinstance(body, Baseline)
    kind, far = KINDS[body.kind], reach(body)
    assert kind.sums is not None
    # Episodes that cross before `since` are not asked for; what ends this much earlier does not reach those that are.
    pad = span(far.before)
    first, last = connection.execute("SELECT min(epoch_us(since)), max(epoch_us(until)) FROM felt").fetchall()[0]
    near = f"{where} AND time >= {_at(first)} - {pad} AND time <= {_at(last)} + {span(far.ahead)}"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE matches AS SELECT m.* FROM ({matches(number, near)}) m JOIN felt "
        f"ON m.key = felt.key AND m.time >= since - {pad} AND m.time <= until + {span(far.ahead)}"
    )
    ends = f"greatest(low, latest - {span(body.history)})" if kind.has_exact_edge else "low"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE zone AS SELECT key, edge, low, least(edge, {ends}) AS old FROM ("
        f"SELECT key, since - {pad} AS edge, since - {pad} - {span(far.after)} AS low, latest FROM felt JOIN "
        "(SELECT key, max(time) AS latest FROM matches GROUP BY key) USING (key))"
    )
    earlier = "(SELECT * FROM matches LIMIT 0)"
    bounds = connection.execute(
        "SELECT min(epoch_us(low)), min(epoch_us(old)), max(epoch_us(old)), max(epoch_us(edge)) FROM zone"
    ).fetchall()[0]
    if None not in bounds:
        lowest, oldest, youngest, edge = map(_at, bounds)
        if kind.has_exact_edge:
            single = matches(number, f"{where} AND time >= {lowest} AND time < {youngest}")
            connection.execute(
                f"INSERT INTO matches SELECT m.* FROM ({single}) m JOIN zone "
                "ON m.key = zone.key AND m.time >= low AND m.time < old"
            )
        summed = matches(number, f"{where} AND time >= {oldest} AND time < {edge}")
        earlier = f"(SELECT m.* FROM ({summed}) m JOIN zone ON m.key = zone.key AND m.time >= old AND m.time < edge)"
    select = kind.sums(body, earlier, "matches", _is_once(analytic))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sums AS {select}")


def _at(micros: int) -> str:
    return f"make_timestamptz({micros})"


def _is_once(analytic: Analytic) -> bool:
    """Whether no event comes twice with one key and value: through two rules, or as two names of an actor."""
    (first, *others) = analytic.inputs
    return not others and ACTOR not in (*first.key, *first.value)
