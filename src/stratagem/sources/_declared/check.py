"""What a schema cannot say of a declaration: columns that there are, values of their type, examples that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from stratagem.clock import NoTime, parse_time
from stratagem.complaints import closest
from stratagem.sources import SOURCES
from stratagem.sources._contract import Malformed, Native, Source
from stratagem.sources._declared import columns as projected
from stratagem.sources._declared import expression
from stratagem.sources._declared.build import build
from stratagem.sources._declared.model import Declaration, expressions, is_path, renames, several, time_format
from stratagem.sources._declared.shape import Shape
from stratagem.sources._text import at_path

Wrong = tuple[str, str, str]
"""Where (a path in the file), what, and how to fix it."""

_PATH = re.compile(r"[^\s|{}.]+(\.[^\s|{}.]+)*")
_PRINCIPAL = re.compile(r"[a-z0-9_]+:[^:]+:.+")
_OWN = {"time": "Say it under `time`.", "resources": "List them under `resources`."}
_NUMBERS = frozenset({"INTEGER", "BIGINT"})


def check(declaration: Declaration, columns: Mapping[str, str]) -> list[Wrong]:
    """Everything that is wrong; examples are tried once all else is right."""
    body = declaration.body
    found = [
        *_packaged(declaration),
        *_logsources(declaration),
        *_written(body),
        *_columns(body, columns),
        *_names(declaration),
        *_time(body),
    ]
    return found or list(_examples(declaration))


def clashes(declarations: Sequence[Declaration]) -> Iterator[tuple[str, str]]:
    """(file, message) where two declarations take the same name or logsource, or one's example for its own."""
    for one, other in combinations(declarations, 2):
        if one.id == other.id:
            yield other.file, f"'{one.id}' is already declared in {one.file}"
            continue
        both = [told for told in other.body["logsources"] if told in one.body["logsources"]]
        if both:
            yield other.file, f"logsource {_said(both[0])} is already that of {one.file}"
        for here, there in ((one, other), (other, one)):
            shape = Shape(there.body)
            for example in here.body["examples"]:
                if shape.recognise(example["record"]):
                    message = f"example '{example['name']}' looks like a record of {there.file} too; recognise more"
                    yield here.file, message


def _packaged(declaration: Declaration) -> Iterator[Wrong]:
    if declaration.id in SOURCES.packaged:
        message = f"'{declaration.id}' is the id of a source that is packaged with stratagem"
        yield "", message, "Name the file otherwise: its name is the source's id."


def _logsources(declaration: Declaration) -> Iterator[Wrong]:
    taken = {
        (told.product, told.service, told.category): source_id
        for source_id in SOURCES.packaged
        for told in SOURCES[source_id].logsources
    }
    for number, told in enumerate(declaration.body["logsources"]):
        holder = taken.get((told.get("product"), told.get("service"), told.get("category")))
        if holder:
            message = f"{_said(told)} is the logsource of '{holder}', which is packaged with stratagem"
            yield f"logsources.{number}", message, "Give it a product or service of its own."


def _written(body: Mapping[str, Any]) -> Iterator[Wrong]:
    """Expressions that are not well-formed."""
    labels = [(f"labels.{name}", told) for name, told in body.get("labels", {}).items()]
    for place, told in [*expressions(body), *labels]:
        if isinstance(told, Mapping):
            yield from _table(place, told)
        elif is_path(told) and not _PATH.fullmatch(told):
            yield place, f"'{told}' is no path", "A constant text is {value: TEXT}; text with {paths} has braces."
        elif isinstance(told, str) and not is_path(told) and not expression.is_sound(told):
            fix = "Between braces stands a path, or one of @cluster, @account, @tenant, @region."
            yield place, f"'{told}' has braces that hold no path", fix
        if place.startswith("derived.") and isinstance(told, str) and "{@" in told:
            yield place, "a derived field cannot read labels", "Read the field that the label comes from."
    for number, told in enumerate(body.get("resources", ())):
        if not {"name", "uid"} & set(told):
            yield f"resources.{number}", "a resource needs a name or a uid", ""


def _table(place: str, told: Mapping[str, Any]) -> Iterator[Wrong]:
    if ("value" in told) == ("path" in told):
        yield place, "needs either 'value' or 'path'", "{value: TEXT} is a constant, {path: P, map: {...}} a table."
    elif "value" in told and {"map", "default"} & set(told):
        yield place, "a constant has neither 'map' nor 'default'", "Write path: instead of value:."


