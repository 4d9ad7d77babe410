"""Why a rule matches a record or does not: each part of its condition with PASS or FAIL, the value met, the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stratagem.rules.model import And, Elements, Filter, Node, Not, Op, Or, Rule, Test, Timed
from stratagem.rules.reference import FIELD_TESTS, matches
from stratagem.rules.resolve import PLAIN, Resolver, elements
from stratagem.rules.scalars import text_of
from stratagem.sources._contract import Native

SHOWN_VALUES = 5
SHOWN_LENGTH = 120
SHOWN_ELEMENTS = 10
_WALKED = 5_000

_SAYS = {
    Op.EQUALS: "is",
    Op.CONTAINS: "contains",
    Op.STARTS_WITH: "starts with",
    Op.ENDS_WITH: "ends with",
    Op.PATTERN: "is like",
    Op.REGEX: "matches the expression",
    Op.CIDR: "is in the network",
    Op.LT: "<",
    Op.LTE: "<=",
    Op.GT: ">",
    Op.GTE: ">=",
    Op.FIELD_EQUALS: "is the field",
    Op.FIELD_STARTS_WITH: "starts with the field",
    Op.FIELD_ENDS_WITH: "ends with the field",
    Op.FIELD_CONTAINS: "contains the field",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One part of a condition and how it went. `actual` are the values met, as text, cut where long."""

    label: str
    passed: bool
    reason: str = ""
    actual: tuple[str, ...] = ()
    children: tuple[Step, ...] = ()


def explain(rule: Rule, record: Native, resolver: Resolver) -> Step:
    """The rule's condition over the record, part by part, and its filters.

    The whole passes if the condition holds and no filter removes the match. A filter's expiry is not looked at here:
    it is compared with event time when the rule runs.
    """
    view = _View(record, resolver, dict(rule.named))
    condition = view.step(rule.condition)
    filters = [_filter(view, one) for one in rule.filters]
    removed = [one.label for one in filters if not one.passed]
    if not condition.passed:
        reason = "the condition does not hold"
    else:
        reason = f"removed by {', '.join(removed)}" if removed else "the condition holds"
    passed = condition.passed and not removed
    return Step(label=rule.title or rule.uid, passed=passed, reason=reason, children=(condition, *filters))


def _filter(view: _View, one: Filter) -> Step:
    inner = view.step(one.condition)
    reason = f"removes the match: {one.reason or 'no reason given'}" if inner.passed else "does not apply"
    if one.expires:
        reason += f" (until {one.expires})"
    return Step(label=f"filter {one.name!r}", passed=not inner.passed, reason=reason, children=(inner,))


def _during(timed: Timed) -> str:
    bounds = (("from", timed.valid.start), ("until", timed.valid.end))
    return " ".join(f"{word} {bound.isoformat()}" for word, bound in bounds if bound is not None)


