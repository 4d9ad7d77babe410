"""The schema of `events`: one Arrow schema, in code, never merged from data.

A source's projection names its columns by dotted path (`native.userAgent AS "http_request.user_agent"`), the table
holds them nested. Leaves are null where a record has no value; a struct without any may be null itself once it was
stored, so ask for leaves (`actor.user.name IS NULL`), which needs no guard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from stratagem.events.vocabulary import COLUMNS, EVENTS_VERSION, OCSF_VERSION, Column

__all__ = ["COLUMNS", "EVENTS_SCHEMA", "EVENTS_VERSION", "OCSF_VERSION", "PATHS", "arrow_type", "render_markdown"]

PATHS: Mapping[str, str] = MappingProxyType({column.path: column.type for column in COLUMNS})
"""Dotted path of every leaf -> its DuckDB type."""

GIVEN_BY_PROJECTION = frozenset(column.path for column in COLUMNS if column.given_by == "projection")
"""The paths that a source's SELECT list may name."""

_SCALARS = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
}


@cache
def arrow_type(duckdb_type: str) -> Any:
    """The Arrow type of a DuckDB type as written in PATHS: scalars, `T[]`, `STRUCT(name T, ...)`."""
    if duckdb_type.endswith("[]"):
        return pa.list_(pa.field("element", arrow_type(duckdb_type[:-2])))
    if duckdb_type.startswith("STRUCT("):
        members = re.split(r",\s*(?![^(]*\))", duckdb_type[len("STRUCT(") : -1])
        return pa.struct([_member(member) for member in members])
    return _SCALARS[duckdb_type]


def _member(text: str) -> Any:
    name, _, kind = text.strip().partition(" ")
    return pa.field(name.strip('"'), arrow_type(kind))


def tree(paths: Iterable[str]) -> dict[str, Any]:
    """Dotted paths as nested dicts, in order; a leaf is its own path."""
    root: dict[str, Any] = {}
    for path in paths:
        *parents, leaf = path.split(".")
        node = root
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = path
    return root


TREE: Mapping[str, Any] = MappingProxyType(tree(PATHS))
"""The columns as they nest: name -> subtree, or the leaf's path."""


def _field(name: str, node: Any) -> Any:
    if isinstance(node, str):
        return pa.field(name, arrow_type(PATHS[node]))
    return pa.field(name, pa.struct([_field(child, below) for child, below in node.items()]))


EVENTS_SCHEMA = pa.schema([_field(name, node) for name, node in TREE.items()])
"""The table's schema. `source` and `day` are the partition columns; `raw_data` is attached after the projection."""


def revision_text(revision: str | int | None) -> str | None:
    """A revision as the `revision` column holds it: text that sorts as the revisions do."""
    return f"{revision:020d}" if isinstance(revision, int) else revision


_PAGE = """# Columns of `events`

<!-- Generated from stratagem.events.columns; do not edit. -->

Schema version {version}, OCSF {ocsf}.
Paths that OCSF has keep OCSF's names and meaning; the others are ours.
A source's projection fills the columns marked *projection*.
Ingest knows those marked *ingest*, and stratagem works out the rest.
Null means that the record does not say.

| column | type | filled by | what it holds |
|---|---|---|---|
"""


def render_markdown() -> str:
    """The reference page `docs/reference/events.md`."""
    page = _PAGE.format(version=EVENTS_VERSION, ocsf=OCSF_VERSION)
    return page + "".join(_row(column) for column in COLUMNS)


def _row(column: Column) -> str:
    return f"| `{column.path}` | `{column.type}` | {column.given_by} | {column.describe} |\n"
