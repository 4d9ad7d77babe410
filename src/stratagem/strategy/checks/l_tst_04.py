"""L-TST-04: conditions that no scenario needs: without them every scenario comes out the same.

Each part of each conjunction is dropped in turn, and the rule matched against all events of the document's scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stratagem.errors import Severity
from stratagem.rules.model import And, Elements, Node, Not, Or, Rule, Test, Timed
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._proof import match, staged
from stratagem.strategy.model import Strategy
from stratagem.strategy.scenario import Staged
from stratagem.strategy.sigma import rule_name

_MOST_MUTANTS = 60


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """One hit for each rule, naming the conditions that could go."""
    events = [event for scenario in strategy.scenarios for event in staged(scenario, desk.bases)]
    for rule in strategy.rules:
        expected = [match(rule, event) for event in events]
        if not any(expected):
            continue
        needless = list(dict.fromkeys(_needless(rule, events, expected)))
        if needless:
            names = ", ".join(f"'{name}'" for name in needless[:6])
            more = f" and {len(needless) - 6} more" if len(needless) > 6 else ""
            message = f"rule '{rule_name(rule)}': all scenarios still pass without {names}{more}"
            fix = "Add a near miss that differs only there, or drop the condition."
            yield Hit(message=message, line=rule.line, column=1, fix=fix)


def _needless(rule: Rule, events: list[Staged], expected: list[bool]) -> Iterator[str]:
    for number, (dropped, mutant) in enumerate(_mutants(rule.condition)):
        if number == _MOST_MUTANTS:
            return
        changed = replace(rule, condition=mutant)
        if all(match(changed, event) == before for event, before in zip(events, expected, strict=True)):
            yield _label(dropped, rule)


def _mutants(node: Node) -> Iterator[tuple[Node, Node]]:
    """What was dropped, and the tree without it."""
    match node:
        case And() | Or():
            for number, part in enumerate(node.parts):
                rest = (*node.parts[:number], *node.parts[number + 1 :])
                if isinstance(node, And) and rest:
                    yield part, rest[0] if len(rest) == 1 else And(parts=rest)
                for dropped, changed in _mutants(part):
                    parts = (*node.parts[:number], changed, *node.parts[number + 1 :])
                    yield dropped, replace(node, parts=parts)
        case Not():
            for dropped, changed in _mutants(node.part):
                yield dropped, Not(part=changed)
        case Elements() | Timed():
            for dropped, changed in _mutants(node.part):
                yield dropped, replace(node, part=changed)


def _label(node: Node, rule: Rule) -> str:
    for name, named in rule.named.items():
        if named == node:
            return name
    match node:
        case Test():
            value = "" if isinstance(node.value, tuple) else f": {node.value}"
            return f"{node.field or 'keyword'}{value}"[:60]
        case Not():
            return f"not {_label(node.part, rule)}"
        case Timed():
            return _label(node.part, rule)
        case Elements():
            return f"{node.field}[{node.quantifier}]"
        case And() | Or():
            return f"{_label(node.parts[0], rule)}, ..." if node.parts else "nothing"


PLUGIN = Check(
    code="L-TST-04",
    severity=Severity.WARNING,
    catches="condition that can be dropped while every scenario still passes",
    example=(
        "## Strategy Abstract\n\n```yaml sigma\ntitle: Trail stopped\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection:\n  stop:\n"
        "    eventSource: cloudtrail.amazonaws.com\n    eventName: StopLogging\n  condition: stop\n"
        "```\n\n## Validation\n\n```yaml scenario\nname: the trail is stopped\nexpect: finding\n"
        "base: aws_cloudtrail/cloudtrail_stop_logging\n```\n"
    ),
    find=find,
)
