"""L-TST-02: a scenario that does not come out as it says. The scenarios are run."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._proof import staged
from stratagem.strategy.model import Strategy
from stratagem.strategy.proof import is_behaviour, needs_run, run_tests


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each scenario that fails; events that cannot be made are L-TST-05's."""
    if not strategy.scenarios or not (strategy.rules or strategy.rejected or is_behaviour(strategy)):
        return
    if needs_run(strategy) and desk.behaviour is None:
        return
    sound = {scenario.line for scenario in strategy.scenarios if staged(scenario, desk.bases)}
    for result in run_tests([strategy], folder=desk.bases, behaviour=desk.behaviour):
        if not result.passed and result.line in sound:
            message = f"scenario '{result.scenario}' (expect: {result.expect}) fails: {result.reason}"
            fix = "Correct the rule, or what the scenario says. See: stratagem explain."
            yield Hit(message=message, line=result.line, column=1, fix=fix)


PLUGIN = Check(
    code="L-TST-02",
    severity=Severity.ERROR,
    catches="scenario that does not come out as it says (it is run)",
    example=(
        "## Strategy Abstract\n\n```yaml sigma\ntitle: Trail stopped\nlogsource: {product: aws, service: cloudtrail}\n"
        "detection:\n  stop:\n    eventName: StopLogging\n  condition: stop\n```\n\n## Validation\n\n```yaml scenario\n"
        "name: the trail is stopped\nexpect: silent\nbase: aws_cloudtrail/cloudtrail_stop_logging\n```\n"
    ),
    find=find,
)
