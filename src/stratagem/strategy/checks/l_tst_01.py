"""L-TST-01: a rule that no scenario proves: it needs one that fires and one near miss that stays silent."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.rules.model import Rule
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._proof import match, scenarios_of, staged
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.sigma import rule_name


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Up to two hits for each rule."""
    for rule in strategy.rules:
        positive = [
            scenario for scenario in scenarios_of(strategy, rule, "finding") if _proves(scenario, rule, strategy, desk)
        ]
        names = {scenario.name for scenario in positive}
        near = [s for s in scenarios_of(strategy, rule, "silent") if s.near_miss_of in names]
        if not positive:
            fix = "Add a ```yaml scenario with 'expect: finding' under Validation."
            yield Hit(message=f"no scenario makes rule '{rule_name(rule)}' fire", line=rule.line, column=1, fix=fix)
        elif not near:
            fix = f"Add a ```yaml scenario with 'expect: silent' and 'near_miss_of: {positive[0].name}'."
            message = f"no near miss shows where rule '{rule_name(rule)}' stops"
            yield Hit(message=message, line=rule.line, column=1, fix=fix)


def _proves(scenario: Scenario, rule: Rule, strategy: Strategy, desk: Desk) -> bool:
    if scenario.rule or len(strategy.rules) == 1:
        return True
    return any(match(rule, event) for event in staged(scenario, desk.bases))


PLUGIN = Check(
    code="L-TST-01",
    severity=Severity.ERROR,
    catches="rule without a positive scenario and a near miss",
    example=(
        "## Strategy Abstract\n\n```yaml sigma\ntitle: Trail stopped\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection:\n  stop:\n    eventName: StopLogging\n  condition: stop\n```\n"
    ),
    find=find,
)
