"""A source's SELECT list -> one checked DuckDB statement, its columns cast to the types of `events`.

DuckDB evaluates an expression as often as it stands there. What several columns need is computed once in a step of its
own: a SELECT list before the last one, ended by a line that holds a semicolon alone. The steps after it read its names.

    coalesce(native.user, native.actor) AS _who
    ;
    _who AS "actor.user.name", 'k8s:' || _who AS principal
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from stratagem.errors import UsageError
from stratagem.events.as_it_is import as_it_is
from stratagem.events.columns import GIVEN_BY_PROJECTION, PATHS
from stratagem.events.vocabulary import DEFAULTS, FALLBACKS
from stratagem.sources._contract import AS_IT_IS
from stratagem.sqltext import literal, quoted

INPUT_COLUMNS = ("raw", "event_uid", "label_cluster", "label_account", "label_tenant", "label_region")
"""What a projection reads of a batch, all VARCHAR, next to `native`."""

REQUIRED = ("time", "class_uid", "activity_id")
"""What every projection gives."""

_FIRST, _LAST = "TIMESTAMPTZ '0001-01-02 00:00:00+00'", "TIMESTAMPTZ '9999-12-30 00:00:00+00'"
"""Times that Python can hold; DuckDB reads years far beyond, and infinity. What is outside is no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """SQL over a relation `batch` with INPUT_COLUMNS."""

    columns: Mapping[str, str]
    """Dotted path -> the expression that gives it, of its type in `events`."""
    within: str
    """The relation that the expressions read."""

    @property
    def sql(self) -> str:
        """One column a path, in the order of `columns`."""
        return self.selecting(self.columns)

    def selecting(self, expressions: Mapping[str, str]) -> str:
        """Named expressions over the same relation."""
        listed = ", ".join(f"{expression} AS {quoted(name)}" for name, expression in expressions.items())
        return f"SELECT {listed} FROM ({self.within})"


def statement(source_id: str, select: str, native: str, connection: Any) -> Statement:
    """The statement of a projection (SELECT list `select`, `json_transform` structure `native`), made once.

    Raises UsageError with every path that is unknown, given twice, missing, or of a type that does not fit.
    """
    key = (select, native)
    if key not in _MADE:
        _MADE[key] = _make(source_id, select, native, connection)
    return _MADE[key]


_MADE: dict[tuple[str, str], Statement] = {}


def _make(source_id: str, select: str, native: str, connection: Any) -> Statement:
    if select == AS_IT_IS:
        select, native = as_it_is()
    inner = _inner(select, native)
    given = _described(source_id, inner, connection)
    problems = [*_name_problems([name for name, _ in given]), *_type_problems(dict(given))]
    if problems:
        raise UsageError(f"the OCSF projection of {source_id} does not fit `events`:\n  " + "\n  ".join(problems))
    columns = {name: _cast(name, kind) for name, kind in given}
    for path, expression in {**FALLBACKS, **DEFAULTS}.items():
        known = columns.get(path)
        columns[path] = f"coalesce({known}, {expression})" if known else expression
    columns["category_uid"] = f"({columns['class_uid']} // 1000)::INTEGER"
    columns["type_uid"] = f"{columns['class_uid']}::BIGINT * 100 + {columns['activity_id']}"
    columns["day"] = f"({columns['time']})::DATE"
    return Statement(columns=columns, within=inner)


def _inner(select: str, native: str) -> str:
    *steps, last = re.split(r"^\s*;\s*$", select, flags=re.MULTILINE)
    below = f"SELECT *, json_transform(raw, {literal(native)}) AS native FROM batch"
    for step in steps:
        below = f"SELECT *, {_list(step)} FROM ({below})"
    # The labels ride along, for the fallbacks.
    rest = ", ".join(column for column in INPUT_COLUMNS if column != "raw")
    return f"SELECT {_list(last)}, {rest} FROM ({below})"


def _list(text: str) -> str:
    return text.strip().rstrip(",")


def _described(source_id: str, inner: str, connection: Any) -> list[tuple[str, str]]:
    import duckdb

    nothing = ", ".join(f"NULL::VARCHAR AS {column}" for column in INPUT_COLUMNS)
    sql = f"DESCRIBE WITH batch AS (SELECT {nothing}) {inner}"
    try:
        described = connection.execute(sql).fetchall()
    except duckdb.Error as error:
        raise UsageError(f"the OCSF projection of {source_id} is not valid SQL: {error}") from error
    return [(row[0], row[1]) for row in described if row[0] not in INPUT_COLUMNS]


def _name_problems(names: list[str]) -> list[str]:
    problems = [f"no value for {path!r}, which every source gives" for path in REQUIRED if path not in names]
    for name in dict.fromkeys(names):
        if name not in GIVEN_BY_PROJECTION:
            problems.append(_unknown(name))
        if names.count(name) > 1:
            problems.append(f"{name!r} is given twice")
    return problems


def _unknown(name: str) -> str:
    below = sorted(path for path in GIVEN_BY_PROJECTION if path.startswith(f"{name}."))
    hints = below or get_close_matches(name, sorted(GIVEN_BY_PROJECTION), n=3)
    hints = hints or sorted(path for path in GIVEN_BY_PROJECTION if path.split(".")[0] == name.split(".")[0])
    hints = hints or sorted({path.split(".")[0] for path in GIVEN_BY_PROJECTION})
    return f"unknown path {name!r}. There are: {', '.join(hints)}"


def _type_problems(given: dict[str, str]) -> list[str]:
    return [
        f"{name!r} is {kind}, `events` has {PATHS[name]}. {advice}"
        for name, kind in given.items()
        if name in GIVEN_BY_PROJECTION and (advice := _misfit(PATHS[name], kind))
    ]


def _misfit(wanted: str, kind: str) -> str:
    """Why a value of type `kind` must not become `wanted`; empty if it may."""
    if wanted == "TIMESTAMPTZ" and not kind.startswith(("TIMESTAMP WITH", "VARCHAR", '"NULL"')):
        return "Use iso_time(text) or epoch_time(seconds): a plain timestamp has lost its offset."
    is_list, wants_list = kind.endswith("[]"), wanted.endswith("[]")
    if is_list != wants_list and kind != '"NULL"':
        return "Give a list." if wants_list else "Give one value, or to_json(list)."
    if "STRUCT(" in wanted and kind != '"NULL"' and "STRUCT(" not in kind:
        return "Give a list of structs: list_transform(names, lambda x: {'name': x})."
    if "STRUCT(" in kind and "STRUCT(" not in wanted:
        return "Give one value, or to_json(struct)."
    return ""


def _cast(name: str, kind: str) -> str:
    wanted = PATHS[name]
    aliases = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
    cast = quoted(name) if kind == aliases.get(wanted, wanted) else f"TRY_CAST({quoted(name)} AS {wanted})"
    return f"CASE WHEN {cast} BETWEEN {_FIRST} AND {_LAST} THEN {cast} END" if wanted == "TIMESTAMPTZ" else cast
