"""Findings as NDJSON lines, many times faster than one by one: of a rule's findings only a few values differ.

A prototype finding with marks in the places of those values is written by `to_ocsf`, the reference, and cut at the
marks; a line is then its pieces with values between. So a line is what the reference gives, by construction, and a
property test holds them equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import orjson

from stratagem.detect.model import Evidence, Finding, Location
from stratagem.events.detection_finding import EVIDENCE_OBJECTS, observables, to_ocsf
from stratagem.events.valid import epoch_milliseconds
from stratagem.sources._contract import Labels

_TIME = datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC)
_OFFSET = 7_340_032_000_000_001
_INDEX = 7_340_032_000_000_002
_UID, _EVENT, _SOURCE, _FILE = "mark-finding", "mark-event", "mark-source", "mark-file"
_TITLE, _PRINCIPAL = "mark-title", "mark-principal"
_LABEL = "mark-label-"
_LABELS = ("cluster", "account", "tenant", "region")
_OBJECTS = {"http_request": {"user_agent": "mark-objects"}}
"""What a marked event shows; it stands in the evidence, and is observable."""


def _member(name: str, value: object) -> str:
    return f',"{name}":{orjson.dumps(value).decode()}'


_MARKS = {
    f'"{_UID}"': "uid",
    f'"{_EVENT}"': "event",
    f'"{_SOURCE}"': "source",
    f'"{_FILE}"': "file",
    str(_OFFSET): "offset",
    str(_INDEX): "index",
    str(epoch_milliseconds(_TIME)): "milliseconds",
    f'"{_TIME.isoformat()}"': "iso",
    f'"{_TITLE}"': "title",
    f'"{_PRINCIPAL}"': "principal",
    **{_member(*pair): "objects" for pair in _OBJECTS.items()},
    _member("observables", observables([_OBJECTS])): "observables",
    **{f'"{_LABEL}{name}"': name for name in _LABELS},
}
_MARK = re.compile("|".join(re.escape(mark) for mark in _MARKS).encode())


class Template:
    """The lines of all findings that share everything with `prototype` but its one evidence, times, ids and labels.

    With `shows`, their title, their principal if the prototype has one, and what the event shows differ too.
    """

    def __init__(self, prototype: Finding, *, shows: bool = False) -> None:
        labels = prototype.labels
        marked = {name: f"{_LABEL}{name}" if getattr(labels, name) else None for name in _LABELS}
        place = Location(file=_FILE, offset=_OFFSET, index=_INDEX)
        evidence = Evidence(event_uid=_EVENT, source=_SOURCE, location=place, time=_TIME)
        finding = replace(prototype, uid=_UID, time=_TIME, evidences=(evidence,), labels=labels._replace(**marked))
        if shows:
            finding = replace(
                finding,
                title=prototype.title and _TITLE,
                principal=prototype.principal and _PRINCIPAL,
                evidences=(replace(evidence, ocsf=_OBJECTS),),
            )
        text = line(finding)
        self._fixed = _MARK.split(text)
        self._names = [_MARKS[mark.decode()] for mark in _MARK.findall(text)]

    def bind(self, source: str, labels: Labels) -> Callable[[tuple[bytes, ...]], bytes]:
        """What writes the lines of findings with these labels, from `varying` values, and `shown` ones if they show."""
        known = {"source": source, **labels._asdict()}
        pattern = _literal(self._fixed[0])
        order: list[int] = []
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            if name in known:
                pattern += _literal(orjson.dumps(known[name]))
            else:
                pattern += b"%b"
                order.append(_VARYING.index(name))
            pattern += _literal(fixed)
        pick = itemgetter(*order)
        return lambda values: pattern % pick(values)


_VARYING = (
    *("uid", "event", "file", "offset", "index", "milliseconds", "iso"),
    *("title", "principal", "objects", "observables"),
)


def varying(uid: str, event_uid: str, location: Location, time: datetime, iso: str) -> tuple[bytes, ...]:
    """What differs between the findings of one rule, as JSON texts in the order of `_VARYING`.

    `iso` is the time as ISO 8601 text.
    """
    file, offset, index = location
    return (
        b'"%b"' % uid.encode(),
        orjson.dumps(event_uid),
        orjson.dumps(file),
        b"%d" % offset,
        b"%d" % index,
        b"%d" % epoch_milliseconds(time),
        b'"%b"' % iso.encode(),
    )


def shown(title: str, principal: str | None, objects: bytes, seen: bytes) -> tuple[bytes, ...]:
    """What differs besides where the event shows: `objects` and `seen` are pieces as `events.shown` gives them."""
    told = b',"observables":[%b]' % seen if seen else b""
    return orjson.dumps(title), orjson.dumps(principal), objects, told


def _literal(text: bytes) -> bytes:
    return text.replace(b"%", b"%%")


def line(finding: Finding) -> bytes:
    """The reference: one finding as one line, without its line end."""
    return orjson.dumps(to_ocsf(finding), default=str)


def read_back(prototype: Finding, text: bytes, evidence: Evidence) -> Finding:
    """The finding that a line was written from, but for what a line leaves out: of the event it holds what it shows.

    `prototype` has what is the rule's, and the level; `evidence` is the event by place.
    """
    told: dict[str, Any] = orjson.loads(text)
    own = told.get("unmapped", {})
    return replace(
        prototype,
        uid=told["metadata"]["uid"],
        title=told.get("message", ""),
        level_because=own.get("level_because", ""),
        time=evidence.time or prototype.time,
        evidences=(replace(evidence, ocsf=_columns(told["evidences"][0])),),
        labels=Labels(**{name: own.get(name) for name in _LABELS}),
        principal=own.get("principal"),
    )


def _columns(told: dict[str, Any]) -> dict[str, Any]:
    """The columns of an event that an evidence shows."""
    columns = {name: told[name] for name in EVIDENCE_OBJECTS if name in told}
    if "container" in told:
        columns["process"] = {**columns.get("process", {}), "container": told["container"]}
    return columns
