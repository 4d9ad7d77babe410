"""L-SCH-02: a value that the field never has, in a rule on Kubernetes audit events.

Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.rules.model import And, Elements, Node, Not, Op, Or, Test, Timed
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Strategy
from stratagem.strategy.sigma import rule_name

_READS = ("get", "list", "watch", "head", "options")
_WRITES = ("create", "update", "patch", "delete", "deletecollection", "post", "put")
_VALUES = {
    "verb": frozenset((*_READS, *_WRITES)),
    "level": frozenset(("None", "Metadata", "Request", "RequestResponse")),
    "stage": frozenset(("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic")),
    "responseStatus.status": frozenset(("Success", "Failure")),
}
_NUMBERS = frozenset(("responseStatus.code",))


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """One hit for each value; connect requests keep the HTTP method as verb where no resource is named."""
    for rule in strategy.rules:
        if (rule.logsource.product, rule.logsource.service) != ("kubernetes", "audit"):
            continue
        for test in _tests(rule.condition):
            values = _VALUES.get(str(test.field))
            text = str(test.value)
            if test.op is not Op.EQUALS:
                continue
            if values is not None and text.lower() not in {value.lower() for value in values}:
                message = f"rule '{rule_name(rule)}': {test.field} is never '{text}'"
                yield Hit(message=message, line=rule.line, fix=f"It is one of: {', '.join(sorted(values))}.")
            elif test.field in _NUMBERS and not text.isdecimal():
                message = f"rule '{rule_name(rule)}': {test.field} is a number, never '{text}'"
                yield Hit(message=message, line=rule.line, fix="Ask for an HTTP status, as 201 or 403.")


def _tests(node: Node) -> Iterator[Test]:
    match node:
        case Test():
            yield node
        case And() | Or():
            for part in node.parts:
                yield from _tests(part)
        case Not() | Timed():
            yield from _tests(node.part)
        case Elements():
            return  # Inside, fields are those of an element.


PLUGIN = Check(
    code="L-SCH-02",
    severity=Severity.ERROR,
    catches="value that a field of Kubernetes audit never has",
    example=(
        "## Strategy Abstract\n\n```yaml sigma\ntitle: Role replaced\n"
        "logsource: {product: kubernetes, service: audit}\ndetection:\n  replaced:\n    verb: replace\n"
        "    responseStatus.code: ALLOW\n  condition: replaced\n```\n"
    ),
    find=find,
)
