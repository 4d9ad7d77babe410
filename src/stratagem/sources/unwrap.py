"""One decoded JSON value -> the records inside it, each in its source's canonical shape.

Objects come bare, in arrays, in collectors' envelopes, as JSON text in a member, or under a key of somebody's own.
Every object is first asked whose it is; only where nobody knows it is it opened: known members first, then all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from stratagem.sources import SOURCES, _envelopes
from stratagem.sources._contract import NO_LABELS, Labels, Malformed, Native
from stratagem.sources._envelopes import strip_prefix
from stratagem.sources._json import decode, encode
from stratagem.sources.identify import identify, layout, noise

__all__ = ["DEPTH_LIMIT", "Found", "Status", "decode", "encode", "records", "strip_prefix"]

DEPTH_LIMIT = 4
"""How many envelopes may stand around a record."""

Status = Literal["event", "excluded", "unidentified", "malformed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One record, or something that stood in a record's place.

    `native` is canonical for an event, else the object as it was (empty where it was no object).
    `reason` says why it is not an event. Labels are the record's own, its envelopes', then those given.
    """

    native: Native
    source_id: str | None = None
    labels: Labels = NO_LABELS
    reason: str = ""
    status: Status = "event"


def records(obj: Any, labels: Labels = NO_LABELS, *, limit: int = DEPTH_LIMIT) -> Iterator[Found]:
    """Everything that stands in `obj`, in order; nothing at all only for an empty run of records."""
    if isinstance(obj, dict):
        source_id = identify(obj)
        if source_id is not None:
            yield from _events(obj, source_id, labels)
            return
    if isinstance(obj, list):
        yield from _elements(obj, labels, limit)
        return
    anything = False
    inside = _opened(obj, labels, limit) if isinstance(obj, dict) else _search(obj, labels, limit)
    for found in inside:
        anything = True
        yield found
    if not anything and not _is_empty_envelope(obj):
        yield _unidentified(obj, labels)


def _events(value: Native, source_id: str, labels: Labels) -> Iterator[Found]:
    """The events of one record: itself, or what it holds of them."""
    split = SOURCES[source_id].split
    if split is None:
        yield _event(value, source_id, labels)
        return
    none = True
    try:
        for part in split(value):
            none = False
            yield _event(part, source_id, labels)
    except Malformed as error:
        yield Found(native=value, source_id=source_id, labels=labels, reason=str(error), status="malformed")
    else:
        if none:
            reason = f"{SOURCES[source_id].title}: a record that holds no event"
            yield Found(native=value, source_id=source_id, labels=labels, reason=reason, status="excluded")


def _event(value: Native, source_id: str, labels: Labels) -> Found:
    source = SOURCES[source_id]
    if source.is_noise is not None and source.is_noise(value) and not source.is_canonical(value):
        return Found(
            native=value, source_id=source_id, labels=labels, reason=f"{source.title}: not an event", status="excluded"
        )
    try:
        native, own = source.canonical(value)
    except Malformed as error:
        return Found(native=value, source_id=source_id, labels=labels, reason=str(error), status="malformed")
    return Found(native=native, source_id=source_id, labels=labels if own is NO_LABELS else own.under(labels))


def _search(value: Any, labels: Labels, hops: int, carrier: str = "") -> Iterator[Found]:
    """What is recognised in `value`; nothing at all where it holds no record."""
    if isinstance(value, str):
        line = value
        try:
            value = _envelopes.inside(value, carrier)
        except Malformed as error:
            if carrier:
                yield Found(native={}, labels=labels, reason=f"{carrier}: {error}", status="malformed")
            return
        if value is None and carrier:
            yield from _line(line.strip(), labels)
            return
    if isinstance(value, list):
        yield from _known_among(value, labels, hops)
    elif isinstance(value, dict):
        yield from _object(value, labels, hops)


def _line(line: str, labels: Labels) -> Iterator[Found]:
    """A record that a collector carries as its line of text. A header tells a layout, and the lines are elsewhere."""
    told = layout(line)
    if told is None:
        return
    source_id, how = told
    text = None if how.is_header else how.read(line)
    if text is not None:
        yield _event(decode(text), source_id, labels)


