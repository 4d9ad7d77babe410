"""Whose record it is, and its one native shape, as a declaration says it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from stratagem.sources._contract import Malformed, Native
from stratagem.sources._declared.model import renames, several, time_format, time_paths, told_by
from stratagem.sources._text import at_path

_OURS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d:\d\d(:\d\d)?")
"""A time as `canonical` writes it."""


class Shape:
    """Functions of a Source that read the declaration's `recognise`, `rename` and `time`."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        told = body["recognise"]
        self._logged = dict(renames(body))
        self._paths = told_by(body)
        self._values = {path: frozenset(several(values)) for path, values in told.get("values", {}).items()}
        self._prefixes = {path: several(values) for path, values in told.get("prefixes", {}).items()}
        self._times = time_paths(body)
        self._format = time_format(body)
        self._zone = _zone(body["time"].get("offset", "+00:00")) if self._format else None
        self.changes = bool(self._logged or self._format)
        """Whether records may have to be changed to reach the canonical shape."""

    def recognise(self, record: Native) -> bool:
        """Is it ours, with its fields at their canonical places or where they are logged?"""
        return all(self._fits(path, self._anywhere(record, path)) for path in self._paths)

    def why_not(self, record: Native) -> str:
        """What a record lacks to be recognised; empty where it lacks nothing."""
        for path in self._paths:
            found = self._anywhere(record, path)
            if not self._fits(path, found):
                return f"'{path}' is missing" if found is None else f"'{path}' is {found!r}"
        return ""

    def is_canonical(self, head: Native) -> bool:
        """Is it ours, and nothing of it to be moved?"""
        if not all(self._fits(path, at_path(head, path)) for path in self._paths if self._asks(path)):
            return False
        return all(
            at_path(head, path) is not None or all(at_path(head, one) is None for one in logged)
            for path, logged in self._logged.items()
        )

    def canonical(self, record: Native) -> Native:
        """The record with its fields at their canonical places and its time as ISO 8601 text. Raises Malformed."""
        if not self.changes:
            return record
        changed: dict[str, Any] | None = None
        for path, logged in self._logged.items():
            here = record if changed is None else changed
            place = next((one for one in logged if _logged_at(here, one) is not None), None)
            if place is not None and at_path(here, path) is None:
                changed = copy.deepcopy(dict(record)) if changed is None else changed
                _put(changed, path, _take(changed, place))
        return self._dated(record if changed is None else changed)

    def _dated(self, record: Native) -> Native:
        if self._format is None:
            return record
        path = next((one for one in self._times if at_path(record, one) is not None), None)
        written = at_path(record, path) if path else None
        if path is None or not isinstance(written, str) or _OURS.fullmatch(written):
            return record
        changed = copy.deepcopy(dict(record))
        _put(changed, path, self._moment(written).isoformat())
        return changed

    def _moment(self, written: str) -> datetime:
        assert self._format is not None
        try:
            moment = datetime.strptime(written.strip(), self._format)
        except ValueError:
            raise Malformed(f"time {written[:40]!r} does not have the form {self._format!r}") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _asks(self, path: str) -> bool:
        """The time alone need not be looked at: a record without one is not taken by its head."""
        return self.changes or self._times != (path,) or path in self._values or path in self._prefixes

    def _anywhere(self, record: Native, path: str) -> Any:
        """The value at a canonical path, else at the first place where it may be logged."""
        found = at_path(record, path)
        if found is not None or path not in self._logged:
            return found
        return next((one for place in self._logged[path] if (one := _logged_at(record, place)) is not None), None)

    def _fits(self, path: str, found: Any) -> bool:
        if found is None:
            return False
        if path in self._values and not (isinstance(found, str) and found in self._values[path]):
            return False
        return path not in self._prefixes or (isinstance(found, str) and found.startswith(self._prefixes[path]))


def _logged_at(record: Native, path: str) -> Any:
    """The value where the log has it: a key that contains dots wins over nesting."""
    found = record.get(path)
    return at_path(record, path) if found is None else found


def _zone(offset: str) -> timezone:
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])))


def _take(record: dict[str, Any], path: str) -> Any:
    """Take the value at a path out of the record."""
    if record.get(path) is not None:
        return record.pop(path)
    here: Any = record
    *parents, last = path.split(".")
    for parent in parents:
        here = here[parent]
    return here.pop(last)


def _put(record: dict[str, Any], path: str, value: Any) -> None:
    here: Any = record
    *parents, last = path.split(".")
    for parent in parents:
        below = here.get(parent)
        if below is None:
            below = here[parent] = {}
        if not isinstance(below, dict):
            raise Malformed(f"'{path}' has no room: '{parent}' is no object")
        here = below
    here[last] = value
