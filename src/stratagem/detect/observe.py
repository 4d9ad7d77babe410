"""Observations: what a rule's events leave for the analytics that use it, one row each, in files of their own.

A row holds the event's id, time and place, and the values of the fields that the plan asks for: each a list of texts,
because a path may go through an array. Rows go to Parquet as they come, so that memory does not grow with them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from xxhash import xxh3_64_hexdigest

from stratagem.arrays import array, same
from stratagem.clock import parse_time
from stratagem.detect.analytics import ACTOR, COLUMN, OWN, SCOPE, Ask, version
from stratagem.detect.compile import Plan
from stratagem.detect.model import Location
from stratagem.events.connected import Connected
from stratagem.rules.fetch import reader, values
from stratagem.rules.resolve import MISSING, PLAIN, Resolver
from stratagem.sources._contract import Labels, Native, Source
from stratagem.sources._json import encode

OBSERVED = pa.schema(
    [
        pa.field("rule", pa.string()),
        pa.field("version", pa.string()),
        pa.field("source", pa.string()),
        pa.field("event_uid", pa.string()),
        pa.field("uid_hash", pa.uint64()),
        pa.field("time", pa.timestamp("us", tz="UTC")),
        pa.field("file", pa.string()),
        pa.field("offset", pa.int64()),
        pa.field("index", pa.int64()),
        pa.field("digest", pa.uint64()),
        pa.field("cluster", pa.string()),
        pa.field("account", pa.string()),
        pa.field("tenant", pa.string()),
        pa.field("region", pa.string()),
        pa.field("values", pa.list_(pa.field("element", pa.list_(pa.field("element", pa.string()))))),
    ]
)
"""`values` holds one list for each field that the rule's events are asked for, in the order of `Plan.observed`;
`version` names that order, the rule and its filters."""

_ROWS = 8192
"""Rows that are made and written together."""
_LONG = 512
"""Characters of a value that are kept; the rest becomes a digest, so that unlike values stay unlike."""
_MANY = 256
"""Values of one field of one event that are kept."""
_SCOPES = ("cluster", "account", "tenant")
_FACTORS = {
    "": Decimal(1),
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", start=1)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)},
}
_EXACT = Decimal("1e-9")
_GREATEST = Decimal("1e29")

Texts = list[str]


@dataclass(slots=True)
class _Row:
    """An observation that may still wait for its columns."""

    rule: int
    source: str
    uid: str
    uid_hash: int
    time: datetime
    location: Location
    digest: int
    labels: Labels
    values: list[Texts | None]
    """None: to be looked up in the event's columns."""
    native: Native | None = None


