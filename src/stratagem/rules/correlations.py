"""Sigma correlation documents and blocks -> Correlation, or the reason why not.

pySigma checks what it knows; what it does not let through or does not notice is ours: conditions with a range are split
before it sees them, and `absence` is not Sigma's. References are resolved by `detect.compile`, which also finds cycles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from stratagem.rules.correlation import Both, Bound, Correlation, CorrelationType, Either, Term, Without
from stratagem.rules.metadata import metadata
from stratagem.rules.problem import BadRule, nearest

_TYPES = tuple(CorrelationType)
_VALUES = frozenset(kind for kind in CorrelationType if kind.startswith("value_"))
_TEMPORAL = frozenset({CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED})
_KEYS = ("type", "rules", "group-by", "timespan", "condition", "aliases", "generate")
_OPERATORS = ("gte", "gt", "lte", "lt", "eq", "neq")
_TIMESPAN = re.compile(r"([0-9]+)([smhdwMy])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800, "M": 2_629_746, "y": 31_556_952}
"""The specification's units, and pySigma's for week, month and year."""
_LONGEST = 10 * 31_556_952
_WORD = re.compile(r"\(|\)|[^\s()]+")
_PLAIN = re.compile(r"[A-Za-z_]\w*|[()]")


def read_correlation(data: Mapping[str, Any]) -> Correlation:
    """A correlation without its place. Raises BadRule, whose path leads to the value."""
    body = data.get("correlation")
    if not isinstance(body, Mapping):
        raise BadRule("correlation", "is not a map.", path="correlation")
    known = {key: value for key, value in metadata(data).items() if key != "fields"}
    try:
        read = _read(data, body, known)
    except BadRule as problem:
        raise problem.under("correlation") from None
    if read.type is not CorrelationType.ABSENCE:
        _ask_pysigma(read.title, body)
    return read


def _read(data: Mapping[str, Any], body: Mapping[str, Any], known: Mapping[str, Any]) -> Correlation:
    unknown = [str(key) for key in body if key not in _KEYS]
    if unknown:
        raise BadRule("correlation", f"unknown key {unknown[0]!r}.", fix=nearest(unknown[0], _KEYS), path=unknown[0])
    kind = _type(body.get("type"))
    expression = _expression(body.get("condition"), kind)
    rules = _rules(body.get("rules"), kind, expression)
    bounds, fields, percentile = _condition(body.get("condition"), kind)
    group_by = _texts("group-by", body.get("group-by"))
    generate = body.get("generate", False)
    if not isinstance(generate, bool):
        raise BadRule("generate", "is neither true nor false.", path="generate")
    name = str(data.get("name") or data.get("id") or "").strip()
    return Correlation(
        uid=str(data.get("id") or data.get("name") or "").strip(),
        name=name,
        type=kind,
        rules=rules,
        timespan=_timespan(body.get("timespan")),
        group_by=group_by,
        aliases=_aliases(body.get("aliases"), rules, group_by, fields),
        bounds=bounds,
        field=fields,
        percentile=percentile,
        expression=expression,
        generate=generate,
        **known,
    )


def _type(value: Any) -> CorrelationType:
    if value is None:
        raise BadRule("type", "is missing.", fix=f"There are: {', '.join(_TYPES)}.")
    word = str(value).lower()
    if word not in _TYPES:
        raise BadRule("type", f"{value!r} is no correlation type.", fix=nearest(word, _TYPES), path="type")
    return CorrelationType(word)


def _rules(value: Any, kind: CorrelationType, expression: Term | None) -> tuple[str, ...]:
    rules = _texts("rules", value)
    if not rules and expression is not None:
        rules = tuple(dict.fromkeys(_named(expression)))
    if not rules:
        raise BadRule("rules", "names no rule.", fix="List the names or ids of the rules to correlate.", path="rules")
    twice = {rule for rule in rules if rules.count(rule) > 1}
    if twice:
        raise BadRule("rules", f"names {sorted(twice)[0]!r} twice.", path="rules")
    if kind is CorrelationType.ABSENCE and len(rules) < 2:
        fix = "First the rule that must be followed, then the rules that may follow it."
        raise BadRule("rules", "absence needs at least two rules.", fix=fix, path="rules")
    if expression is not None:
        _same_names(rules, set(_named(expression)))
    return rules


def _same_names(rules: tuple[str, ...], asked: set[str]) -> None:
    for name in sorted(asked - set(rules)):
        raise BadRule("condition", f"{name!r} is not among the rules.", fix=nearest(name, rules), path="condition")
    for name in sorted(set(rules) - asked):
        raise BadRule("condition", f"the rule {name!r} is not asked for.", fix="Leave it out of `rules`.", path="rules")


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    entries = value if isinstance(value, list) else [value]
    if any(not isinstance(entry, str | int) or isinstance(entry, bool) or entry == "" for entry in entries):
        raise BadRule(key, "is neither a text nor a list of texts.", path=key)
    return tuple(str(entry) for entry in entries)


def _timespan(value: Any) -> timedelta:
    if value is None:
        raise BadRule("timespan", "is missing.", fix="Write a number and a unit: 90s, 10m, 2h, 1d.")
    found = _TIMESPAN.fullmatch(str(value))
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST:
        raise BadRule("timespan", f"{value!r} is no time span.", fix="Write 90s, 10m, 2h or 1d.", path="timespan")
    return timedelta(seconds=seconds)


def _aliases(
    value: Any, rules: tuple[str, ...], group_by: tuple[str, ...], fields: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadRule("aliases", "is not a map.", path="aliases")
    found: dict[str, dict[str, str]] = {}
    for alias, mapping in value.items():
        path = f"aliases.{alias}"
        if not isinstance(mapping, Mapping):
            raise BadRule("aliases", f"{alias!r} is not a map from rules to fields.", path=path)
        for rule in mapping:
            if str(rule) not in rules:
                reason = f"{rule!r} of {alias!r} is not among the rules."
                raise BadRule("aliases", reason, fix=nearest(str(rule), rules), path=f"{path}.{rule}")
        if alias not in group_by and alias not in fields:
            raise BadRule("aliases", f"nothing uses {alias!r}.", fix="Name it in `group-by`.", path=path)
        found[str(alias)] = {str(rule): str(field) for rule, field in mapping.items()}
    return found


def _condition(value: Any, kind: CorrelationType) -> tuple[tuple[Bound, ...], tuple[str, ...], int | None]:
    if kind is CorrelationType.ABSENCE:
        if value is not None:
            raise BadRule("condition", "absence has none: it asks that no other rule follows.", path="condition")
        return (), (), None
    if isinstance(value, str) and kind in _TEMPORAL:
        return (), (), None
    if value is None and kind in _TEMPORAL:
        return (), (), None
    if not isinstance(value, Mapping):
        reason = "is missing." if value is None else "is not a map."
        raise BadRule("condition", reason, fix="Say how much is too much: {gte: 10}.", path="condition")
    allowed = (*_OPERATORS, *(("field",) if kind in _VALUES else ()), "percentile")
    for key in value:
        if key not in allowed:
            fix = nearest(str(key), allowed)
            raise BadRule("condition", f"{key!r} has no meaning for {kind}.", fix=fix, path=f"condition.{key}")
    bounds = tuple(Bound(op=op, limit=_number(op, value[op])) for op in _OPERATORS if op in value)
    if not bounds:
        raise BadRule("condition", "compares with nothing.", fix=f"There are: {', '.join(_OPERATORS)}.")
    fields = _texts("field", value.get("field"))
    if kind in _VALUES and not fields:
        raise BadRule("condition", f"{kind} needs a `field`.", path="condition")
    if len(fields) > 1 and kind is not CorrelationType.VALUE_COUNT:
        raise BadRule("condition", f"{kind} takes one field.", path="condition.field")
    return bounds, fields, _percentile(value.get("percentile"), kind)


def _percentile(value: Any, kind: CorrelationType) -> int | None:
    if kind is not CorrelationType.VALUE_PERCENTILE:
        if value is not None:
            raise BadRule("condition", f"percentile has no meaning for {kind}.", path="condition.percentile")
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100:
        raise BadRule("condition", "value_percentile needs `percentile`, a whole number from 1 to 100.")
    return value


def _number(op: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 28:
        raise BadRule("condition", f"{value!r} is no number.", path=f"condition.{op}")
    return number


def _expression(value: Any, kind: CorrelationType) -> Term | None:
    """`a and (b or not c)`. Raises BadRule."""
    if not isinstance(value, str):
        return None
    if kind not in _TEMPORAL:
        raise BadRule("condition", f"a condition in words has no meaning for {kind}.", path="condition")
    words = _WORD.findall(value)
    term, rest = _either(words)
    if rest:
        raise BadRule("condition", f"{' '.join(rest)!r} is left over.", path="condition")
    return term


def _either(words: list[str]) -> tuple[Term, list[str]]:
    parts, rest = _parts(words, "or", lambda inner: _parts(inner, "and", _single))
    return parts, rest


def _parts(words: list[str], joint: str, inner: Any) -> tuple[Term, list[str]]:
    first, rest = inner(words)
    parts = [first]
    while rest and rest[0].lower() == joint:
        part, rest = inner(rest[1:])
        parts.append(part)
    if len(parts) == 1:
        return first, rest
    return (Either if joint == "or" else Both)(parts=tuple(parts)), rest


def _single(words: list[str]) -> tuple[Term, list[str]]:
    if not words or words[0].lower() in ("and", "or", ")"):
        raise BadRule("condition", "a rule's name is missing.", path="condition")
    if words[0].lower() == "not":
        part, rest = _single(words[1:])
        return Without(part=part), rest
    if words[0] == "(":
        term, rest = _either(words[1:])
        if not rest or rest[0] != ")":
            raise BadRule("condition", "a parenthesis is not closed.", path="condition")
        return term, rest[1:]
    return words[0], words[1:]


def _named(term: Term) -> Iterator[str]:
    match term:
        case str():
            yield term
        case Both() | Either():
            for part in term.parts:
                yield from _named(part)
        case Without():
            yield from _named(term.part)


def _ask_pysigma(title: str, body: Mapping[str, Any]) -> None:
    """What pySigma says against it. A range is shown to it one bound at a time: it takes exactly one."""
    from sigma.correlations import SigmaCorrelationRule
    from sigma.exceptions import SigmaError

    condition = body.get("condition")
    shown = [body]
    if isinstance(condition, Mapping):
        rest = {key: value for key, value in condition.items() if key not in _OPERATORS}
        shown = [{**body, "condition": {op: condition[op], **rest}} for op in _OPERATORS if op in condition]
    elif isinstance(condition, str) and not all(map(_PLAIN.fullmatch, _WORD.findall(condition))):
        return  # It reads plain names alone: no ids, no `strategy#rule`.
    for one in shown:
        try:
            SigmaCorrelationRule.from_dict({"title": title, "correlation": dict(one)})
        except SigmaError as error:
            raise BadRule("correlation", str(error), path="correlation") from error
