"""The second stage of one run: what its observations, taken together, say.

Everything here is done after all files are read, from the observations alone, in a DuckDB that spills to disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stratagem.context.tables import register
from stratagem.detect import observed
from stratagem.detect.compile import Plan
from stratagem.detect.correlate import EPISODE_TABLE, Account, count, evaluate_all, moments, teach_not
from stratagem.detect.episodes import EpisodeFindings
from stratagem.detect.ledger import Hashes
from stratagem.detect.observed import Repeats
from stratagem.detect.tally import Copy
from stratagem.detect.times import Times
from stratagem.detect.verdicts import Incidents
from stratagem.events.query import connect
from stratagem.sources._contract import Source
from stratagem.sqltext import at, literal

if TYPE_CHECKING:
    from stratagem.detect.history import History
    from stratagem.lake.store import Lake
    from stratagem.lake.writer import Written

_MEMORY = "2GB"
"""What DuckDB holds before it spills."""


@dataclass(slots=True)
class Behaviour:
    """Observations of a run, from their folder to findings. Use it once, in the order of its methods."""

    home: Path
    """A folder of the run's own: observations are in `observed`, and what does not fit into memory goes beside it."""
    plan: Plan
    sources: Mapping[str, Source]
    threads: int = 2
    incidents: Incidents = field(default_factory=Incidents)
    connection: Any = None
    _history: History | None = None

    def gather(self) -> Mapping[str, Hashes]:
        """Take in what workers wrote; the id hashes of observed events, by source."""
        self.connection = connect(threads=self.threads)
        self.connection.execute(f"SET temp_directory = {literal(f'{self.home}/spill')}")
        self.connection.execute(f"SET memory_limit = '{_MEMORY}'")
        self.connection.execute("SET preserve_insertion_order = false")
        register(self.connection, self.plan.context)
        observed.gather(self.connection, self.home / "observed")
        return observed.hashes(self.connection)

    def doubtful(self, repeats: Repeats) -> dict[str, frozenset[int]]:
        """The observed events of which all copies must be looked at."""
        return observed.doubtful(self.connection, repeats)

    def findings(
        self, copies: Iterable[Copy], latest: Mapping[str, datetime], times: Times, attack_version: str
    ) -> tuple[EpisodeFindings, dict[str, Any]]:
        """The findings, and what the summary says about this stage."""
        observed.settle(self.connection, copies)
        teach_not(self.connection, self.incidents.events)
        lateness = {name: self.sources[name].lateness for name in latest}
        account = evaluate_all(self.plan, self.connection, moments(self.plan, times, latest, lateness), times.horizon)
        told = tell(self.plan, self.connection, times.learn_until)
        found = EpisodeFindings(self.plan, self.connection, attack_version)
        return found, summary(self.plan, account, told)

    def record(self, lake: Lake, written: Iterable[Written], run_id: str) -> None:
        """Keep the observations in a lake, before its events are."""
        self._history = self._of(lake)
        self._history.record(written, run_id)

    def changes(self, times: Times, attack_version: str) -> tuple[EpisodeFindings, dict[str, Any]]:
        """What the run changed in the lake's findings, and what the summary says about it."""
        assert self._history is not None
        again = self.home / "recalled"
        again.mkdir()
        self._history.catch_up(again, times)
        self._history.evaluate(times, self.incidents)
        told = tell(self.plan, self.connection, times.learn_until, of_changes=True)
        account = count(self.plan, self.connection, times.as_of, times.horizon)
        found = EpisodeFindings(self.plan, self.connection, attack_version)
        return found, summary(self.plan, account, told)

    def tidy(self, times: Times) -> None:
        """Let the lake forget what lies too far behind the horizon. The connection's views are of no use after it."""
        assert self._history is not None
        self._history.tidy(times)

    def recall(self, lake: Lake) -> Mapping[str, datetime]:
        """Instead of a run's: the observations of a lake as `observed`, and the greatest event time of each source."""
        self.gather()
        again = self.home / "recalled"
        again.mkdir()
        self._history = self._of(lake)
        return self._history.observations(again)

    def _of(self, lake: Lake) -> History:
        from stratagem.detect.history import History  # Delta Lake is loaded only where there is one

        return History(self.plan, lake, self.connection, self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many episodes are not among the findings, and why."""

    learned: int = 0
    """They crossed before the end of learning."""
    backfilled: int = 0
    """Of the lake's history, which a new analytic learns from."""
    withdrawn: int = 0
    """Late events or copies took them back."""


def tell(plan: Plan, connection: Any, learn_until: datetime | None, *, of_changes: bool = False) -> Told:
    """Make `told` and `evidence` of the episodes that are reported: all, or those that a run over a lake changed."""
    quiet = [number for number, one in enumerate(plan.analytics) if one.is_quiet]
    loud = f"analytic NOT IN ({', '.join(map(str, quiet))})" if quiet else "true"
    since = f"crossed >= {at(learn_until)}" if learn_until else "true"
    fresh, table = "true", "episodes"
    withdrawn = 0
    if of_changes:
        table = "(SELECT * FROM changes WHERE is_current)"
        fresh = (
            "(analytic NOT IN (SELECT analytic FROM retold) OR uid IN (SELECT uid FROM (SELECT uid, "
            "unnest(events).uid AS event FROM changes) WHERE event IN "
            "(SELECT source || '/' || event_uid FROM stored WHERE is_new AND NOT is_recalled)))"
        )
        withdrawn = _one(connection, f"SELECT count(*) FROM changes WHERE NOT is_current AND {loud}")
    listed = ", ".join(f'"{name}"' for name in EPISODE_TABLE)
    connection.execute(
        f"CREATE OR REPLACE TABLE told AS SELECT row_number() OVER () - 1 AS number, {listed} FROM {table} "
        f"WHERE {loud} AND {since} AND {fresh}"
    )
    evidence(connection, "observed")
    return Told(
        learned=_one(connection, f"SELECT count(*) FROM {table} WHERE {loud} AND NOT {since}"),
        backfilled=_one(connection, f"SELECT count(*) FROM {table} WHERE {loud} AND {since} AND NOT {fresh}"),
        withdrawn=withdrawn,
    )


def _one(connection: Any, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])


def evidence(connection: Any, observations: str) -> None:
    """Make `evidence`: the observations of the events in `told`, once for each rule."""
    first, last = connection.execute(
        "SELECT min(one.time), max(one.time) FROM (SELECT unnest(events) AS one FROM told)"
    ).fetchall()[0]
    near = f"time >= {at(first)} AND time <= {at(last)}" if first else "false"
    connection.execute(
        "CREATE OR REPLACE TABLE evidence AS SELECT source || '/' || event_uid AS uid, rule, source, event_uid, time, "
        'file, "offset", "index", cluster, account, tenant, region, values '
        f"FROM {observations} WHERE {near} "
        "AND (source || '/' || event_uid) IN (SELECT DISTINCT unnest(events).uid FROM told)"
    )


def summary(plan: Plan, account: Account, told: Told) -> dict[str, Any]:
    """What a run's summary says about correlations and baselines."""
    return {
        "evaluated": len(plan.analytics),
        "matches": dict(sorted(account.matches.items())),
        "without_key": dict(sorted(account.without_key.items())),
        "later_than_as_of": account.ahead,
        "before_horizon": account.forgotten,
        "without_label": account.unlabelled,
        "learned_only": told.learned,
        "history_only": told.backfilled,
        "withdrawn": told.withdrawn,
    }