def _object(value: dict[str, Any], labels: Labels, hops: int) -> Iterator[Found]:
    source_id = identify(value)
    if source_id is not None:
        yield from _events(value, source_id, labels)
    else:
        yield from _opened(value, labels, hops)


def _opened(value: dict[str, Any], labels: Labels, hops: int) -> Iterator[Found]:
    """What is recognised inside an object that is nobody's."""
    why = _envelopes.excluded(value) or noise(value)
    if why is not None:
        yield Found(native=value, labels=labels, reason=why, status="excluded")
    elif hops > 0:
        yield from _members(value, _envelopes.labels_of(value).under(labels), hops - 1)


def _members(value: dict[str, Any], labels: Labels, hops: int) -> Iterator[Found]:
    """An envelope's runs of records; without one, what its first fruitful carrier and its other members hold."""
    runs = [value[name] for name in _envelopes.RUNS if isinstance(value.get(name), list)]
    rows = _envelopes.table_rows(value)
    if rows is not None:
        runs.append(rows)
    if runs:
        for run in runs:
            yield from _elements(run, labels, hops)
        return
    opened, found = _carried(value, labels, hops)
    yield from found
    fruitful = any(map(_is_known, found))
    for name, child in value.items():
        # What a fruitful carrier stands beside describes it; only a list may hold further records.
        if name not in opened and (isinstance(child, list) or not fruitful):
            yield from _search(child, labels, hops)


def _carried(value: dict[str, Any], labels: Labels, hops: int) -> tuple[set[str], list[Found]]:
    """Which carriers were opened, up to the first fruitful one, and its records; else the first that was broken."""
    broken: list[Found] = []
    opened = set()
    for name, child in _envelopes.carried(value):
        opened.add(name.partition(".")[0])
        opened.add(name)
        found = list(_search(child, labels, hops, name))
        if any(map(_is_known, found)):
            return opened, found
        broken += found
    return opened, broken[:1]


def _is_known(found: Found) -> bool:
    return found.source_id is not None or found.status == "excluded"


def _elements(items: list[Any], labels: Labels, hops: int) -> Iterator[Found]:
    """Every element of a run of records, those that nobody recognises too."""
    for item in items:
        anything = False
        for found in _element(item, labels, hops):
            anything = True
            yield found
        if not anything:
            yield _unidentified(item, labels)


def _known_among(items: list[Any], labels: Labels, hops: int) -> Iterator[Found]:
    """A list under a key that says nothing: all of its elements if one is recognised, else nothing."""
    unknown: list[Found] = []
    known = False
    for item in items:
        found = list(_element(item, labels, hops))
        if found:
            known = True
            yield from unknown
            unknown.clear()
            yield from found
        elif isinstance(item, dict):
            unknown.append(_unidentified(item, labels))
    if known:
        yield from unknown


def _element(item: Any, labels: Labels, hops: int) -> Iterator[Found]:
    if not isinstance(item, list):
        yield from _search(item, labels, hops)
    elif hops > 0:
        yield from _known_among(item, labels, hops - 1)


def _is_empty_envelope(obj: Any) -> bool:
    return isinstance(obj, dict) and any(obj.get(name) == [] for name in _envelopes.LISTS)


def _unidentified(value: Any, labels: Labels) -> Found:
    if isinstance(value, dict):
        return Found(native=value, labels=labels, reason=_unknown_keys(value), status="unidentified")
    return Found(native={}, labels=labels, reason=f"not a JSON object: {_kind(value)}", status="unidentified")


def _unknown_keys(value: dict[str, Any]) -> str:
    """The keys of an object that nobody knows, and those of what a collector's member of it carries."""
    reason = _keys_of(value)
    for name, child in _envelopes.carried(value):
        if isinstance(child, dict) and child:
            return f"no source recognises keys {reason}; in {name}: {_keys_of(child)}"
    return f"no source recognises keys {reason}" if value else "an empty object"


def _keys_of(value: dict[str, Any], shown: int = 5) -> str:
    names = ", ".join(sorted(key[:40] for key in value)[:shown])
    more = f" and {len(value) - shown} more" if len(value) > shown else ""
    return f"{names}{more}"


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "array"
    return "null" if value is None else "true or false" if isinstance(value, bool) else "number"
