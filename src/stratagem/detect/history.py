"""The second stage over a lake: observations and episodes that outlive a run.

A run adds its observations, then its events, then what they changed, each in one commit. Whatever it dies between, the
next run goes on from what is there: observations are known by their place, and what has not been evaluated is seen by
the version of the table that the last evaluation read.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from stratagem.arrays import array
from stratagem.detect import stored
from stratagem.detect.advance import State, advance
from stratagem.detect.analytics import version
from stratagem.detect.compile import Plan
from stratagem.detect.correlate import create, moments, teach_not
from stratagem.detect.episodes import episode_uid
from stratagem.detect.forget import limits
from stratagem.detect.observed import gather
from stratagem.detect.recall import recall
from stratagem.detect.times import Times
from stratagem.detect.verdicts import Incidents
from stratagem.lake.side import SideTable, copies_held, copies_written
from stratagem.lake.store import Lake
from stratagem.lake.writer import Written
from stratagem.relation import EPISODES
from stratagem.sources._contract import Source
from stratagem.sqltext import at, listed

_MEMBERS = pa.list_(
    pa.field(
        "element",
        pa.struct(
            [
                pa.field("rule", pa.string()),
                pa.field("uid", pa.string()),
                pa.field("time", pa.timestamp("us", tz="UTC")),
            ]
        ),
    )
)
_KINDS = {"VARCHAR": pa.string(), "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"), "BIGINT": pa.int64()}

FOUND = pa.schema(
    [
        pa.field("step", pa.int64()),
        pa.field("finding", pa.string()),
        pa.field("analytic", pa.string()),
        pa.field("uid", pa.string()),
        *(pa.field(name, _KINDS.get(kind, _MEMBERS)) for name, kind in EPISODES.items()),
        pa.field("events", _MEMBERS),
        pa.field("is_current", pa.bool_()),
        pa.field("superseded_by", pa.string()),
        pa.field("state", pa.string()),
    ]
)
"""The log of findings: of each, the row of the last step tells whether it is current. A row without an analytic holds
the state from which the next evaluation goes on."""


def tables(lake: Lake) -> tuple[SideTable, SideTable]:
    """The tables `matches` (observations) and `findings` of a lake."""
    matches = SideTable(lake=lake, name="matches", schema=stored.STORED, partitions=("day",))
    return matches, SideTable(lake=lake, name="findings", schema=FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """What the last evaluation left."""

    state: State | None = None
    read: int | None = None
    """The version of `matches` that it had read."""
    step: int = 0
    kept_from: date | None = None


@dataclass(slots=True)
class History:
    """One run's use of a lake's observations and findings, in the order of its methods."""

    plan: Plan
    lake: Lake
    connection: Any
    sources: Mapping[str, Source]
    matches: SideTable = field(init=False)
    found: SideTable = field(init=False)
    _kept_from: date | None = None
    """Observations of earlier days were dropped."""

    def __post_init__(self) -> None:
        self.matches, self.found = tables(self.lake)
        self.matches.create()
        self.found.create()

    def record(self, written: Iterable[Written], run_id: str) -> None:
        """Add the run's observations (the view `seen`); `written` are its events, which wait for their commit."""
        connection = self.connection
        _fresh(connection, "seen")
        files = tuple(written)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE arrived AS {copies_written(connection, self.lake, files)}")
        days = sorted({file.day for file in files})
        near = f"day >= '{days[0]}' AND day <= '{days[-1]}'" if days else ""
        connection.execute(f"CREATE OR REPLACE TEMP VIEW held AS {copies_held(connection, self.lake, near)}")
        self._see(frozenset())
        stored.admit(connection)
        self._keep({run_id: 1, **({} if self._is_behind() else self._covers())})

    def catch_up(self, folder: Path, times: Times | None = None) -> bool:
        """Observe the lake's events for rules that were not observed before, or not like this. Whether there were any.

        Observations go through `folder`. All are made again where `times` ask for some that were dropped.
        """
        covers = self._covers()
        missing = [rule for rule, name in self._covering().items() if not self.matches.has(app_id=name)]
        self._kept_from = self._last().kept_from
        if times is not None and self._kept_from is not None:
            oldest = limits(self.plan, times.horizon).oldest
            if oldest is None or oldest.date() < self._kept_from:
                missing, self._kept_from = list(self._covering()), None
                covers |= {f"again/{uuid.uuid4().hex}": 1}
        if not missing:
            return False
        connection = self.connection
        recall(self.plan, missing, self.lake, self.sources, folder)
        gather(connection, folder, "recalled")
        _fresh(connection, "recalled")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE arrived AS {copies_held(connection, self.lake)}")
        connection.execute("CREATE OR REPLACE TEMP VIEW held AS SELECT * FROM arrived LIMIT 0")
        self._see(frozenset())
        stored.admit(connection, is_recalled=True)
        self._keep(covers)
        return True

    def observations(self, folder: Path) -> Mapping[str, datetime]:
        """Make `observed` of all that the lake holds, and `episodes` as they were last evaluated: for questions, which
        change no finding. Gives the greatest event time of each source.
        """
        self.catch_up(folder)
        self._see(frozenset())
        stored.stand(self.plan, self.connection)
        create(self.connection)
        if self._last().state is not None:
            self._recall()
        return {name: time for name, time in self.lake.latest().items() if name in self.sources}

    def evaluate(self, times: Times, incidents: Incidents) -> State:
        """Bring the findings up to date. Leaves `changes` and `observed` (see `advance`), and `stored`."""
        connection = self.connection
        last = self._last()
        before, read = last.state, last.read
        here = self.matches.version()
        known = self.matches.files(read) if read is not None else frozenset()
        self._see(known)
        stored.stand(self.plan, connection)
        create(connection)
        teach_not(connection, incidents.events)
        connection.execute(
            "INSERT INTO taught SELECT DISTINCT unnest(events).uid FROM log "
            "WHERE finding IN (SELECT unnest(?::VARCHAR[]))",
            [sorted(incidents.findings)],
        )
        if before is not None:
            self._recall()
        latest = self.lake.latest()
        lateness = {name: self.sources[name].lateness for name in latest if name in self.sources}
        now = moments(self.plan, times, {name: latest[name] for name in lateness}, lateness)
        state = advance(self.plan, connection, now, times.horizon, before)
        self._write(state, here, last.step + 1)
        return state

    def tidy(self, times: Times) -> None:
        """Drop what lies too far behind the horizon, and join small files now and then.

        Observations that no analytic reaches go with their days, findings that ended before them with the next joining.
        """
        before = self.matches.version()
        oldest = limits(self.plan, times.horizon).oldest
        if oldest is not None and any(day < oldest.date().isoformat() for day in self.matches.values_of("day")):
            self.matches.delete(f"day < '{oldest.date().isoformat()}'")
            self._kept_from = oldest.date()
        if self.matches.is_crowded():
            self.matches.compact()
        is_moved = self.matches.version() != before
        if self.found.is_crowded():
            self._join_findings(oldest)
        if is_moved:
            # What the files of this version hold has been evaluated: others are new to the next run.
            last = self._last()
            assert last.state is not None
            self._mark(last.state, self.matches.version(), last.step + 1)

    def _join_findings(self, oldest: datetime | None) -> None:
        """Write the log of findings as one file, without the states before the last and what is too old."""
        self._last()
        old = f"AND last >= {at(oldest)}" if oldest else ""
        rows = self.connection.sql(
            "SELECT * EXCLUDE (filename) FROM log WHERE (analytic = '' AND step = (SELECT max(step) FROM log WHERE "
            f"analytic = '')) OR (analytic <> '' {old}) ORDER BY step, finding"
        ).to_arrow_table()
        self.found.replace(rows)

    def _covering(self) -> dict[int, str]:
        """The name under which the table knows that a rule's version has been observed throughout."""
        return {
            rule: f"covers/{self.plan.rules[rule].uid}/{version(self.plan.rules[rule], asks, self.plan.context)}"
            for rule, asks in self.plan.observed.items()
        }

    def _covers(self) -> dict[str, int]:
        return dict.fromkeys(self._covering().values(), 1)

    def _is_behind(self) -> bool:
        """Whether the lake has events that some rule has not seen."""
        return any(not self.matches.has(app_id=name) for name in self._covering().values()) and bool(
            self.lake.table().file_uris()
        )

    def _see(self, known: frozenset[str]) -> None:
        """Make the view `stored`: all rows, those of files that are not `known` marked as new."""
        rows = self.matches.select(self.connection, self.matches.files())
        names = listed(sorted(known))
        is_new = f"filename NOT IN ({names})" if names else "true"
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW stored AS SELECT * EXCLUDE (filename), {is_new} AS is_new FROM ({rows})"
        )

    def _keep(self, transactions: Mapping[str, int]) -> None:
        rows = self.connection.sql("SELECT * FROM admitted ORDER BY day, rule, time").to_arrow_table()
        self.matches.append(rows, transactions=transactions)

    def _last(self) -> _Last:
        """What the last evaluation left. Makes the view `log`."""
        rows = self.found.select(self.connection, self.found.files())
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW log AS {rows}")
        last = self.connection.execute(
            "SELECT state, step FROM log WHERE analytic = '' ORDER BY step DESC LIMIT 1"
        ).fetchall()
        if not last:
            return _Last()
        told = json.loads(last[0][0])
        kept = told.get("kept_from")
        return _Last(
            state=_state(told),
            read=told["matches"],
            step=last[0][1],
            kept_from=date.fromisoformat(kept) if kept else None,
        )

    def _recall(self) -> None:
        """Fill `episodes` with the current ones of the plan's analytics."""
        numbers = {one.body.uid: number for number, one in enumerate(self.plan.analytics)}
        self.connection.register(
            "_numbers",
            pa.table(
                {
                    "analytic": array(list(numbers), pa.string()),
                    "number": array(list(numbers.values()), pa.int32()),
                }
            ),
        )
        episode = ", ".join(f'log."{name}"' for name in EPISODES)
        self.connection.execute(
            f"INSERT INTO episodes SELECT number, log.uid, {episode}, log.events FROM log JOIN _numbers "
            "ON log.analytic = _numbers.analytic QUALIFY is_current AND "
            "row_number() OVER (PARTITION BY log.uid ORDER BY step DESC, is_current DESC) = 1"
        )

    def _write(self, state: State, read: int, step: int) -> None:
        episode = ", ".join(f'"{name}"' for name in EPISODES)
        rows = self.connection.sql(
            f"SELECT analytic, uid, {episode}, events, is_current, superseded_by FROM changes"
        ).to_arrow_table()
        ids = self._finding_ids(rows)
        names = [self.plan.analytics[number].body.uid for number in rows["analytic"].to_pylist()]
        over = rows["superseded_by"].to_pylist()
        columns = {name: rows[name] for name in rows.column_names}
        columns |= {
            "step": array([step] * rows.num_rows, pa.int64()),
            "finding": array(ids, pa.string()),
            "analytic": array(names, pa.string()),
            "superseded_by": array([self._finding_of(uid) for uid in over], pa.string()),
            "state": pa.nulls(rows.num_rows, pa.string()),
        }
        told = pa.table([columns[name].cast(FOUND.field(name).type) for name in FOUND.names], schema=FOUND)
        self._mark(state, read, step, told)

    def _mark(self, state: State, read: int, step: int, *rows: Any) -> None:
        """Add rows of findings, and the state that they lead to."""
        mark = {"step": step, "analytic": "", "state": json.dumps(_told(state, read, self._kept_from))}
        self.found.append(pa.concat_tables([*rows, _row(mark)]), transactions={"step": step})

    def _finding_ids(self, rows: Any) -> list[str]:
        columns = (rows[name].to_pylist() for name in ("analytic", "key", "value", "anchor"))
        return [self._finding_id(*row) for row in zip(*columns, strict=True)]

    def _finding_id(self, analytic: int, key: str, value: str | None, anchor: str) -> str:
        body = self.plan.analytics[analytic].body
        return episode_uid(body.strategy or body.uid, body.uid, key, value, anchor)

    def _finding_of(self, uid: str | None) -> str | None:
        """The finding of a current episode."""
        if uid is None:
            return None
        rows = self.connection.execute("SELECT analytic, key, value, anchor FROM episodes WHERE uid = ?", [uid])
        return self._finding_id(*rows.fetchall()[0])


