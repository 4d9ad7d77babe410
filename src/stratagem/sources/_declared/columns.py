"""The OCSF projection of a declared source, and the structure that its records are read as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stratagem.sources._declared import expression
from stratagem.sources._declared.model import time_paths
from stratagem.sources._sql import resource, resources, without_port

_RESOURCE_KEYS = {"uid": "uid", "name": "name", "type": "kind", "namespace": "namespace", "region": "region"}
_RESOURCE_KEYS |= {"version": "version", "owner": "owner"}


def projection(body: Mapping[str, Any], types: Mapping[str, str]) -> str:
    """The SELECT list; `types` are the DuckDB types of the columns that are no text."""
    return ",\n".join(f'{sql} AS "{path}"' for path, sql in _columns(body, types))


def structure(body: Mapping[str, Any], types: Mapping[str, str]) -> str:
    """The `json_transform` structure of every path that the projection reads."""
    tree: dict[str, Any] = {}
    for path, kind in sorted(leaves(body, types).items()):
        here = tree
        *parents, last = path.split(".")
        for parent in parents:
            here = here.setdefault(parent, {})
        here[last] = ["VARCHAR"] if kind.endswith("[]") else "VARCHAR"
    return json.dumps(tree)


def leaves(body: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, str]:
    """Every native path that the projection reads, and the type of the column that it becomes."""
    found = dict.fromkeys(time_paths(body), "VARCHAR")
    for path, told in body["columns"].items():
        found |= dict.fromkeys(expression.paths(told), types.get(path, "VARCHAR"))
    for one in body.get("resources", ()):
        for told in one.values():
            found |= dict.fromkeys(expression.paths(told), "VARCHAR")
    return found


def _columns(body: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    columns = body["columns"]
    times = [expression.native(path) for path in time_paths(body)]
    time = f"coalesce({', '.join(times)})" if len(times) > 1 else times[0]
    yield "time", f"iso_time({time})"
    if "metadata.original_time" not in columns:
        yield "metadata.original_time", time
    if "metadata.product.name" not in columns:
        yield "metadata.product.name", expression.constant(body["title"])
    for path, told in columns.items():
        sql = expression.sql(told, types.get(path, "VARCHAR"))
        yield path, f"ip_address({without_port(sql)})" if path.rpartition(".")[2] == "ip" else sql
    if elements := [_resource(one) for one in body.get("resources", ())]:
        yield "resources", resources(*elements)


def _resource(told: Mapping[str, Any]) -> tuple[str, str]:
    """(when there is one, the resource): where its name or its id is known."""
    sql = {_RESOURCE_KEYS[key]: expression.sql(one) for key, one in told.items()}
    known = " OR ".join(f"{sql[key]} IS NOT NULL" for key in ("name", "uid") if key in sql)
    return known, resource(**{"name": "NULL::VARCHAR", **sql})