def _columns(body: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[Wrong]:
    for name, told in body["columns"].items():
        place = f"columns.{name}"
        if name in _OWN:
            yield place, f"'{name}' is no key of `columns`", _OWN[name]
        elif name not in columns:
            below = [path for path in columns if path.startswith(f"{name}.")]
            hint = f"There are: {', '.join(below[:12])}." if below else "See docs/reference/events.md."
            yield place, f"no column is called '{name}'{closest(name, columns)}", hint
        elif "STRUCT(" in columns[name]:
            yield place, f"'{name}' holds structures, which a file cannot make", "Leave it out."
        else:
            yield from _fitting(place, name, told, columns[name])
    yield from _read_twice(body, columns)


def _fitting(place: str, name: str, told: Any, kind: str) -> Iterator[Wrong]:
    """Constants of another type than the column's; principals without a scope."""
    constants = _constants(told)
    wanted = {"BOOLEAN": (bool,), "INTEGER": (int,), "BIGINT": (int,), "VARCHAR": (str, int, float)}.get(kind, ())
    for one in constants:
        if not isinstance(one, wanted) or (isinstance(one, bool) and kind != "BOOLEAN"):
            yield place, f"'{name}' is {_kind(kind)}, and {one!r} is not", ""
    if isinstance(told, str) and not is_path(told) and kind != "VARCHAR":
        yield place, f"'{name}' is {_kind(kind)}, and text with braces is text", "Name a path alone."
    if isinstance(told, Mapping) and kind.endswith("[]"):
        yield place, f"'{name}' is a list", "Name the path of a list."
    is_text = isinstance(told, str) and not is_path(told)
    if name in ("principal", "impersonator") and not (is_text and _PRINCIPAL.fullmatch(told)):
        fix = "The scope keeps equal names of two clusters, accounts or tenants apart: acme:{@tenant}:{user.id}."
        yield place, f"'{name}' must have the form provider:scope:{{path}}", fix


def _constants(told: Any) -> list[Any]:
    if isinstance(told, Mapping):
        return [*told.get("map", {}).values(), *(told[key] for key in ("value", "default") if key in told)]
    return [told] if isinstance(told, int | float) else []


def _read_twice(body: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[Wrong]:
    """Paths that cannot stand in one structure: a text that is also an object, names that differ by case alone."""
    if any(name not in columns for name in body["columns"]):
        return
    types = {name: columns[name] for name in body["columns"]}
    spelt: dict[str, str] = {}
    read = projected.leaves(body, types)
    for path in read:
        parts = path.split(".")
        for length in range(1, len(parts) + 1):
            here = ".".join(parts[:length])
            other = spelt.setdefault(here.lower(), here)
            if other != here:
                yield "columns", f"'{other}' and '{here}' differ by case alone, which SQL does not tell apart", ""
        for other in read:
            if other.startswith(f"{path}."):
                yield "columns", f"'{path}' is read as a value and, for '{other}', as an object", "Read one of them."


def _names(declaration: Declaration) -> Iterator[Wrong]:
    body = declaration.body
    for name in body.get("derived", {}):
        if name in body.get("fields", {}):
            yield f"derived.{name}", f"'{name}' is also under `fields`", "A derived field is in no log."
    canonical = {path for path, _ in renames(body)}
    for path, logged in renames(body):
        for one in logged:
            if one in canonical and one != path:
                yield f"rename.{path}", f"'{one}' is itself renamed", "Name where the log has it."


def _time(body: Mapping[str, Any]) -> Iterator[Wrong]:
    form = time_format(body)
    if form is None:
        if isinstance(body["time"], Mapping) and "offset" in body["time"]:
            yield "time.offset", "an offset without a format does nothing", "ISO 8601 without offset is read as UTC."
        return
    moment = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        again = datetime.strptime(moment.strftime(form), form)
    except ValueError as error:
        yield "time.format", f"'{form}' cannot be read: {error}", "It is written as for Python's strptime."
        return
    if again.replace(tzinfo=UTC) != moment:
        missing = "year, month, day, hour, minute and second"
        yield "time.format", f"'{form}' does not tell the whole time", f"It needs {missing}."


def _examples(declaration: Declaration) -> Iterator[Wrong]:
    source, shape = build(declaration), Shape(declaration.body)
    for number, example in enumerate(declaration.body["examples"]):
        place, record = f"examples.{number}.record", example["record"]
        if missing := shape.why_not(record):
            yield place, f"is not recognised: {missing}", "An example has what `recognise` asks for."
            continue
        others = [name for name in SOURCES.packaged if SOURCES[name].recognise(record)]
        if others:
            yield place, f"is taken for a record of '{others[0]}', which is packaged and asked first", ""
            continue
        yield from _record(place, source, record, declaration)


def _record(place: str, source: Source, record: Native, declaration: Declaration) -> Iterator[Wrong]:
    try:
        native, _ = source.canonical(record)
        parse_time(source.time(native))
    except (Malformed, NoTime) as error:
        yield place, str(error), "`time` says where it stands and how it is written."
        return
    for path in source.head:
        if isinstance(at_path(native, path), dict | list):
            fix = "recognise, dispatch, uid, revision and time lead to single values: name a field below it."
            yield place, f"'{path}' is no single value here", fix
    if source.uid_fields and source.uid(native) is None:
        yield place, f"has no id: {', '.join(several(declaration.body['uid']))}", "`uid` says where it stands."


def _kind(kind: str) -> str:
    if kind in _NUMBERS:
        return "a whole number"
    return {"BOOLEAN": "true or false", "TIMESTAMPTZ": "a time", "VARCHAR": "text"}.get(kind, "a list")


def _said(told: Mapping[str, str]) -> str:
    return "/".join(told[key] for key in ("product", "category", "service") if key in told)
