"""Detection services, load balancers and other services: shapes, traps, and the names that rules use."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.rules import matcher
from stratagem.rules.load import load_text
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import answering
from stratagem.sources import SOURCES, unwrap
from stratagem.sources.defender_alerts.examples import EXAMPLES as ALERTS
from stratagem.sources.entra_risk.examples import RECORDS as RISK


def derived(source_id: str, name: str, record: Any) -> Any:
    return SOURCES[source_id].derived[name].compute(record)


def matches(source_id: str, logsource: str, selection: str, record: dict[str, Any]) -> bool:
    """Whether a rule of this logsource and selection is the source's and matches the record."""
    text = f"title: t\nid: t\nlogsource: {logsource}\ndetection: {{a: {selection}, condition: a}}\n"
    (rule,) = load_text(text, file="t.yml").rules
    source = SOURCES[source_id]
    answers = answering(source.logsources, rule.logsource)
    meant = any(each.only is None or each.only(record) for each in answers)
    return meant and bool(matcher.compile(rule.condition, Resolver.for_source(source))(record))


@pytest.mark.parametrize(("name", "expected"), [("travel", True), ("remediated", False), ("risky_user", False)])
def test_a_public_rule_on_a_risk_detection_finds_its_record(name: str, expected: bool) -> None:
    logsource = "{product: azure, service: riskdetection}"
    assert matches("entra_risk", logsource, "{riskEventType: unlikelyTravel}", RISK[name]) is expected


def test_a_rule_on_risk_detections_is_not_asked_about_the_state_of_a_user() -> None:
    logsource = "{product: azure, service: riskdetection}"
    assert not matches("entra_risk", logsource, "{riskLevel: high}", RISK["risky_user"])
    assert matches("entra_risk", "{product: azure, service: riskyusers}", "{riskLevel: high}", RISK["risky_user"])


def test_each_change_of_a_risky_user_is_an_event_of_its_own() -> None:
    later = {**RISK["risky_user"], "properties": {**RISK["risky_user"]["properties"]}}
    later["properties"]["riskLastUpdatedDateTime"] = "2026-11-21T00:00:00Z"
    assert SOURCES["entra_risk"].uid(later) != SOURCES["entra_risk"].uid(RISK["risky_user"])


def test_alerts_of_every_shape_name_whom_they_are_about() -> None:
    (shapes,) = (example for example in ALERTS if example.name == "other_shapes")
    alerts = [found.native for line in shapes.raw.splitlines() for found in unwrap.records(unwrap.decode(line))]
    assert [derived("defender_alerts", "defender.users", alert) for alert in alerts] == [
        ["dana@example.com", "dana"],
        None,
        ["dana"],
        None,
    ]
    assert [alert["severity"] for alert in alerts] == ["medium", "high", "low", "high"]
    assert [alert.get("status") for alert in alerts] == ["new", "new", "new", None]


def test_an_incident_without_its_alerts_is_no_event() -> None:
    incident = {"@odata.type": "#microsoft.graph.security.incident", "id": "1", "severity": "high"}
    assert [found.status for found in unwrap.records(incident)] == ["excluded"]
