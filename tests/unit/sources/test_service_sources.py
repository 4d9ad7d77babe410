"""Detection services, load balancers and other services: shapes, traps, and the names that rules use."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.rules import matcher
from stratagem.rules.load import load_text
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import answering
from stratagem.sources import SOURCES, _http, unwrap
from stratagem.sources.aws_alb.examples import RECORDS as ELB
from stratagem.sources.aws_bedrock.examples import RECORDS as BEDROCK
from stratagem.sources.aws_securityhub.examples import RECORDS as HUB
from stratagem.sources.aws_waf.examples import RECORDS as WAF
from stratagem.sources.container_logs.examples import RECORDS as LINES
from stratagem.sources.defender_alerts.examples import EXAMPLES as ALERTS
from stratagem.sources.entra_risk.examples import RECORDS as RISK
from stratagem.sources.gcp_requests.examples import RECORDS as REQUESTS
from stratagem.sources.gcp_scc.examples import EXAMPLES as SCC_EXAMPLES
from stratagem.sources.gitlab_requests.examples import RECORDS as GITLAB
from stratagem.sources.intune_audit.examples import EXAMPLES as INTUNE
from stratagem.sources.m365_messagetrace.examples import RECORDS as TRACES


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


WEBSERVER = "{category: webserver}"


@pytest.mark.parametrize(
    ("source_id", "record"),
    [("aws_alb", ELB["get"]), ("aws_waf", WAF["blocked"]), ("gcp_requests", REQUESTS["get"])],
)
def test_one_rule_on_web_servers_reads_every_request_log(source_id: str, record: dict[str, Any]) -> None:
    selection = "{cs-method: GET, cs-uri-stem: /items, cs-uri-query: q=1, c-ip: 203.0.113.7, cs-user-agent|re: curl}"
    assert matches(source_id, WEBSERVER, selection, record)
    assert not matches(source_id, WEBSERVER, "{cs-method: POST}", record)


@pytest.mark.parametrize(
    ("url", "host", "path", "query"),
    [
        ("https://Shop.example.com:443/a/b?c=d?e#f", "shop.example.com", "/a/b", "c=d?e"),
        ("http://user:pass@example.com", "example.com", None, None),
        ("http://[2001:db8::7]:80/x", "2001:db8::7", "/x", None),
        ("http://example.com?q=1", "example.com", None, "q=1"),
        ("/x?next=http://example.com/", None, "/x", "next=http://example.com/"),
        ("", None, None, None),
        (7, None, None, None),
    ],
)
def test_a_url_comes_apart(url: Any, host: str | None, path: str | None, query: str | None) -> None:
    assert (_http.host_of(url), _http.path_of(url), _http.query_of(url)) == (host, path, query)


def test_a_balancer_s_line_keeps_what_the_client_sent_in_quotes() -> None:
    assert ELB["login_denied"]["user_agent"] == 'Mozilla/5.0 (\\"x\\")'
    assert "target_ip" not in ELB["malformed_request"]
    assert ELB["network"]["time"].endswith("Z")


def test_a_rule_written_for_the_log_of_event_threat_detection_matches_its_finding() -> None:
    (entry,) = (example for example in SCC_EXAMPLES if example.name == "cloud_logging")
    (found,) = unwrap.records(unwrap.decode(entry.raw))
    selection = "{jsonPayload.detectionCategory.ruleName: iam_anomalous_grant}"
    assert matches("gcp_scc", "{product: gcp, service: event_threat_detection}", selection, dict(found.native))
    assert found.labels.account == "example-prod"


def test_the_state_of_a_security_hub_finding_is_an_event() -> None:
    later = {**HUB["check"], "UpdatedAt": "2026-11-21T00:00:00.000Z"}
    assert SOURCES["aws_securityhub"].uid(later) != SOURCES["aws_securityhub"].uid(HUB["check"])
    assert derived("aws_securityhub", "securityhub.is_open", HUB["image"]) is False


@pytest.mark.parametrize(
    ("name", "expected"), [("delivered", "success"), ("quarantined", "denied"), ("pending", "unknown")]
)
def test_a_message_that_a_filter_keeps_back_is_denied(name: str, expected: str) -> None:
    assert derived("m365_messagetrace", "outcome", TRACES[name]) == expected


def test_what_a_model_was_asked_is_read_from_new_and_old_bodies() -> None:
    assert derived("aws_bedrock", "bedrock.prompt", BEDROCK["converse"]) == "What is the weather?"
    assert derived("aws_bedrock", "bedrock.prompt", BEDROCK["guardrail"]) == "Tell me"
    assert derived("aws_bedrock", "bedrock.stop_reason", BEDROCK["guardrail"]) == "guardrail_intervened"


def test_both_logs_of_gitlab_tell_who_asked() -> None:
    assert derived("gitlab_requests", "gitlab.user", GITLAB["page"]) == "dana"
    assert derived("gitlab_requests", "gitlab.user", GITLAB["api"]) == "ci-bot"


def test_a_password_reset_for_two_addresses_of_gitlab_is_found_by_its_parameters() -> None:
    selection = "{path: /users/password, gitlab.params|re: 'email.*@.*@'}"
    assert matches("gitlab_requests", "{product: gitlab, service: production}", selection, GITLAB["password_reset"])


@pytest.mark.parametrize(
    "line",
    ['{"kind":"Event"}', '  {"a":1}', '<134>1 2026-11-20T10:00:00Z host app - - {"a":1}'],
)
def test_a_container_s_line_that_is_a_record_itself_is_left_to_its_source(line: str) -> None:
    wrapped = {"log": line, "stream": "stdout", "time": "2026-11-20T10:00:00Z", "kubernetes": {"pod_name": "web"}}
    assert [found.source_id for found in unwrap.records(wrapped)] != ["container_logs"]


def test_lines_of_one_cluster_carry_its_full_name_and_its_project() -> None:
    (found,) = unwrap.records(LINES["gke"])
    assert found.labels.cluster == "projects/example-prod/locations/europe-west1/clusters/prod"
    assert (found.labels.account, found.labels.region) == ("example-prod", "europe-west1")


def test_an_unknown_record_inside_a_collector_s_member_is_told_by_its_own_keys() -> None:
    (found,) = unwrap.records({"rule": "x", "event": {"color": "red", "size": 7}})
    assert found.reason == "no source recognises keys event, rule; in event: color, size"


@pytest.mark.parametrize("name", ["graph_api", "log_analytics_and_a_broken_time"])
def test_intune_s_other_shapes_are_dated_and_name_who_did_it(name: str) -> None:
    (example,) = (example for example in INTUNE if example.name == name)
    found = [each for line in example.raw.splitlines() for each in unwrap.records(unwrap.decode(line))]
    assert {derived("intune_audit", "intune.actor_name", each.native) for each in found} == {"dana@example.com"}
    assert {str(each.native["time"])[:13] for each in found} == {"2026-11-20T10"}