@dataclass(slots=True)
class Observer:
    """Takes events on which observed rules hold, and writes them below `folder`; one a process, until `close`."""

    plan: Plan
    sources: Mapping[str, Source]
    folder: Path
    connected: Connected = field(default_factory=Connected)
    _rows: list[_Row] = field(default_factory=list)
    _readers: dict[tuple[int, str], list[Callable[[Native], Texts | None]]] = field(default_factory=dict)
    _resolvers: dict[str, Resolver] = field(default_factory=dict)
    _versions: dict[int, str] = field(default_factory=dict)
    _writers: dict[int, Any] = field(default_factory=dict)

    def take(
        self,
        rule: int,
        source: str,
        native: Native,
        labels: Labels,
        uid: str,
        uid_hash: int,
        time: str | int | float,
        location: Location,
        digest: int,
    ) -> None:
        """One event on which a rule holds, as its source's canonical record."""
        found = [read(native) for read in self._read_by(rule, source)]
        row = _Row(
            rule=rule,
            source=source,
            uid=uid,
            uid_hash=uid_hash,
            time=parse_time(time),
            location=location,
            digest=digest,
            labels=labels,
            values=found,
            native=native if None in found else None,
        )
        self._keep(row)

    def take_columns(
        self,
        rule: int,
        source: str,
        columns: Mapping[str, Any],
        labels: Labels,
        uid: str,
        uid_hash: int,
        location: Location,
        digest: int,
    ) -> None:
        """One event on which a rule on columns holds, by its columns (nested, without nulls)."""
        row = _Row(
            rule=rule,
            source=source,
            uid=uid,
            uid_hash=uid_hash,
            time=columns["time"],
            location=location,
            digest=digest,
            labels=labels,
            values=[from_columns(ask, columns) for ask in self.plan.observed[rule]],
        )
        self._keep(row)

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _keep(self, row: _Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self._flush()

    def _read_by(self, rule: int, source: str) -> list[Callable[[Native], Texts | None]]:
        key = (rule, source)
        if key not in self._readers:
            if source not in self._resolvers:
                self._resolvers[source] = Resolver.for_source(self.sources[source])
            resolver = self._resolvers[source]
            self._readers[key] = [_reading(ask, resolver) for ask in self.plan.observed[rule]]
        return self._readers[key]

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        self._look_up(rows)
        by_rule: dict[int, list[_Row]] = {}
        for row in rows:
            by_rule.setdefault(row.rule, []).append(row)
        for rule, mine in by_rule.items():
            self._write(rule, mine)

    def _look_up(self, rows: Sequence[_Row]) -> None:
        """Fill what the records did not say from the events' columns."""
        late = [row for row in rows if row.native is not None]
        if not late:
            return
        from stratagem.events.project import project_many

        for source in sorted({row.source for row in late}):
            some = [row for row in late if row.source == source]
            records = [(encode(row.native), row.uid, row.labels) for row in some if row.native is not None]
            found = project_many(source, self.sources[source], records, self.connected(), only=self._tops(source))
            for row, columns in zip(some, found, strict=True):
                asks = self.plan.observed[row.rule]
                row.values = [
                    from_columns(ask, columns) if texts is None else texts
                    for ask, texts in zip(asks, row.values, strict=True)
                ]
                row.native = None

    def _tops(self, source: str) -> frozenset[str]:
        """The columns that a source's fields may be looked up in: always the same, so that one statement is bound."""
        rules = self.plan.observed.keys() & self.plan.routes.get(source, ())
        asks = {ask.field for rule in rules for ask in self.plan.observed[rule]}
        return frozenset(top for name in asks if _may_need_columns(name) for top in _top(name))

    def _write(self, rule: int, rows: Sequence[_Row]) -> None:
        plan = self.plan
        if rule not in self._versions:
            self._versions[rule] = version(plan.rules[rule], plan.observed[rule], plan.context)
        count = len(rows)
        columns = [
            same(plan.rules[rule].uid, count),
            same(self._versions[rule], count),
            array([row.source for row in rows], pa.string()),
            array([clean(row.uid) for row in rows], pa.string()),
            array([row.uid_hash for row in rows], pa.uint64()),
            array([row.time for row in rows], OBSERVED.field("time").type),
            array([clean(row.location.file) for row in rows], pa.string()),
            array([row.location.offset for row in rows], pa.int64()),
            array([row.location.index for row in rows], pa.int64()),
            array([row.digest for row in rows], pa.uint64()),
            *(array([getattr(row.labels, name) for row in rows], pa.string()) for name in Labels._fields),
            array([[texts or [] for texts in row.values] for row in rows], OBSERVED.field("values").type),
        ]
        table = pa.Table.from_arrays(columns, schema=OBSERVED)
        if rule not in self._writers:
            path = self.folder / file_name(rule, f"{os.getpid()}-{id(self):x}")
            self._writers[rule] = pq.ParquetWriter(path, OBSERVED, compression="LZ4", store_schema=False)
        self._writers[rule].write_table(table)


def file_name(rule: int, part: str) -> str:
    """The name of a file with observations of one rule."""
    return f"rule{rule}-{part}.parquet"


def _reading(ask: Ask, resolver: Resolver) -> Callable[[Native], Texts | None]:
    """What reads a field's texts from a record; what it gives is None where the columns have to be asked."""
    name = ask.field
    if _is_column(name):
        return lambda record: None
    read = reader(name, resolver)

    def texts(record: Native) -> Texts | None:
        found = read(record)
        if found is MISSING:
            return None if name in OWN else []
        return _texts(values(found), ask.is_number)

    return texts


def _is_column(name: str) -> bool:
    # Workspace's `actor` is an object and GitHub's a login: neither is what joins providers.
    return name.startswith(COLUMN) or name in (SCOPE, ACTOR)


def _may_need_columns(name: str) -> bool:
    return _is_column(name) or name in OWN


def _top(name: str) -> tuple[str, ...]:
    if name == SCOPE:
        return _SCOPES
    if name == ACTOR:
        return ("principal",)
    if name == "region":
        return ("region", "cloud")
    return (name.removeprefix(COLUMN).split(".")[0],)


def from_columns(ask: Ask, columns: Mapping[str, Any]) -> Texts:
    """A field's texts from an event's columns."""
    name = ask.field.removeprefix(COLUMN)
    if ask.field == SCOPE:
        # All that is known of where an event is from: an account's cluster is another than its neighbour's.
        return ["/".join(f"{label}:{columns[label]}" for label in _SCOPES if columns.get(label))]
    if ask.field == ACTOR:
        name = "principal"
    found = PLAIN.find(columns, name)
    if found is None and name == "region":
        found = PLAIN.find(columns, "cloud.region")
    return _texts([value for final in found or () for value in values(final)], ask.is_number)


def _texts(found: Any, is_number: bool) -> Texts:
    """Distinct texts of scalars, in order; numbers as often as they stand there. Nothing else has a text."""
    texts = [text for value in found if (text := number(value) if is_number else _text(value))]
    return (texts if is_number else list(dict.fromkeys(texts)))[:_MANY]


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        value = clean(value)
        return value if len(value) <= _LONG else f"{value[:_LONG]}…{xxh3_64_hexdigest(value.encode())}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else None


def clean(text: str) -> str:
    """The text, with what no UTF-8 can say (half of a pair of surrogates) replaced."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def number(value: Any) -> str | None:
    """A number, or the text of one or of a Kubernetes quantity (`250m`, `1Gi`), as exact decimal text; else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    suffix = text.lstrip("+-0123456789.")
    if suffix not in _FACTORS:
        suffix = ""
    try:
        amount = Decimal(text.removesuffix(suffix)) * _FACTORS[suffix]
        return f"{amount.quantize(_EXACT):f}" if abs(amount) < _GREATEST else None
    except InvalidOperation:
        return None
