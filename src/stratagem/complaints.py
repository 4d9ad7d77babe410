"""What breaks a JSON Schema, in plain words: for blocks of strategies, and for the files of the context."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "object": "a mapping",
    "array": "a list",
    "boolean": "true or false",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One way in which a value breaks its schema. `at_key`: the place is the key at `path`, not its value."""

    path: str
    message: str
    fix: str = ""
    at_key: bool = False


def complaints(schema: Mapping[str, Any], value: Any, *, whole: str = "the block") -> tuple[Complaint, ...]:
    """Everything in `value` that breaks a JSON Schema, in document order of paths; `whole` is its name."""
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(schema).iter_errors(value)
    errors = sorted(found, key=lambda error: [str(part) for part in error.absolute_path])
    return tuple(complaint for error in errors for complaint in _explain(error, whole))


def closest(word: object, known: Iterable[str]) -> str:
    """ "; did you mean 'expect'?" when one of `known` is near, else nothing."""
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def _explain(error: Any, whole: str) -> Iterator[Complaint]:
    path = ".".join(str(part) for part in error.absolute_path)
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(error, path)
        case "required":
            yield from _missing_key(error, path)
        case "anyOf" if meant := _meant(error):
            for inner in meant:
                yield from _explain(inner, whole)
        case _:
            yield Complaint(path=path, message=f"{_name(error.absolute_path, whole)} {_expectation(error)}")


def _meant(error: Any) -> list[Any]:
    """What is wrong under the one alternative that has the value's type; nothing where there is no such one."""
    branches: dict[int, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [found for found in branches.values() if not any(one.validator == "type" and not one.path for one in found)]
    return meant[0] if len(meant) == 1 else []


def _name(path: Sequence[str | int], whole: str) -> str:
    match list(path):
        case []:
            return whole
        case [*_, str(key), int(index)]:
            return f"item {index + 1} of '{key}'"
        case [*_, int(index)]:
            return f"item {index + 1}"
        case [*_, key]:
            return f"'{key}'"
    return whole


def _unknown_keys(error: Any, path: str) -> Iterator[Complaint]:
    known = list(error.schema.get("properties", {}))
    for key in error.instance:
        if key not in known:
            yield Complaint(
                path=f"{path}.{key}" if path else str(key),
                message=f"unknown key '{key}'{closest(key, known)}",
                fix=f"Known keys: {', '.join(known)}.",
                at_key=True,
            )


def _missing_key(error: Any, path: str) -> Iterator[Complaint]:
    # jsonschema reports each missing key by itself; the message begins with its name in quotes.
    missing = [key for key in error.validator_value if error.message == f"{key!r} is a required property"]
    for key in missing:
        described = error.schema.get("properties", {}).get(key, {}).get("description", "")
        yield Complaint(path=path, message=f"key '{key}' is missing", fix=described, at_key=True)


def _expectation(error: Any) -> str:
    limit, value = error.validator_value, error.instance
    match error.validator:
        case "enum":
            return f"is '{_short(value)}', not one of {', '.join(map(str, limit))}{closest(value, map(str, limit))}"
        case "type":
            wanted = " or ".join(_TYPES[kind] for kind in ([limit] if isinstance(limit, str) else limit))
            return f"must be {wanted}, not {_kind_of(value)}"
        case "pattern":
            return f"is '{_short(value)}', which does not have the form {_form(error)}"
        case "minItems" | "minProperties" | "minLength":
            return "must not be empty" if limit == 1 else f"needs at least {limit} entries"
        case "uniqueItems":
            return "names something twice"
        case "minimum":
            return f"must be at least {limit}"
        case "maximum":
            return f"must be at most {limit}"
        case "exclusiveMinimum":
            return f"must be greater than {limit}"
        case _:
            return f"is not valid ({error.validator})"


_FORMS = {
    "^[^\\s|{}.]+(\\.[^\\s|{}.]+)*$": "of a path: names joined by dots, without blanks and braces",
    "^[+-][0-9]{2}:[0-9]{2}$": "+02:00",
    "^T[0-9]{4}(\\.[0-9]{3})?$": "T1234 or T1234.001",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "2026-06-30",
    "^[a-z0-9_]+/[A-Za-z0-9_.-]+$": "source/name (aws_cloudtrail/create_user)",
    "^[A-Za-z0-9_][A-Za-z0-9_.-]*$": "of a name: letters, digits, '_', '.', '-'",
    "^[a-z0-9_]+$": "of an id: small letters, digits, '_'",
    "^[a-z0-9_-]+$": "of a file name: small letters, digits, '_', '-'",
    "^[0-9]+(s|m|h|d)$": "90s, 5m, 2h or 1d",
    "^[a-z0-9_]+:[^:*]+:[^*]+\\*?$": "provider:scope:durable id, the scope written out",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$": (
        "2026-01-31 or 2026-01-31T08:00:00Z"
    ),
    "^[0-9]{1,5}-[0-9]{1,5}$": "8000-8100",
}


def _form(error: Any) -> str:
    return _FORMS.get(error.validator_value, str(error.validator_value))


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "a mapping"
