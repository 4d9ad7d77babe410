"""Changes to what a Sigma detection asks, one clause at a time, with the path of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stratagem.mutation.lines import changed_lines, cut

_MOST_VALUES = 12
"""Of a longer list so many values are dropped one by one: the list is one idea."""
_ANCHORS = {"startswith": "contains", "endswith": "contains"}
_QUANTIFIERS = {"[any]": "[all]", "[all]": "[any]", "[none]": "[any]", "[all_or_empty]": "[any]"}
_LIMITS = ("gte", "gt", "lte", "lt")


class Change(NamedTuple):
    """One changed detection. `path` is where in the block the clause stands."""

    path: str
    kind: str
    what: str
    detection: Mapping[str, Any]


def changes(detection: Mapping[str, Any], path: str = "detection") -> Iterator[Change]:
    """Every change of a detection: of its condition line, and of what stands in its selections."""
    for place, kind, what, value in _body(detection, path, is_detection=True):
        yield Change(place, kind, what, value)


def _body(value: Mapping[str, Any], path: str, *, is_detection: bool) -> Iterator[tuple[str, str, str, Any]]:
    """Of a mapping of selections with a condition, or of one selection."""
    line = value.get("condition")
    is_extended = is_detection or (
        isinstance(line, str)
        and all(isinstance(one, Mapping | list) for key, one in value.items() if key != "condition")
    )
    tests = [key for key in value if not (is_extended and key == "condition")]
    if is_extended and isinstance(line, str):
        for kind, what, changed in changed_lines(line, [str(key) for key in tests]):
            yield f"{path}.condition", kind, what, {**value, "condition": changed}
    for key in tests:
        place = f"{path}.{key}"
        if not is_extended and len(tests) > 1:
            rest = {other: inner for other, inner in value.items() if other != key}
            yield place, "drop", f"without '{_shown(key, value[key])}'", rest
        if not is_extended:
            for kind, what, other in _other_keys(str(key), value[key]):
                yield place, kind, what, {other if name == key else name: inner for name, inner in value.items()}
        for below, kind, what, inner in _values(str(key), value[key], place):
            yield below, kind, what, {**value, key: inner}


def _values(key: str, value: Any, path: str) -> Iterator[tuple[str, str, str, Any]]:
    match value:
        case Mapping():
            yield from _body(value, path, is_detection=False)
        case list():
            yield from _list(key, value, path)
        case bool():
            yield path, "negate", f"'{key}' is {str(not value).lower()}", not value
        case int() | float() if key.rpartition("|")[2] in _LIMITS:
            for limit in (value + 1, value - 1):
                yield path, "limit", f"'{key}' {limit} in place of {value}", limit
        case str() if "|cidr" in key and "/" in value:
            wider = _wider(value)
            if wider:
                yield path, "widen", f"'{key}' {wider} in place of {value}", wider


def _list(key: str, value: Sequence[Any], path: str) -> Iterator[tuple[str, str, str, Any]]:
    for number, one in enumerate(value):
        if len(value) > 1 and number < _MOST_VALUES:
            rest = [other for place, other in enumerate(value) if place != number]
            kind = "drop" if key.endswith("|all") else "narrow"
            yield f"{path}.{number}", kind, f"without {_shown(key, one)}", rest
        if isinstance(one, Mapping):
            for below, kind, what, inner in _body(one, f"{path}.{number}", is_detection=False):
                yield below, kind, what, [inner if place == number else other for place, other in enumerate(value)]


def _other_keys(key: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """The same test with another modifier or quantifier."""
    field, *modifiers = key.split("|")
    for number, modifier in enumerate(modifiers):
        others = [*modifiers[:number], *modifiers[number + 1 :]]
        if modifier in _ANCHORS and "all" not in modifiers:
            other = "|".join([field, *modifiers[:number], _ANCHORS[modifier], *modifiers[number + 1 :]])
            yield "widen", f"'{other}' in place of '{key}'", other
        elif modifier == "cased":
            yield "widen", f"'{key}' without case", "|".join([field, *others])
        elif modifier == "all" and isinstance(value, list) and len(value) > 1:
            yield "swap", f"'{key}': any of the values in place of all", "|".join([field, *others])
    for quantifier, other in _QUANTIFIERS.items():
        if quantifier in key:
            yield "swap", f"{other} in place of {quantifier} in '{key}'", key.replace(quantifier, other)


def _wider(network: str) -> str | None:
    from ipaddress import ip_network

    try:
        found = ip_network(network, strict=False)
    except ValueError:
        return None
    return str(found.supernet(prefixlen_diff=min(4, found.prefixlen))) if found.prefixlen else None


def _shown(key: Any, value: Any) -> str:
    return cut(f"{key}: {value}" if not isinstance(value, Mapping | list) else str(key))