class _View:
    """One record, as the steps of one rule see it."""

    def __init__(self, record: Native, resolver: Resolver, named: Mapping[str, Node]) -> None:
        self._record = record
        self._resolver = resolver
        self._named = named

    def step(self, node: Node) -> Step:
        inner = self._step(node)
        name = next((name for name, named in self._named.items() if named == node), None)
        if name is None:
            return inner
        children = inner.children if isinstance(node, And | Or) and inner.children else (inner,)
        return Step(label=f"selection {name!r}", passed=inner.passed, reason=inner.reason, children=children)

    def _step(self, node: Node) -> Step:
        passed = matches(node, self._record, self._resolver)
        if isinstance(node, Test):
            return self._test(node, passed)
        if isinstance(node, Elements):
            return self._elements(node, passed)
        if isinstance(node, Not):
            child = self.step(node.part)
            reason = "its part does not hold" if passed else "its part holds"
            return Step(label="not", passed=passed, reason=reason, children=(child,))
        if isinstance(node, Timed):
            child = self.step(node.part)
            reason = "valid at the event's time" if passed or not child.passed else "not valid at the event's time"
            return Step(label=f"listed {_during(node)}", passed=passed, reason=reason, children=(child,))
        if isinstance(node, Or) and (choices := _choices(node)):
            return self._choice(choices, passed)
        children = tuple(self.step(part) for part in node.parts)
        held = sum(child.passed for child in children)
        label = "all of" if isinstance(node, And) else "one of"
        return Step(label=label, passed=passed, reason=f"{held} of {len(children)} hold", children=children)

    def _test(self, test: Test, passed: bool) -> Step:
        if test.field is None:
            label = f"a keyword {_SAYS.get(test.op, test.op.value)} {_wanted(test)}"
            return Step(label=label, passed=passed, reason="found" if passed else "nowhere in the record")
        actual = self._actual(test.field)
        label = f"{test.field} {_says(test)}"
        return Step(label=label, passed=passed, reason=self._reason(test, passed, actual), actual=actual)

    def _choice(self, tests: Sequence[Test], passed: bool) -> Step:
        field = tests[0].field or ""
        actual = self._actual(field)
        wanted = ", ".join(_wanted(test) for test in tests)
        reason = self._reason(tests[0], passed, actual)
        if not passed and actual:
            reason = f"got {_joined(actual)}, wants one of {wanted}"
        return Step(label=f"{field} is one of {wanted}", passed=passed, reason=reason, actual=actual)

    def _actual(self, field: str) -> tuple[str, ...]:
        return tuple(_short(value) for value in self._resolver.values(self._record, field)[:SHOWN_VALUES])

    def _reason(self, test: Test, passed: bool, actual: tuple[str, ...]) -> str:
        field = test.field or ""
        found = self._resolver.find(self._record, field)
        if found is None:
            return "field missing" + self._hint(field)
        if test.op is Op.EXISTS:
            return "field present"
        if not actual:
            return "the array is empty"
        if test.op in FIELD_TESTS:
            others = tuple(_short(other) for other in self._resolver.values(self._record, test.value)[:SHOWN_VALUES])
            return f"got {_joined(actual)}; {test.value} is {_joined(others) if others else 'missing'}"
        got = f"got {_joined(actual)}"
        return got if passed else f"{got}, wants {'null' if test.op is Op.IS_NULL else _wanted(test)}"

    def _hint(self, field: str) -> str:
        """Field names have case: say so where the record has the name in another."""
        wanted = field.lower()
        for path in _paths(self._record):
            if path.lower() == wanted and path != field:
                return f" (the record has {path!r}: field names are case-sensitive)"
        return ""

    def _elements(self, node: Elements, passed: bool) -> Step:
        members = elements(self._resolver.find(self._record, node.field))
        held = [matches(node.part, member, PLAIN) for member in members]
        children = tuple(
            Step(label=f"element {index}", passed=held[index], children=(_View(member, PLAIN, {}).step(node.part),))
            for index, member in enumerate(members[:SHOWN_ELEMENTS])
        )
        reason = f"{sum(held)} of {len(members)} elements hold" if members else "no elements"
        return Step(label=f"{node.field}[{node.quantifier}]", passed=passed, reason=reason, children=children)


def _choices(node: Or) -> list[Test]:
    """The tests of an Or that only lists values of one field."""
    tests = [part for part in node.parts if isinstance(part, Test) and part.op is Op.EQUALS and part.field is not None]
    alike = len(tests) == len(node.parts) > 1 and len({test.field for test in tests}) == 1
    return tests if alike else []


def _says(test: Test) -> str:
    if test.op is Op.EXISTS:
        return "exists" if test.value else "does not exist"
    if test.op is Op.IS_NULL:
        return "is null or missing"
    if test.op is Op.TIMESTAMP_PART:
        unit, _, comparison = test.flags.partition(" ")
        return f"{unit} {comparison or 'is'} {test.value}"
    cased = " (with case)" if test.cased and test.op is not Op.REGEX else ""
    return f"{_SAYS[test.op]} {_wanted(test)}{cased}"


def _wanted(test: Test) -> str:
    if test.op is Op.PATTERN:
        return repr("".join("*" if part is None else "?" if part == 1 else part for part in test.value))
    if test.op in FIELD_TESTS:
        return str(test.value)
    return f"/{test.value}/{test.flags}" if test.op is Op.REGEX else repr(test.value)


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, dict | list | tuple) else text_of(value) or ""
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}..."


def _joined(values: Sequence[str]) -> str:
    return ", ".join(values)


def _paths(record: Any) -> Iterator[str]:
    """Dotted paths of a record, arrays passed through."""
    stack: list[tuple[str, Any]] = [("", record)]
    for _ in range(_WALKED):
        if not stack:
            return
        path, value = stack.pop()
        if path:
            yield path
        if isinstance(value, Mapping):
            stack.extend((f"{path}.{key}" if path else str(key), inner) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            stack.extend((path, inner) for inner in value)


def render(step: Step) -> str:
    """The steps as an indented tree of plain text."""
    return "\n".join(_lines(step, "", ""))


def _lines(step: Step, first: str, rest: str) -> Iterator[str]:
    reason = f": {step.reason}" if step.reason else ""
    yield f"{first}{'PASS' if step.passed else 'FAIL'} {step.label}{reason}"
    for child in step.children:
        last = child is step.children[-1]
        yield from _lines(child, rest + ("└── " if last else "├── "), rest + ("    " if last else "│   "))


def to_dict(step: Step) -> dict[str, Any]:
    """The steps as plain values for JSON."""
    return {
        "label": step.label,
        "passed": step.passed,
        "reason": step.reason,
        "actual": list(step.actual),
        "children": [to_dict(child) for child in step.children],
    }
