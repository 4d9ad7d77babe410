"""A declaration -> the Source that it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from stratagem.sources._contract import NO_LABELS, Derived, Example, Labels, LogSource, Native, Source
from stratagem.sources._declared import columns, expression
from stratagem.sources._declared.model import (
    LABELS,
    Declaration,
    dispatch,
    renames,
    several,
    time_paths,
    told_by,
)
from stratagem.sources._declared.shape import Shape
from stratagem.sources._json import encode
from stratagem.sources._text import at_path, first_at, joined

LAST = 10_000
"""Declared sources are asked last: none takes the records of a packaged one."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def build(declaration: Declaration) -> Source:
    """The source. It takes the quick path unless records have to be changed to reach the canonical shape."""
    body = declaration.body
    shape = Shape(body)
    uid, times, revision = several(body.get("uid")), time_paths(body), body.get("revision")
    key = dispatch(body)
    logged = [path for _, paths in renames(body) for path in paths]
    also = [path for path in (*told_by(body), *(path for path, _ in renames(body)), *logged) if path not in key]
    # A record without its time takes the careful path anyway, so that it need not be part of what is remembered.
    also = [path for path in dict.fromkeys(also) if path not in times or len(times) > 1 or shape.changes]
    labels, label_fields = _labels(body.get("labels", {}))
    types = declaration.types
    return Source(
        title=body["title"],
        vendor_page=body.get("vendor_page", declaration.file),
        enable=body.get("enable", "Not said."),
        silent_gaps=tuple(body.get("silent_gaps", ())),
        logsources=tuple(LogSource(**one) for one in body["logsources"]),
        order=LAST,
        recognise=shape.recognise,
        canonical=lambda record: (shape.canonical(record), labels(record)),
        is_canonical=shape.is_canonical,
        head=tuple(dict.fromkeys((*key, *also, *uid, *times, *several(revision)))),
        dispatch=key,
        shape=tuple(also),
        uid=lambda head: joined(head, uid) if uid else None,
        uid_fields=uid,
        uid_gaps=bool(uid),
        time=lambda head: first_at(head, times),
        time_fields=() if shape.changes else times,
        time_numbers=True,
        labels=labels,
        label_fields=label_fields,
        revision=_revision(revision) if revision else None,
        ocsf=columns.projection(body, types),
        columns=columns.structure(body, types),
        lateness=_span(body.get("lateness", "1h")),
        examples=tuple(Example(name=one["name"], raw=encode(one["record"])) for one in body["examples"]),
        fields=_fields(body),
        derived={name: _derived(told, told_by(body)[:1]) for name, told in body.get("derived", {}).items()},
        aliases={name.lower(): several(paths) for name, paths in body.get("aliases", {}).items()},
        shared=frozenset(body.get("shared", ())),
    )


def _revision(path: str) -> Callable[[Native], str | int]:
    def revision(head: Native) -> str | int:
        found = at_path(head, path)
        return found if isinstance(found, str | int) else ""

    return revision


def _labels(told: Mapping[str, Any]) -> tuple[Callable[[Native], Labels], tuple[str, ...]]:
    """What reads the labels, and the paths that it reads."""
    read = tuple(path for one in told.values() for path in expression.paths(one))

    def labels(record: Native) -> Labels:
        found = {name: expression.value(told[name], record) for name in LABELS if name in told}
        named = {name: str(one) for name, one in found.items() if isinstance(one, str | int) and one != ""}
        return Labels(**named) if named else NO_LABELS

    return labels, read


def _derived(told: Any, always: tuple[str, ...]) -> Derived:
    """A derived field; where the expression reads nothing it is a constant of every record, which has `always`."""
    describe = told.get("describe", "") if isinstance(told, Mapping) else ""
    read = expression.paths(told)
    return Derived(
        compute=lambda record: expression.value(told, record),
        describe=describe or (f"From {', '.join(read)}." if read else "The same in every record."),
        fields=read or always,
    )


def _fields(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields that are described, and all others that the examples have."""
    shape = Shape(body)
    found = dict(body.get("fields", {}))
    for one in body["examples"]:
        for path in _leaves(shape.canonical(one["record"])):
            found.setdefault(path, "As the examples have it.")
    return found


def _leaves(value: Any, path: str = "") -> list[str]:
    if isinstance(value, Mapping) and value:
        below = [(f"{path}.{name}" if path else str(name), one) for name, one in value.items()]
        return [leaf for name, one in below if not set(name) & set(" \t\n|") for leaf in _leaves(one, name)]
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        return list(dict.fromkeys(leaf for one in value for leaf in _leaves(one, path)))
    return [path] if path else []


def _span(text: str) -> timedelta:
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
