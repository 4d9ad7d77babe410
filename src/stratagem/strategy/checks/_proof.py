"""What the scenarios of a strategy show: their events, and which rule matches which."""

from __future__ import annotations

from pathlib import Path

from stratagem.rules.model import Rule
from stratagem.rules.reference import matches
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import takes
from stratagem.sources import SOURCES
from stratagem.strategy.model import Scenario
from stratagem.strategy.scenario import BadScenario, Staged, stage


def staged(scenario: Scenario, folder: Path | None) -> tuple[Staged, ...]:
    """The scenario's events; () where they cannot be made."""
    try:
        return stage(scenario, folder=folder)
    except BadScenario:
        return ()


def match(rule: Rule, event: Staged) -> bool:
    """Does the rule match the event? Filters are left aside."""
    source = SOURCES[event.source]
    if not takes(source.logsources, rule.logsource, event.native):
        return False
    return matches(rule.condition, event.native, Resolver.for_source(source))
