"""What findings show of events, as pieces of JSON: many times faster than through nested dicts, one event at a time.

The columns of many events are made together. Of each object that an evidence holds (actor, src_endpoint, ...) few
values differ between the events of a log, so its JSON is made once for each set of values, by the functions of
`detection_finding`: a piece is what they give, by construction, and a property test holds them equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
import pyarrow as pa

from stratagem.arrays import text_array, words
from stratagem.events.columns import PATHS
from stratagem.events.detection_finding import EVIDENCE_OBJECTS, observables, shown_objects
from stratagem.events.project import nested
from stratagem.events.query import as_inputs, select
from stratagem.events.statement import statement
from stratagem.sources._contract import NO_LABELS, Labels, Source

_REMEMBERED = 4096
"""Sets of values of one object that are remembered; whoever writes a log may write new ones without end."""
_APART = frozenset({"api.request.uid"})
"""Ids of single events: their text is put in where the rest was remembered."""
_LABELS = {"cluster": "cluster", "account": "account", "tenant": "tenant", "region": "cloud.region"}
_OBJECTS = {**{name: name for name in EVIDENCE_OBJECTS}, "container": "process.container"}
"""Object of an evidence -> the path of its columns, in the order of the evidence."""
_TIMED = "is_timed"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Shown(NamedTuple):
    """What a finding's line holds of one event."""

    objects: bytes = b""
    """Members of the evidence, each with a comma before it."""
    observables: bytes = b""
    """Elements of the finding's observables, with commas between them."""
    principal: str | None = None
    labels: Labels = NO_LABELS
    """The record's own, without those of its envelope."""


class Shower:
    """Makes what findings show of the events of one source."""

    def __init__(self, source_id: str, source: Source, connection: Any) -> None:
        self._connection = connection
        made = statement(source_id, source.ocsf, source.columns, connection)
        wanted = {*EVIDENCE_OBJECTS, "principal", *_LABELS.values()}
        paths = [path for path in made.columns if path in wanted or path.split(".")[0] in EVIDENCE_OBJECTS]
        told = {path: _told(made.columns[path], PATHS[path]) for path in paths}
        self._sql = made.selecting({_TIMED: f"({made.columns['time']}) IS NOT NULL", **told})
        self._objects = [
            _Object(name, below)
            for name, prefix in _OBJECTS.items()
            if (below := [path for path in paths if f"{path}.".startswith(f"{prefix}.")])
        ]

    def show(self, texts: Sequence[bytes], uids: Sequence[str], labels: Sequence[Labels]) -> list[Shown]:
        """One piece a record, in order. A record that cannot be normalised shows nothing."""
        columns = {"raw": text_array(texts), "event_uid": words(uids)}
        for name in _LABELS:
            given = [getattr(one, name) for one in labels]
            if any(one is not None for one in given):
                columns[f"label_{name}"] = words(given)
        table = pa.table(columns)
        rows, bad = select(self._sql, as_inputs(table), self._connection)
        count = rows.num_rows
        pieces = [each.pieces(rows) for each in self._objects]
        nothing = [()] * count
        objects = zip(*([piece[0] for piece in one] for one in pieces), strict=True) if pieces else nothing
        named = sorted(zip((one.name for one in self._objects), pieces, strict=True))
        seen = zip(*([piece[1] for piece in one] for _, one in named), strict=True) if pieces else nothing
        alone = [_values(rows, path, count) for path in ("principal", *_LABELS.values())]
        made = (
            Shown(b"".join(inside), b",".join(filter(None, found)), who, Labels(*own)) if timed else Shown()
            for timed, inside, found, who, own in zip(
                rows[_TIMED].to_pylist(), objects, seen, alone[0], zip(*alone[1:], strict=True), strict=True
            )
        )
        skip = {item.row for item in bad}
        return [Shown() if row in skip else next(made) for row in range(len(texts))]


class _Object:
    """One object of an evidence: the JSON of its values."""

    def __init__(self, name: str, paths: Sequence[str]) -> None:
        self.name = name
        self.paths = tuple(paths)
        self._apart = next((place for place, path in enumerate(paths) if path in _APART), None)
        self._mark = uuid4().hex  # nothing that a record could hold
        self._known: dict[tuple[Any, ...], tuple[bytes, bytes]] = {}

    def pieces(self, rows: Any) -> list[tuple[bytes, bytes]]:
        """(member of the evidence, elements of the observables) of each row."""
        columns = [rows[path].to_pylist() for path in self.paths]
        if self._apart is None:
            return [self._piece(values) for values in zip(*columns, strict=True)]
        apart = columns[self._apart]
        columns[self._apart] = [None if value is None else self._mark for value in apart]
        pieces = map(self._piece, zip(*columns, strict=True))
        marked = orjson.dumps(self._mark)
        return [
            piece if value is None else (piece[0].replace(marked, orjson.dumps(value)), piece[1])
            for piece, value in zip(pieces, apart, strict=True)
        ]

    def _piece(self, values: tuple[Any, ...]) -> tuple[bytes, bytes]:
        piece = self._known.get(values)
        if piece is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            piece = self._known[values] = self._made(values)
        return piece

    def _made(self, values: tuple[Any, ...]) -> tuple[bytes, bytes]:
        record = nested(
            self.paths, [_value(PATHS[path], value) for path, value in zip(self.paths, values, strict=True)]
        )
        objects = {name: one for name, one in shown_objects(record).items() if name == self.name}
        if not objects:
            return b"", b""
        return b"," + orjson.dumps(objects)[1:-1], orjson.dumps(observables([objects]))[1:-1]


def _told(expression: str, kind: str) -> str:
    """The column in a form that Python compares fast: lists as JSON text, times as microseconds since 1970."""
    if kind.endswith("[]"):
        return f"to_json({expression})::VARCHAR"
    return f"epoch_us({expression})" if kind == "TIMESTAMPTZ" else expression


def _value(kind: str, told: Any) -> Any:
    """The column's own value again."""
    if told is None:
        return None
    if kind.endswith("[]"):
        return orjson.loads(told)
    return _EPOCH + timedelta(microseconds=told) if kind == "TIMESTAMPTZ" else told


def _values(rows: Any, path: str, count: int) -> list[Any]:
    return rows[path].to_pylist() if path in rows.column_names else [None] * count
