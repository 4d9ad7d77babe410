"""Events as columns: for the lake, and for rules that are written on OCSF fields. Runs beside the scan, batch by batch.

A rule whose condition is scalar tests runs as a SQL predicate over the batch; the rest of Sigma runs the matcher on the
row. Both see the same columns, and a property test holds them equal.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from xxhash import xxh3_64_intdigest

from stratagem.arrays import integers, moments, python, records, same, text_array, words
from stratagem.detect.compile import Plan
from stratagem.detect.informed import asks_context, beside, taken_out_by
from stratagem.detect.ledger import hash_uids
from stratagem.detect.model import Location
from stratagem.detect.observe import Observer
from stratagem.detect.pieces import Pieces
from stratagem.detect.tally import Hit, Tally
from stratagem.events.columns import PATHS, revision_text
from stratagem.events.connected import Connected
from stratagem.events.project import project, without_nulls
from stratagem.rules import matcher
from stratagem.rules.resolve import PLAIN
from stratagem.rules.sql import NotInSql, predicate
from stratagem.sources._contract import NO_LABELS, Labels, Source
from stratagem.sources._json import decode

_ROWS = 8_192
"""Events of one source that are normalised together."""
_LABELS = ("cluster", "account", "tenant", "region")


@dataclass(slots=True)
class _Waiting:
    """Parts of a batch, column by column, until it is large enough."""

    parts: list[Any] = field(default_factory=list)
    rows: int = 0
    singles: list[tuple[bytes, str, Location, Labels]] = field(default_factory=list)


class Columns:
    """Normalises events, keeps them in the lake when there is one, and runs the rules on columns."""

    def __init__(
        self,
        plan: Plan,
        sources: Mapping[str, Source],
        lake: str | None,
        observer: Observer | None = None,
        connected: Connected | None = None,
    ) -> None:
        self._plan = plan
        self._sources = sources
        self._observer = observer
        if multiprocessing.parent_process() is not None:
            _alone()
        self._connection = (connected or Connected())()
        self._waiting: dict[str, _Waiting] = {}
        self._writer = _writer(lake) if lake else None
        self._now = datetime.now(UTC)
        self._sql, self._row_tests = _split(plan)
        self._filters = {
            index: [(one, matcher.compile(one.condition, PLAIN)) for one in plan.rules[index].filters]
            for index in plan.on_columns
        }
        self._asking = {index for index, some in self._filters.items() if any(asks_context(one) for one, _ in some)}

    def add_batch(
        self, source_id: str, file: str, pieces: Pieces, uids: Sequence[str], skip: set[int], tally: Tally
    ) -> None:
        """Take the rows of a quick batch that are not in `skip`."""
        if not self._wants(source_id):
            return
        table = _table(pieces, uids, file)
        if skip:
            table = table.take(integers([row for row in range(len(pieces)) if row not in skip]))
        waiting = self._waiting.setdefault(source_id, _Waiting())
        waiting.parts.append(table)
        waiting.rows += table.num_rows
        if waiting.rows >= _ROWS:
            self._flush(source_id, tally)

    def add(self, source_id: str, raw: bytes, uid: str, location: Location, labels: Labels, tally: Tally) -> None:
        """Take one event of the careful path, as canonical JSON text."""
        if not self._wants(source_id):
            return
        waiting = self._waiting.setdefault(source_id, _Waiting())
        waiting.singles.append((raw, uid, location, labels))
        waiting.rows += 1
        if waiting.rows >= _ROWS:
            self._flush(source_id, tally)

    def flush(self, tally: Tally) -> None:
        """Normalise what waits."""
        for source_id in list(self._waiting):
            self._flush(source_id, tally)

    def close(self) -> tuple[Any, ...]:
        """The files written for the lake, to be committed together."""
        written: tuple[Any, ...] = self._writer.close() if self._writer else ()
        return written

    def _wants(self, source_id: str) -> bool:
        return self._writer is not None or source_id in self._plan.columned

    def _flush(self, source_id: str, tally: Tally) -> None:
        waiting = self._waiting.pop(source_id)
        if not waiting.rows:
            return
        parts = [*waiting.parts, *([_single_table(waiting.singles)] if waiting.singles else [])]
        batch = pa.concat_tables(parts)
        projected = project(source_id, self._sources[source_id], batch, self._connection)
        bad = [item.row for item in projected.bad]
        for item in projected.bad:
            tally.unnormalised[item.reason] += 1
        if bad:
            batch = batch.take(integers(np.setdiff1d(np.arange(batch.num_rows), bad)))
        if self._sql or self._row_tests:
            tally.hits.extend(self._hits(source_id, projected.table, batch))
        if self._writer is not None:
            self._writer.add(_kept(projected.table, batch, self._now, self._sources[source_id]))

    def _hits(self, source_id: str, table: Any, batch: Any) -> list[Hit]:
        found = [*self._by_sql(table), *self._by_row(table)]
        hits = [_hit(rule, source_id, row, batch, table) for rule, row in found]
        rows = table.take(integers([row for _, row in found])) if found else table
        hits = self._filtered(hits, rows)
        if self._observer is not None and found:
            self._observe(self._observer, hits, rows)
        return [hit for hit in hits if hit.rule not in self._plan.quiet]

    def _filtered(self, hits: list[Hit], rows: Any) -> list[Hit]:
        """The hits, with the first filter of the rule that holds on their columns and has not expired."""
        mine = [place for place, hit in enumerate(hits) if self._filters.get(hit.rule)]
        for place, columns in zip(mine, records(rows.take(integers(mine))) if mine else (), strict=True):
            hit, seen = hits[place], without_nulls(columns)
            if hit.rule in self._asking:
                rule = self._plan.rules[hit.rule]
                seen = beside(seen, self._plan.context, seen, hit.labels, columns["time"], rule.strategy)
            hits[place] = hit._replace(filtered_by=taken_out_by(self._filters[hit.rule], seen, columns["time"]))
        return hits

    def _observe(self, observer: Observer, hits: Sequence[Hit], rows: Any) -> None:
        mine = [place for place, hit in enumerate(hits) if hit.rule in self._plan.observed and hit.filtered_by is None]
        for place, columns in zip(mine, records(rows.take(integers(mine))) if mine else (), strict=True):
            hit = hits[place]
            observer.take_columns(
                hit.rule,
                hit.source,
                without_nulls(columns),
                hit.labels,
                hit.event_uid,
                hit.uid_hash,
                hit.location,
                hit.digest,
            )

    def _by_sql(self, table: Any) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        self._connection.register("columns", table)
        try:
            for rule, condition in self._sql:
                sql = f"SELECT row FROM (SELECT *, row_number() OVER () - 1 AS row FROM columns) WHERE {condition}"
                found += [(rule, int(row)) for (row,) in self._connection.execute(sql).fetchall()]
        finally:
            self._connection.unregister("columns")
        return found

    def _by_row(self, table: Any) -> list[tuple[int, int]]:
        if not self._row_tests:
            return []
        rows = [without_nulls(row) for row in records(table)]
        return [(rule, number) for rule, holds in self._row_tests for number, row in enumerate(rows) if holds(row)]


def _split(plan: Plan) -> tuple[list[tuple[int, str]], list[tuple[int, Callable[[Any], bool]]]]:
    """The rules on columns: those that SQL can say, and those that need the matcher."""
    sql: list[tuple[int, str]] = []
    tests: list[tuple[int, Callable[[Any], bool]]] = []
    for index in plan.on_columns:
        condition = plan.rules[index].condition
        try:
            sql.append((index, predicate(condition, PATHS)))
        except NotInSql:
            tests.append((index, matcher.compile(condition, PLAIN)))
    return sql, tests


def _alone() -> None:
    """Settle Arrow for a worker process: one thread, as the other cores have workers of their own.

    The system's allocator keeps freed memory for the next batch. Arrow's own gives it back, and half the time of making
    columns went into being given it again.
    """
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.set_memory_pool(pa.system_memory_pool())


def _writer(lake: str) -> Any:
    from stratagem.lake.store import Lake

    return Lake(lake).writer()


def _table(pieces: Pieces, uids: Sequence[str], file: str) -> Any:
    """The rows of a quick batch without touching each: their text is the block itself, cut at the line ends."""
    raw, offsets, indexes = pieces.columns()
    count = len(pieces)
    nothing = pa.nulls(count, pa.string())
    return pa.table(
        {
            "raw": raw,
            "event_uid": words(uids),
            "file": same(file, count),
            "offset": integers(offsets),
            "index": integers(indexes),
            **{f"label_{name}": nothing for name in _LABELS},
        }
    )


def _single_table(singles: Sequence[tuple[bytes, str, Location, Labels]]) -> Any:
    return pa.table(
        {
            "raw": text_array([raw for raw, _, _, _ in singles]),
            "event_uid": words([uid for _, uid, _, _ in singles]),
            "file": words([location.file for _, _, location, _ in singles]),
            "offset": integers([location.offset for _, _, location, _ in singles]),
            "index": integers([location.index for _, _, location, _ in singles]),
            **{f"label_{name}": words([getattr(labels, name) for _, _, _, labels in singles]) for name in _LABELS},
        }
    )


def _kept(table: Any, batch: Any, now: datetime, source: Source) -> Any:
    """The columns with the record itself and what the lake orders copies by."""
    import pyarrow.compute as pc  # its functions are made when it is loaded, and only a lake needs one

    raw = pc.utf8_rtrim(batch["raw"], "\r\n")
    columns = {
        "raw_data": raw,
        "record_hash": pa.chunked_array([_hashes(chunk) for chunk in raw.chunks], pa.int64()),
        "ingest_time": moments(now, len(raw)),
    }
    if source.revision is not None:
        columns["revision"] = words([revision_text(source.revision(decode(text))) for text in raw.to_pylist()])
    for name, column in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), column)
    return table


def _hashes(texts: Any) -> Any:
    """A hash of each text of a string array, read where it stands in the array's buffer."""
    if not len(texts):
        return integers([])
    _, ends, data = texts.buffers()
    bounds = np.frombuffer(ends, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1].tolist()
    view = memoryview(data)
    hashes = [xxh3_64_intdigest(view[start:end]) for start, end in pairwise(bounds)]
    return integers(np.array(hashes, dtype=np.uint64).view(np.int64))


def _hit(rule: int, source_id: str, row: int, batch: Any, table: Any) -> Hit:
    uid = batch["event_uid"][row].as_py()
    raw = batch["raw"][row].as_py().encode().rstrip()
    labels = {name: batch[f"label_{name}"][row].as_py() for name in _LABELS}
    return Hit(
        rule=rule,
        source=source_id,
        event_uid=uid,
        uid_hash=int(hash_uids([uid], source_id)[0]),
        time=python(table["time"].slice(row, 1))[0].isoformat(),
        location=Location(
            file=batch["file"][row].as_py(), offset=batch["offset"][row].as_py(), index=batch["index"][row].as_py()
        ),
        digest=xxh3_64_intdigest(raw),
        raw=raw,
        labels=Labels(**labels) if any(labels.values()) else NO_LABELS,
    )
