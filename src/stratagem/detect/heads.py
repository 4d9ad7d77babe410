"""The few fields that every record is decoded for: a typed decoder and column getters, built from a source's `head`.

Everything else in a record is syntax-checked and skipped, which is what makes counting, de-duplication and dispatch of
every record affordable. A head field that is no scalar fails the typed decode, and the record takes the careful path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from stratagem.sources._contract import Source
from stratagem.sources._text import in_one

MISSING: Any = msgspec.UNSET
"""Stands for a field that the record does not have; null is None."""

Scalar = str | int | float | bool | None | msgspec.UnsetType
Column = Callable[[Sequence[Any]], list[Any]]


class Heads:
    """A source's fast reader. `lines` and `one` give head objects; `column(path)` reads one path from many of them."""

    def __init__(self, source: Source) -> None:
        tree = _tree(source.head)
        self._decoder = msgspec.json.Decoder(_struct("Head", tree))
        self.lines: Callable[[bytes], list[Any]] = self._decoder.decode_lines
        self.one: Callable[[bytes], Any] = self._decoder.decode
        self.key_paths = (*source.dispatch, *(path for path in source.shape if path not in source.dispatch))
        self.keys = columns(self.key_paths)
        self.uids: Column | None = joins(source.uid_fields) if source.uid_gaps else None
        if source.uid_fields and self.uids is None:
            self.uids = columns(source.uid_fields)
        self.times = first(source.time_fields, source.time_only_with)


def nested(paths: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """The record that has just these values: what `is_canonical` is asked about."""
    record: dict[str, Any] = {}
    for path, value in zip(paths, values, strict=True):
        if value is not MISSING:
            *parents, last = path.split(".")
            here = record
            for parent in parents:
                here = here.setdefault(parent, {})
            here[last] = value
    return record


def pluck(record: Mapping[str, Any], path: str) -> Any:
    """The value at a head path of a decoded record; MISSING where a parent is absent, `...` where it is no scalar."""
    here: Any = record
    for part in path.split("."):
        if not isinstance(here, dict) or part not in here:
            return MISSING
        here = here[part]
    return ... if isinstance(here, dict | list) else here


def columns(paths: Sequence[str]) -> Column:
    """A function from head objects to a list of value tuples (bare values for one path)."""
    parts = [_expression(path) for path in paths]
    return _column(parts[0] if len(parts) == 1 else "(" + "".join(f"{part}, " for part in parts) + ")")


def joins(paths: Sequence[str]) -> Column:
    """A function from head objects to the text of `_text.joined`; empty text where that is None."""
    read = columns(paths)

    def column(heads: Sequence[Any]) -> list[Any]:
        return [in_one(row if isinstance(row, tuple) else (row,)) or "" for row in read(heads)]

    return column


def first(paths: Sequence[str], only_with: Mapping[str, str] | None = None) -> Column:
    """A function from head objects to the value at the first of these paths where each of them has one, not null.

    `only_with`: a path -> another without whose text it counts as missing.
    """
    *before, body = [_guarded(path, (only_with or {}).get(path)) for path in paths]
    for part in reversed(before):
        body = f"(v if (v := {part}) is not MISSING and v is not None else {body})"
    return _column(body)


def _column(body: str) -> Column:
    """The comprehension, compiled from text because it runs once for every record there is.

    The text holds nothing but positions in the tree.
    """
    made: Column = eval(f"lambda heads: [{body} for h in heads]", {"MISSING": MISSING})
    return made


def _expression(path: str) -> str:
    parts = [_attribute(part) for part in path.split(".")]
    here = "h." + parts[0]
    for part in parts[1:]:
        here = f"({here}.{part} if {here} else MISSING)"
    return here


def _guarded(path: str, witness: str | None) -> str:
    here = _expression(path)
    return f"({here} if isinstance(w := {_expression(witness)}, str) and w else MISSING)" if witness else here


def _attribute(name: str) -> str:
    """A struct attribute for any JSON key: readable, and never a keyword."""
    return "f_" + "".join(letter if letter.isalnum() and letter.isascii() else f"_{ord(letter):x}_" for letter in name)


def _tree(paths: Sequence[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in paths:
        here = tree
        *parents, last = path.split(".")
        for parent in parents:
            here = here.setdefault(parent, {})
        here[last] = None
    return tree


def _struct(name: str, tree: Mapping[str, Any]) -> type[msgspec.Struct]:
    fields = []
    for key, below in tree.items():
        kind = Scalar if below is None else _struct(f"{name}_{_attribute(key)}", below) | None | msgspec.UnsetType
        fields.append((_attribute(key), kind, MISSING))
    rename = {_attribute(key): key for key in tree}
    return msgspec.defstruct(name, fields, rename=rename, gc=False)
