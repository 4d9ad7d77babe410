"""L-TST-05: a scenario whose event no source would send: unknown base, not recognised, or with a foreign field."""

from __future__ import annotations

from collections.abc import Iterator

from stratagem.emulate import bases
from stratagem.errors import Severity
from stratagem.sources import SOURCES
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.model import Scenario, Strategy
from stratagem.strategy.scenario import BadScenario, stage


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Events that cannot be made (an error), and changes to fields that the source does not have."""
    for scenario in strategy.scenarios:
        try:
            stage(scenario, folder=desk.bases)
        except BadScenario as error:
            message = f"scenario '{scenario.name}' has no valid event: {error}"
            fix = "Begin from a base of the source and change only fields that it has."
            yield Hit(message=message, line=scenario.line, column=1, fix=fix, severity=Severity.ERROR)
        else:
            yield from _foreign(scenario, desk)


def _foreign(scenario: Scenario, desk: Desk) -> Iterator[Hit]:
    for event in scenario.events:
        source_id = event.base.partition("/")[0]
        known = {path.partition(".")[0].partition("[")[0] for path in SOURCES[source_id].fields}
        if not known:
            continue
        known |= set(bases.load(event.base, folder=desk.bases))
        for path in event.set:
            head = path.partition(".")[0].partition("[")[0].strip('"')
            if head not in known:
                message = f"scenario '{scenario.name}' sets '{path}', and {source_id} has no field '{head}'"
                fix = f"List its fields: stratagem sources fields {source_id}."
                yield Hit(message=message, line=scenario.line, column=1, fix=fix)


PLUGIN = Check(
    code="L-TST-05",
    severity=Severity.WARNING,
    catches="scenario with an event that no source would send",
    example=(
        "## Validation\n\n```yaml scenario\nname: the trail is stopped\nexpect: finding\n"
        "base: aws_cloudtrail/cloudtrail_stop_logging\nset: {eventNam: StopLogging}\n```\n"
    ),
    find=find,
)