def _fresh(connection: Any, seen: str) -> None:
    """Make the view `fresh_observed`: observations as they are stored."""
    connection.execute(
        "CREATE OR REPLACE TEMP VIEW fresh_observed AS SELECT * EXCLUDE (uid_hash, digest, filename, file_row_number), "
        "NULL::VARCHAR AS revision, NULL::BIGINT AS record_hash, false AS is_recalled, time::DATE AS day "
        f"FROM {seen}"
    )


def _row(values: Mapping[str, Any]) -> Any:
    """One row of the log, null where `values` has nothing."""
    return pa.table(
        [array([values[one.name]], one.type) if one.name in values else pa.nulls(1, one.type) for one in FOUND],
        schema=FOUND,
    )


def _told(state: State, read: int, kept_from: date | None) -> dict[str, Any]:
    return {
        "kept_from": kept_from.isoformat() if kept_from else None,
        "matches": read,
        "as_of": state.as_of.isoformat(),
        "horizon": state.horizon.isoformat() if state.horizon else None,
        "analytics": dict(state.analytics),
        "watermarks": {name: time.isoformat() for name, time in state.watermarks.items()},
        "taught": state.taught,
    }


def _state(told: Mapping[str, Any]) -> State:
    return State(
        as_of=datetime.fromisoformat(told["as_of"]),
        horizon=datetime.fromisoformat(told["horizon"]) if told["horizon"] else None,
        analytics=told["analytics"],
        watermarks={name: datetime.fromisoformat(time) for name, time in told["watermarks"].items()},
        taught=told["taught"],
    )
