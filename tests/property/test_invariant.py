"""The invariant: what is found does not depend on batches, order, repetition, lateness or restarts.

Stories of a few entities are delivered in random batches with copies, late, early and future events, verdicts that come
in between and crashes between the steps of a run; in the end that is current which one evaluation of all finds.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratagem.baselines._contract import Baseline
from stratagem.detect import stored
from stratagem.detect.advance import State, advance
from stratagem.detect.analytics import SCOPE, version
from stratagem.detect.compile import Plan, compile
from stratagem.detect.correlate import create, moments
from stratagem.detect.forget import MARGIN, limits
from stratagem.detect.times import Times
from stratagem.events.query import connect
from stratagem.rules.correlation import Both, Bound, Correlation, CorrelationType, Without
from stratagem.rules.load import load_text
from stratagem.sources import SOURCES

EXAMPLES = int(os.environ.get("STRATAGEM_EXAMPLES", "25"))
LONG = int(os.environ.get("STRATAGEM_LONG_EXAMPLES", "10000"))
CROWD = 20
"""Stories that a long example tells side by side."""
BEGIN = datetime(2026, 11, 1, 20, tzinfo=UTC)
"""Stories go past midnight, up to which some baselines learn."""
SOURCE = "kubernetes_audit"
RULES = "".join(
    f"---\ntitle: {name}\nname: {name}\nlogsource: {{product: kubernetes}}\n"
    f"detection: {{a: {{verb: {name}}}, condition: a}}\n"
    for name in ("a", "b")
)
HOUR = timedelta(hours=1)


def correlation(name: str, kind: str, rules: tuple[str, ...], *bounds: tuple[str, int], **more: Any) -> Correlation:
    return Correlation(
        uid=name,
        name=name,
        title=name,
        type=CorrelationType(kind),
        rules=rules,
        timespan=more.pop("timespan", HOUR),
        group_by=("user.username",),
        bounds=tuple(Bound(op=op, limit=Decimal(limit)) for op, limit in bounds),
        generate=True,
        **more,
    )


def baseline(name: str, kind: str, **more: Any) -> Baseline:
    known: dict[str, Any] = {
        "history": 6 * HOUR,
        "warm_up": HOUR,
        "min_observations": 2,
        "window": HOUR,
        "rules": ("a", "b"),
    }
    return Baseline(
        uid=name, name=name, title=name, kind=kind, entity=("user.username",), generate=True, **{**known, **more},
    )  # fmt: skip


ANALYTICS: tuple[tuple[Correlation | Baseline, ...], ...] = (
    (correlation("count", "event_count", ("a", "b"), ("gte", 3)),),
    (correlation("range", "event_count", ("a",), ("gte", 2), ("lt", 4)),),
    (correlation("few", "event_count", ("a",), ("eq", 1)),),
    (correlation("values", "value_count", ("a", "b"), ("gte", 2), field=("objectRef.name",)),),
    (correlation("sum", "value_sum", ("a",), ("gte", 12), field=("size",)),),
    (correlation("average", "value_avg", ("a", "b"), ("gt", 5), field=("size",)),),
    (correlation("median", "value_median", ("a", "b"), ("gte", 6), field=("size",)),),
    (correlation("both", "temporal", ("a", "b")),),
    (correlation("only", "temporal", ("a", "b"), expression=Both(parts=("a", Without(part="b")))),),
    (correlation("order", "temporal_ordered", ("a", "b")),),
    (correlation("absent", "absence", ("a", "b")),),
    (
        correlation("low", "event_count", ("a", "b"), ("gte", 2), timespan=HOUR / 2),
        correlation("chain", "event_count", ("low",), ("gte", 2), timespan=3 * HOUR),
    ),
    (
        correlation("absent", "absence", ("a", "b")),
        correlation("after", "temporal_ordered", ("absent", "b"), timespan=2 * HOUR),
    ),
    (
        baseline("new", "first_seen", value=("objectRef.name",)),
        correlation("then", "temporal_ordered", ("new", "b")),
    ),
    (baseline("seldom", "rare", value=("objectRef.name",)),),
    (
        baseline(
            "unusual", "rare", value=("objectRef.name",), rules=("a",), history=3 * HOUR, options={"max_share": 0.3}
        ),
    ),
    (baseline("quiet", "silence"),),
    (
        baseline(
            "more",
            "spike",
            history=48 * HOUR,
            min_observations=1,
            options={"min_volume": 1, "threshold": 0.5, "min_spread": 0.5},
        ),
    ),
    (
        baseline(
            "larger",
            "spike",
            rules=("a",),
            measure="size",
            history=24 * HOUR,
            min_observations=1,
            window=HOUR / 2,
            options={"min_volume": 1, "threshold": 0.5, "min_spread": 0.5},
        ),
    ),
    (baseline("edge", "new_edge", value=("objectRef.name",), options={"destination_age": HOUR}),),
    (
        baseline(
            "brief",
            "short_lived",
            value=("objectRef.name",),
            options={"created": ("a",), "gone": ("b",), "within": 2 * HOUR},
        ),
    ),
)


@dataclass(frozen=True)
class Copy:
    """One delivered copy of an event."""

    uid: str
    who: str
    minute: int
    rules: frozenset[str]
    name: str
    size: int
    revision: int
    place: int

    @property
    def time(self) -> datetime:
        return BEGIN + timedelta(minutes=self.minute)


@dataclass(frozen=True)
class Step:
    """One run: what came, what was known, where it stopped."""

    copies: tuple[Copy, ...]
    as_of: int
    taught: frozenset[str]
    dies: str
    """Before which step: "" (it does not), "events", "advance"."""


@st.composite
def stories(draw: st.DrawFn, *, side_by_side: int = 1) -> list[Step]:
    """Runs over a few entities' events; `side_by_side` such stories, of other entities each, share the runs.

    Hypothesis draws the shape, and a seed for the details: quick to make.
    """
    dice = random.Random(draw(st.integers(0, 2**32)))
    runs = draw(st.integers(1, 4))
    told = [_story(dice, draw(st.integers(1, 24)), runs, number) for number in range(side_by_side)]
    steps: list[Step] = []
    taught: set[str] = set()
    as_of = dice.choice((300, 500, 700))
    for number in range(runs):
        copies = tuple(copy for story in told for copy in story[number])
        if copies and dice.random() < 0.2:
            taught.add(f"{SOURCE}/{dice.choice(copies).uid}")
        before = [copy for step in steps for copy in step.copies]
        repeated = tuple(dice.choices(before, k=2)) if before and dice.random() < 0.5 else ()
        steps.append(
            Step((*copies, *repeated), as_of, frozenset(taught), dice.choice(("", "", "", "events", "advance")))
        )
        if steps[-1].dies == "events":  # nothing says that it was taken: it is sent again
            steps.append(replace(steps[-1], dies=""))
        as_of += dice.choice((0, 0, 30, 120))
    return steps


def _story(dice: random.Random, size: int, runs: int, number: int) -> list[list[Copy]]:
    """The events of three entities, and further copies of some, by run."""
    first = number * 100
    events = [_event(dice, first + place, f"{number}") for place in range(size)]
    more = dice.choice((0, 0, 2, 6))
    every = [*events, *(_copy(dice, dice.choice(events), first + size + place) for place in range(more))]
    order = sorted(every, key=lambda copy: copy.minute) if dice.random() < 0.3 else dice.sample(every, len(every))
    cuts = [0, *sorted(dice.randrange(len(order) + 1) for _ in range(runs - 1)), len(order)]
    return [order[start:end] for start, end in pairwise(cuts)]


def _event(dice: random.Random, number: int, story: str) -> Copy:
    burst = dice.choice((0, 200, 420))
    return Copy(
        uid=f"e{number}",
        who=story + dice.choice("xyz"),
        minute=burst + dice.choice((dice.randrange(0, 60), dice.randrange(0, 60), dice.randrange(0, 300))),
        rules=frozenset(dice.choice((("a",), ("b",), ("a", "b"), ("a",)))),
        name=dice.choice("nmk"),
        size=dice.randrange(1, 9),
        revision=1,
        place=number,
    )


def _copy(dice: random.Random, of: Copy, place: int) -> Copy:
    if dice.random() < 0.3:
        return replace(of, place=place)
    return replace(
        of,
        place=place,
        revision=dice.randrange(3),
        rules=frozenset(dice.choice(((), ("a",), ("b",), ("a", "b")))),
        name=dice.choice("nmk"),
        minute=of.minute + dice.choice((0, 0, 40)),
    )


@cache
def plan(number: int) -> Plan:
    bodies = ANALYTICS[number]
    rules = load_text(RULES, file="r.yml").rules
    made = compile(rules, (), SOURCES, (), [body for body in bodies if isinstance(body, Correlation)])
    baselines = [body for body in bodies if isinstance(body, Baseline)]
    if baselines:
        from stratagem.detect.analytics import resolve

        resolved = resolve(bodies, rules, {}, {})
        made = replace(made, analytics=resolved.analytics, observed=resolved.observed, rejected=resolved.rejected)
    assert not made.rejected
    return made


class Lake:
    """The tables of a lake in memory, and the steps of a run over them."""

    def __init__(self, made: Plan, back: timedelta | None = None, *, forgets: bool = False) -> None:
        self.plan = made
        self.back = back
        """How far before its time a run may change findings."""
        self.forgets = forgets
        self.connection = connect()
        self.connection.register("_empty", stored.STORED.empty_table())
        self.connection.execute("CREATE TABLE stored AS SELECT *, false AS is_new FROM _empty")
        self.connection.execute(
            "CREATE TABLE held (source VARCHAR, event_uid VARCHAR, time TIMESTAMPTZ, revision VARCHAR, "
            'record_hash BIGINT, file VARCHAR, "offset" BIGINT, "index" BIGINT)'
        )
        create(self.connection)
        self.state: State | None = None
        self.latest: datetime | None = None
        self.current: dict[str, tuple[Any, ...]] = {}

    def run(self, step: Step) -> None:
        connection = self.connection
        connection.register("arrived", _events(step.copies))
        connection.register("fresh_observed", _observations(self.plan, step.copies))
        stored.admit(connection)
        connection.execute("INSERT INTO stored SELECT *, true FROM admitted")
        if step.dies == "events":
            return
        connection.execute("INSERT INTO held SELECT * FROM arrived")
        for copy in step.copies:
            self.latest = max(self.latest or copy.time, copy.time)
        if step.dies == "advance":
            return
        self.advance(step)

    def advance(self, step: Step) -> None:
        connection = self.connection
        connection.execute("DELETE FROM taught")
        for uid in sorted(step.taught):
            connection.execute("INSERT INTO taught VALUES (?)", [uid])
        stored.stand(self.plan, connection)
        latest = {SOURCE: self.latest} if self.latest else {}
        now = moments(
            self.plan, Times(as_of=BEGIN + timedelta(minutes=step.as_of)), latest, {SOURCE: timedelta(minutes=15)}
        )
        horizon = BEGIN + timedelta(minutes=step.as_of) - self.back if self.back else None
        self.state = advance(self.plan, connection, now, horizon, self.state)
        connection.execute("UPDATE stored SET is_new = false")
        if self.forgets and horizon:
            oldest = limits(self.plan, horizon).oldest
            assert oldest is not None
            connection.execute("DELETE FROM stored WHERE time < ?", [oldest + MARGIN])
        for row in connection.execute("SELECT * FROM changes").fetchall():
            if row[-2]:
                self.current[row[1]] = row[:-2]
            else:
                del self.current[row[1]]

    def episodes(self) -> list[tuple[Any, ...]]:
        return sorted(self.connection.execute("SELECT * FROM episodes").fetchall(), key=lambda row: row[1])


def _events(copies: Sequence[Copy]) -> Any:
    rows = [
        {
            "source": SOURCE, "event_uid": copy.uid, "time": copy.time, "revision": f"{copy.revision:03}",
            "record_hash": hash((copy.rules, copy.name, copy.minute)) % 1000 - 500, "file": "f", "offset": copy.place,
            "index": 0,
        }
        for copy in copies
    ]  # fmt: skip
    names = ("source", "event_uid", "time", "revision", "record_hash", "file", "offset", "index")
    schema = pa.schema([stored.STORED.field(name) for name in names])
    return pa.Table.from_pylist(rows, schema=schema)


def _observations(made: Plan, copies: Sequence[Copy]) -> Any:
    return pa.Table.from_pylist([row for copy in copies for row in _rows(made, copy)], schema=stored.STORED)


def _rows(made: Plan, copy: Copy) -> Iterator[dict[str, Any]]:
    fields = {"user.username": copy.who, "objectRef.name": copy.name, "size": str(copy.size), SCOPE: ""}
    for index, asks in made.observed.items():
        if made.rules[index].name in copy.rules:
            yield {
                "rule": made.rules[index].uid, "version": version(made.rules[index], asks), "source": SOURCE,
                "event_uid": copy.uid, "time": copy.time, "file": "f", "offset": copy.place, "index": 0,
                "values": [[fields[ask.field]] if ask.field in fields else [] for ask in asks], "day": copy.time.date(),
            }  # fmt: skip


def check(number: int, steps: Sequence[Step]) -> None:
    made = plan(number)
    lake, whole = Lake(made), Lake(made)
    for step in steps:
        lake.run(step)
    last = replace(steps[-1], dies="", copies=())
    lake.run(last)
    everything = tuple(copy for step in steps for copy in step.copies)
    whole.run(replace(last, copies=tuple(sorted(set(everything), key=lambda copy: copy.place))))
    assert lake.episodes() == whole.episodes()
    assert lake.current == {row[1]: row for row in whole.episodes()}


def check_horizon(number: int, steps: Sequence[Step], back: timedelta) -> None:
    made = plan(number)
    lake, whole = Lake(made, back, forgets=True), Lake(made, back)
    for step in steps:
        lake.run(step)
    last = replace(steps[-1], dies="", copies=())
    lake.run(last)
    everything = {copy.place: copy for step in steps for copy in step.copies}
    whole.run(replace(last, copies=tuple(everything[place] for place in sorted(everything))))
    settled = limits(made, BEGIN + timedelta(minutes=last.as_of) - back).settled

    def after(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Episodes (analytic, uid, key, value, anchor, first, last, crossed, ...) that are not settled."""
        return sorted((row for row in rows if row[7] >= settled[row[0]]), key=lambda row: row[1])

    assert after(lake.episodes()) == after(lake.current.values()) == whole.episodes()


@pytest.mark.parametrize("number", range(len(ANALYTICS)), ids=lambda number: ANALYTICS[number][-1].name)
@settings(max_examples=EXAMPLES // 10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=stories(), minutes=st.integers(60, 500))
def test_what_is_dropped_behind_a_horizon_changes_nothing_after_it(
    number: int, steps: list[Step], minutes: int
) -> None:
    check_horizon(number, steps, timedelta(minutes=minutes))


@pytest.mark.parametrize("number", range(len(ANALYTICS)), ids=lambda number: ANALYTICS[number][-1].name)
@settings(max_examples=EXAMPLES // 10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=stories())
def test_what_is_found_depends_on_the_events_alone(number: int, steps: list[Step]) -> None:
    check(number, steps)


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(ANALYTICS)), ids=lambda number: ANALYTICS[number][-1].name)
@settings(max_examples=-(-LONG // len(ANALYTICS) // CROWD), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=stories(side_by_side=CROWD))
def test_what_is_found_depends_on_the_events_alone_in_ten_thousand_stories(number: int, steps: list[Step]) -> None:
    check(number, steps)
