"""L-TST-03: a near miss that is not near: it differs from its positive scenario in more than three fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stratagem.errors import Severity
from stratagem.strategy.checks._contract import Check, Desk, Hit
from stratagem.strategy.checks._proof import staged
from stratagem.strategy.model import Scenario, ScenarioEvent, Strategy

_MOST = 3
_OF_THE_EVENT = frozenset(
    {
        "auditid",
        "eventid",
        "requestid",
        "id",
        "correlationid",
        "originalrequestid",
        "uniquetokenidentifier",
        "sessionid",
    }
)
"""Fields that differ between any two events."""


def find(strategy: Strategy, desk: Desk) -> Iterator[Hit]:
    """Each near miss with the number of fields in which it differs."""
    positive = {scenario.name: scenario for scenario in strategy.scenarios if scenario.expect == "finding"}
    for scenario in strategy.scenarios:
        other = positive.get(scenario.near_miss_of or "")
        if other is None or scenario.expect != "silent":
            continue
        count = _distance(scenario, other, desk.bases)
        if count > _MOST:
            message = f"the near miss '{scenario.name}' differs from '{other.name}' in {count} fields"
            fix = "Begin from the same base and change only what keeps the rule silent."
            yield Hit(message=message, line=scenario.line, column=1, fix=fix)


def _distance(left: Scenario, right: Scenario, folder: Path | None) -> int:
    """Changed paths where both begin from the same bases, else fields that differ in the events."""
    if [event.base for event in left.events] == [event.base for event in right.events]:
        return sum(_changes(a, b) for a, b in zip(left.events, right.events, strict=True))
    events = zip(staged(left, folder), staged(right, folder), strict=False)
    return sum(len(dict(_leaves(a.native)).items() ^ dict(_leaves(b.native)).items()) // 2 for a, b in events)


def _changes(left: ScenarioEvent, right: ScenarioEvent) -> int:
    paths = {*left.set, *right.set, *left.unset, *right.unset}
    return sum(_state(left, path) != _state(right, path) for path in paths)


def _state(event: ScenarioEvent, path: str) -> str:
    return "unset" if path in event.unset else repr(event.set.get(path, "as the base has it"))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            if str(key).lower() not in _OF_THE_EVENT:
                yield from _leaves(below, f"{path}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _leaves(below, f"{path}[{number}]")
    else:
        yield path, repr(value)


PLUGIN = Check(
    code="L-TST-03",
    severity=Severity.WARNING,
    catches="near miss that differs from its positive scenario in more than three fields",
    example=(
        "## Validation\n\n```yaml scenario\n"
        "name: stopped\nexpect: finding\nbase: aws_cloudtrail/cloudtrail_stop_logging\n"
        "```\n\n```yaml scenario\nname: something else\nexpect: silent\nnear_miss_of: stopped\n"
        "base: aws_cloudtrail/cloudtrail_stop_logging\n"
        "set: {eventName: GetTrail, readOnly: true, awsRegion: eu-west-1, sourceIPAddress: 192.0.2.9}\n```\n"
    ),
    find=find,
)
