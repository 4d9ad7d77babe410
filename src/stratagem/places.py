"""YAML with places: the value, and the line and column of every key and value in it.

Safe by construction (no tags beyond YAML's own scalars), strict about duplicate keys, and patient: what is wrong is
collected as flaws, and as much of the value as can be read is still returned.
Dates stay text and keys stay as written, so `on:` is the key "on".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

Place = tuple[int, int]
"""Line and column in the document, both from 1."""

MAX_DEPTH = 64
MAX_VALUES = 50_000
"""Counted with aliases expanded, so that a few nested aliases cannot stand for millions of values."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER = yaml.resolver.Resolver()
_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset(_TAG + name for name in ("str", "timestamp", "value", "merge"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something wrong with the YAML itself."""

    message: str
    place: Place
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A YAML value with places. Paths are dotted, list indexes included: "levels.0.when"."""

    value: Any
    start: Place
    keys: Mapping[str, Place] = field(default_factory=dict)
    """Where each path's key (or list item) begins."""
    values: Mapping[str, Place] = field(default_factory=dict)
    """Where each path's value begins."""
    flaws: tuple[Flaw, ...] = ()

    def place_of(self, path: str, *, key: bool = False) -> Place:
        """The place of `path`, or of its closest parent that is known."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        while path:
            if place := first.get(path) or second.get(path):
                return place
            path = path.rpartition(".")[0]
        return self.start

    @property
    def lines(self) -> dict[str, int]:
        return {path: line for path, (line, _) in self.keys.items()}


def read(text: str, *, line: int = 1, margins: Sequence[int] = ()) -> Located:
    """Read one YAML document that begins at document line `line`; never raises.

    `margins` is the number of characters that the document has to the left of each line of `text`.
    """
    builder = _Builder(text, line, margins)
    value: Any = None
    try:
        value = builder.document()
    except yaml.MarkedYAMLError as error:
        builder.flaw(_plain(error), error.problem_mark or error.context_mark)
    except yaml.YAMLError as error:
        builder.flaw(f"not YAML: {_first_line(error)}")
    except _Stop as error:
        builder.flaw(str(error), error.mark)
    except ValueError as error:  # lone surrogates
        builder.flaw(_first_line(error))
    return Located(value=value, start=(line, 1), keys=builder.keys, values=builder.values, flaws=tuple(builder.flaws))


class _Stop(Exception):
    """Reading on makes no sense; the message says why."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.mark = mark


class _Builder:
    """Turns libyaml's event stream into a value, noting places; recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str, line: int, margins: Sequence[int]) -> None:
        self._text = text
        self._starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
        self._line = line
        self._margins = margins
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0
        self.keys: dict[str, Place] = {}
        self.values: dict[str, Place] = {}
        self.flaws: list[Flaw] = []

    def place(self, mark: Any) -> Place:
        # By index, not by the mark's line: YAML also breaks lines at U+0085 and U+2028, editors do not.
        row = max(bisect_right(self._starts, mark.index) - 1, 0)
        margin = self._margins[row] if row < len(self._margins) else 0
        return self._line + row, mark.index - self._starts[row] + 1 + margin

    def flaw(self, message: str, mark: Any = None, fix: str = "") -> None:
        place = self.place(mark) if mark is not None else (self._line, 1)
        self.flaws.append(Flaw(message=message, place=place, fix=fix))

    def document(self) -> Any:
        value: Any = None
        seen = 0
        events: Iterator[Event] = yaml.parse(self._text, Loader=_LOADER)
        for event in events:
            if isinstance(event, DocumentStartEvent):
                seen += 1
                if seen > 1:
                    self.flaw("a second YAML document begins here", event.start_mark, "Write one per block.")
                    break
                value = self._node(next(events), events, "", 0)
        return value

    def _node(self, event: Event, events: Iterator[Event], path: str, depth: int) -> Any:
        before = self._count
        self._grow(1, event)
        if depth > MAX_DEPTH:
            raise _Stop(f"nested more than {MAX_DEPTH} levels deep", event.start_mark)
        if path:
            self.values.setdefault(path, self.place(event.start_mark))
        if isinstance(event, AliasEvent):
            return self._alias(event)
        if isinstance(event, MappingStartEvent):
            value: Any = self._mapping(event, events, path, depth)
        elif isinstance(event, SequenceStartEvent):
            value = self._sequence(events, path, depth)
        else:
            value = self._scalar(event)
        if anchor := getattr(event, "anchor", None):
            self._anchors[anchor] = (value, self._count - before)
        return value

    def _grow(self, count: int, event: Event) -> None:
        self._count += count
        if self._count > MAX_VALUES:
            raise _Stop(f"more than {MAX_VALUES:,} values (aliases count each time)", event.start_mark)

    def _alias(self, event: AliasEvent) -> Any:
        if event.anchor not in self._anchors:
            self.flaw(f"alias '*{event.anchor}' has no anchor before it", event.start_mark)
            return None
        value, size = self._anchors[event.anchor]
        self._grow(size, event)
        return value

    def _mapping(self, start: Event, events: Iterator[Event], path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            key = self._key(event)
            below = f"{path}.{key}" if path else key
            duplicate = key in found
            if not duplicate:
                self.keys.setdefault(below, self.place(event.start_mark))
            value = self._node(next(events), events, below, depth + 1)
            if duplicate:
                self.flaw(f"key '{key}' is given twice", event.start_mark, "Keep one of them.")
            else:
                found[key] = value
        return found

    def _key(self, event: Event) -> str:
        if not isinstance(event, ScalarEvent):
            raise _Stop("a key must be text, not a list, a mapping or an alias", event.start_mark)
        if event.value == "<<" and event.implicit[0]:
            self.flaw("the merge key '<<' is not supported", event.start_mark, "Write the keys out.")
        return str(event.value)

    def _sequence(self, events: Iterator[Event], path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            below = f"{path}.{len(found)}" if path else str(len(found))
            self.keys.setdefault(below, self.place(event.start_mark))
            found.append(self._node(event, events, below, depth + 1))
        return found

    def _scalar(self, event: Any) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            tag = str(_RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit))  # type: ignore[no-untyped-call]
        construct = _SCALARS.get(tag)
        if construct is not None:
            try:
                return construct(_CONSTRUCTOR, yaml.ScalarNode(tag, event.value))
            except (ValueError, LookupError, ConstructorError):
                name = tag.removeprefix(_TAG)
                self.flaw(f"'{event.value[:40]}' is not {_article(name)}", event.start_mark)
        elif tag not in _TEXT_TAGS:
            self.flaw(f"tag '{tag}' is not allowed", event.start_mark, "Use plain values.")
        return str(event.value)


_CONSTRUCTOR = SafeConstructor()
_SCALARS = {
    _TAG + "int": SafeConstructor.construct_yaml_int,
    _TAG + "float": SafeConstructor.construct_yaml_float,
    _TAG + "bool": SafeConstructor.construct_yaml_bool,
    _TAG + "null": SafeConstructor.construct_yaml_null,
}


def _article(name: str) -> str:
    return {"int": "an integer", "float": "a number", "bool": "true or false", "null": "null"}[name]


def _plain(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or "not readable").replace("\n", " ")
    if "found character that cannot start any token" in problem:
        return "not YAML: a tab or a reserved character stands where a value begins; quote the value"
    if "mapping values are not allowed" in problem:
        return "not YAML: ':' inside a plain value; quote the value"
    if "maximum nesting depth" in problem:  # libyaml has a limit of its own since PyYAML 6.0.4
        return f"nested more than {MAX_DEPTH} levels deep"
    return f"not YAML: {problem}"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0] or "not readable"
