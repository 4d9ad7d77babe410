"""Findings as NDJSON lines, many times faster than one by one: of a rule's findings only a few values differ.

A prototype finding with marks in the places of those values is written by `to_ocsf`, the reference, and cut at the
marks; a line is then its pieces with values between. So a line is what the reference gives, by construction, and a
property test holds them equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import orjson

from stratagem.detect.model import Evidence, Finding, Location
from stratagem.events.detection_finding import to_ocsf
from stratagem.events.valid import epoch_milliseconds

_TIME = datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC)
_OFFSET = 7_340_032_000_000_001
_INDEX = 7_340_032_000_000_002
_UID, _EVENT, _SOURCE, _FILE = "mark-finding", "mark-event", "mark-source", "mark-file"
_LABEL = "mark-label-"
_LABELS = ("cluster", "account", "tenant", "region")
_MARKS = {
    f'"{_UID}"': "uid",
    f'"{_EVENT}"': "event",
    f'"{_SOURCE}"': "source",
    f'"{_FILE}"': "file",
    str(_OFFSET): "offset",
    str(_INDEX): "index",
    str(epoch_milliseconds(_TIME)): "milliseconds",
    f'"{_TIME.isoformat()}"': "iso",
    **{f'"{_LABEL}{name}"': name for name in _LABELS},
}
_MARK = re.compile("|".join(re.escape(mark) for mark in _MARKS).encode())


class Template:
    """The lines of all findings that share everything with `prototype` but its one evidence, times, ids and labels."""

    def __init__(self, prototype: Finding) -> None:
        labels = prototype.labels
        marked = {name: f"{_LABEL}{name}" if getattr(labels, name) else None for name in _LABELS}
        place = Location(file=_FILE, offset=_OFFSET, index=_INDEX)
        evidence = Evidence(event_uid=_EVENT, source=_SOURCE, location=place, time=_TIME)
        text = line(replace(prototype, uid=_UID, time=_TIME, evidences=(evidence,), labels=labels._replace(**marked)))
        self._fixed = _MARK.split(text)
        self._names = [_MARKS[mark.decode()] for mark in _MARK.findall(text)]

    def fill(self, values: dict[str, bytes]) -> bytes:
        """One line; `values` are JSON texts by name."""
        pieces = [self._fixed[0]]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            pieces += (values[name], fixed)
        return b"".join(pieces)


def line(finding: Finding) -> bytes:
    """The reference: one finding as one line, without its line end."""
    return orjson.dumps(to_ocsf(finding), default=str)


def values(
    uid: str, event_uid: str, source: str, location: Location, time: datetime, labels: Sequence[str | None]
) -> dict[str, bytes]:
    """What differs between the findings of one rule, as JSON texts. `labels` in the order of `_LABELS`."""
    text = orjson.dumps
    found: dict[str, bytes] = {
        "uid": text(uid),
        "event": text(event_uid),
        "source": text(source),
        "file": text(location.file),
        "offset": b"%d" % location.offset,
        "index": b"%d" % location.index,
        "milliseconds": b"%d" % epoch_milliseconds(time),
        "iso": b'"%s"' % time.isoformat().encode(),
    }
    for name, value in zip(_LABELS, labels, strict=True):
        if value:
            found[name] = text(value)
    return found
