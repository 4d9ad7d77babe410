"""How a file says a value: `path`, `[first, else]`, `text with {path}`, a constant, or a small table of values.

Each form is read twice, as Python for derived fields and as SQL for columns, and both say the same. An empty text says
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._declared.model import LABELS, is_path
from stratagem.sources._text import at_path
from stratagem.sqltext import literal

_HOLE = re.compile(r"\{([^{}]*)\}")
_LABEL = "@"


def paths(told: Any) -> tuple[str, ...]:
    """The native paths that an expression reads."""
    if isinstance(told, str):
        return (told,) if is_path(told) else tuple(name for name in holes(told) if not name.startswith(_LABEL))
    if isinstance(told, Sequence):
        return tuple(told)
    return paths(told["path"]) if isinstance(told, Mapping) and "path" in told else ()


def holes(template: str) -> list[str]:
    """What stands between the braces of a template."""
    return _HOLE.findall(template)


def is_sound(template: str) -> bool:
    """Whether every brace belongs to a hole that names a path or a label."""
    names = holes(template)
    known = all(not name.startswith(_LABEL) or name[1:] in LABELS for name in names)
    return bool(names) and all(names) and known and not set("{}") & set(_HOLE.sub("", template))


def value(told: Any, native: Native) -> Any:
    """What the expression says of a record; None for nothing. Labels are not known here."""
    if isinstance(told, str) and not is_path(told):
        parts = [_text(at_path(native, name)) for name in holes(told)]
        filled = iter(parts)
        return None if None in parts else _HOLE.sub(lambda _: str(next(filled)), told)
    if isinstance(told, str | list | tuple):
        found = (at_path(native, path) for path in paths(told))
        return next((one for one in found if one not in (None, "")), None)
    if not isinstance(told, Mapping):
        return told
    if "value" in told:
        return told["value"]
    read = value(told["path"], native)
    if "map" not in told:
        return told.get("default") if read is None else read
    return told["map"].get(_text(read), told.get("default"))


def sql(told: Any, kind: str = "VARCHAR") -> str:
    """The same over `native`, as a value for a column of a DuckDB type."""
    if isinstance(told, str) and not is_path(told):
        return _filled(told)
    if isinstance(told, str | list | tuple):
        found = [native(path) for path in paths(told)]
        if not kind.endswith("[]"):
            found = [f"nullif({one}, '')" for one in found]
        return _converted(f"coalesce({', '.join(found)})" if len(found) > 1 else found[0], kind)
    if not isinstance(told, Mapping):
        return constant(told)
    if "value" in told:
        return constant(told["value"])
    if "map" not in told:
        return f"coalesce({sql(told['path'])}, {constant(_text(told.get('default')))})"
    cases = " ".join(f"WHEN {constant(key)} THEN {_of(one, kind)}" for key, one in told["map"].items())
    return f"CASE {sql(told['path'])} {cases} ELSE {_of(told.get('default'), kind)} END"


def native(path: str) -> str:
    """A path below the record, as SQL."""
    return "native." + ".".join(f'"{_doubled(part)}"' for part in path.split("."))


def constant(told: Any) -> str:
    """A constant, as SQL."""
    if told is None:
        return "NULL"
    if isinstance(told, bool):
        return "true" if told else "false"
    return str(told) if isinstance(told, int | float) else literal(str(told))


def _of(told: Any, kind: str) -> str:
    """A constant among others, all of the type of the column."""
    return constant(_text(told) if kind == "VARCHAR" else told)


def _converted(read: str, kind: str) -> str:
    return f"iso_time({read})" if kind == "TIMESTAMPTZ" else read


def _filled(template: str) -> str:
    """Constants and values end to end; null where a value is. A label that nobody gave is 'unknown'."""
    parts = []
    for place, piece in enumerate(_HOLE.split(template)):
        if place % 2 and piece.startswith(_LABEL):
            parts.append(f"coalesce(nullif(label_{piece[1:]}, ''), 'unknown')")
        elif place % 2:
            parts.append(f"nullif({native(piece)}, '')")
        elif piece:
            parts.append(constant(piece))
    return f"({' || '.join(parts)})"


def _doubled(name: str) -> str:
    return name.replace('"', '""')


def _text(found: Any) -> str | None:
    """A scalar as JSON writes it, without quotes; None for nothing and for what is no scalar."""
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int | float) and found != "" else None
