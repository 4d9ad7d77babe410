"""L-TST-01: a rule that no scenario proves: it needs one that fires and one near miss that stays silent."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.baselines._contract import Baseline
from stratagem.errors import Severity
from stratagem.rules.correlation import Correlation
from stratagem.rules.model import Rule
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._proof import match, staged
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.proof import reporters
from stratagem.strategy.sigma import rule_name


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Up to two hits for each rule, correlation and baseline that reports on its own."""
    every = reporters(strategy)
    for one in every:
        name = rule_name(one) if isinstance(one, Rule) else one.name
        kind = "rule" if isinstance(one, Rule) else "correlation" if isinstance(one, Correlation) else "baseline"
        concerned = [scenario for scenario in strategy.scenarios if scenario.rule in (None, name)]
        positive = [
            scenario
            for scenario in concerned
            if scenario.expect == "finding" and _proves(scenario, one, strategy, desk, is_only=len(every) == 1)
        ]
        names = {scenario.name for scenario in positive}
        near = [scenario for scenario in concerned if scenario.expect == "silent" and scenario.near_miss_of in names]
        if not positive:
            fix = "Add a ```yaml scenario with 'expect: finding' under Validation."
            if not isinstance(one, Rule) and len(every) > 1:
                fix += f" Say 'rule: {name}' in it."
            yield Hit(message=f"no scenario makes {kind} '{name}' fire", line=one.line, column=1, fix=fix)
        elif not near:
            fix = f"Add a ```yaml scenario with 'expect: silent' and 'near_miss_of: {positive[0].name}'."
            message = f"no near miss shows where {kind} '{name}' stops"
            yield Hit(message=message, line=one.line, column=1, fix=fix)


def _proves(
    scenario: Scenario, one: Rule | Correlation | Baseline, strategy: Strategy, desk: Desk, *, is_only: bool
) -> bool:
    """Does the scenario concern it: by name, because there is nothing else, or because its events say so."""
    if scenario.rule or is_only:
        return True
    return isinstance(one, Rule) and any(match(one, event) for event in staged(scenario, desk.bases))


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
