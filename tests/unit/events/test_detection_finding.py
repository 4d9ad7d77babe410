from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from stratagem.detect.model import Evidence, Finding, Location
from stratagem.events.columns import OCSF_VERSION
from stratagem.events.detection_finding import attacks, to_ocsf
from stratagem.events.finding_id import finding_uid
from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.sources._contract import Labels
from tests.unit.events.mini import MINI, record

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def published() -> Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF_VERSION))
    return Draft202012Validator(schema.get_class_schema(class_name="detection_finding", profiles=[]))


def evidence(number: int = 0, **ocsf: Any) -> Evidence:
    return Evidence(
        event_uid=f"event-{number}",
        source="kubernetes_audit",
        location=Location(file="audit.log", offset=100 * number),
        time=NOON + timedelta(minutes=number),
        ocsf=ocsf,
    )


def finding(*evidences: Evidence, **changes: Any) -> Finding:
    base = Finding(
        uid=finding_uid("privileged_pod", "privileged_pod", ["prod", "alice"], "event-0"),
        analytic_uid="privileged_pod",
        analytic_name="Privileged pod",
        rule_uid="privileged_pod",
        rule_name="Privileged pod",
        title="alice started a privileged pod",
        level="high",
        level_because="default",
        time=NOON,
        attacks=("T1610", "T1552.007"),
        attack_version="18.1",
        evidences=evidences or (evidence(),),
    )
    return replace(base, **changes)


FULL_USER = {"name": "alice", "email_addr": "alice@example.com", "type_id": 1, "groups": [{"name": "system:masters"}]}
FULL = evidence(
    1,
    actor={"user": FULL_USER, "session": {"created_time": NOON, "is_mfa": True}, "invoked_by": "ec2.example.com"},
    src_endpoint={"ip": "192.0.2.7", "port": 443, "autonomous_system": {"number": 64500}, "location": {"city": "X"}},
    dst_endpoint={"svc_name": "kube-apiserver", "intermediate_ips": ["198.51.100.1", "unknown"]},
    api={"operation": "create", "request": {"uid": "r"}, "response": {"code": 201}, "service": {"name": "pods"}},
    http_request={"user_agent": "kubectl", "http_method": "POST", "url": {"path": "/api/v1/pods"}},
    resources=[{"name": "pod-1", "namespace": "default", "group": {"name": "apps"}}, {"namespace": "no name"}],
    device={"name": "laptop", "os": {"name": "Linux"}, "is_managed": True},
    cloud={"provider": "AWS"},
    unmapped="{}",
)
SPARSE = evidence(
    2,
    actor={"user": {"type": "Unknown"}},
    user={"type_id": 7, "uid": "u"},
    src_endpoint={"port": 70000, "ip": "AWS Internal"},
    api={"service": {"name": "no operation"}},
    http_request={"http_method": "list", "x_forwarded_for": ["-"]},
    resources=[],
)


@pytest.mark.parametrize(
    "case",
    [
        finding(),
        finding(FULL),
        finding(SPARSE),
        finding(FULL, SPARSE, evidence(3)),
        finding(level="informational", description="why", next_steps=("Isolate the node.", "Rotate the token.")),
        finding(level="odd", attacks=(), labels=Labels(cluster="prod", tenant="t"), principal="k8s:prod:alice"),
        finding(attack_version="99", attacks=("attack.t1610", "attack.discovery", "TA0007", "G0016", "")),
        finding(attacks=("attack.credential-access", "attack.t1552.007"), rule_uid="privileged_pod#two", rule_name=""),
        finding(replace(FULL, time=None)),
        finding(FULL, strategy_file="strategies/kubernetes/privileged_pod.md", status="shadow"),
    ],
)
def test_a_finding_is_valid_by_the_published_schema(case: Finding, published: Draft202012Validator) -> None:
    told = json.loads(json.dumps(to_ocsf(case)))
    assert [error.message for error in published.iter_errors(told)] == []


def test_a_projected_event_is_valid_evidence(published: Draft202012Validator) -> None:
    columns = project_one("mini", MINI, record(1), connect(), event_uid="event-1")
    told = to_ocsf(finding(evidence(1, **columns)))
    assert [error.message for error in published.iter_errors(told)] == []
    assert told["evidences"][0]["actor"]["user"]["name"] == "alice"
    assert told["evidences"][0]["src_endpoint"] == {"ip": "192.0.2.7"}


@pytest.mark.parametrize(
    ("level", "severity"), [("informational", 1), ("low", 2), ("medium", 3), ("high", 4), ("critical", 5), ("odd", 99)]
)
def test_the_level_becomes_the_severity(level: str, severity: int) -> None:
    assert to_ocsf(finding(level=level))["severity_id"] == severity


def test_the_time_is_the_event_s_and_evidence_says_where_the_event_stands() -> None:
    told = to_ocsf(finding())
    assert told["time"] == int(NOON.timestamp()) * 1000
    place = {"uid": "event-0", "source": "kubernetes_audit", "file": "audit.log", "offset": 0, "index": 0}
    assert told["evidences"][0]["uid"] == "event-0"
    assert told["evidences"][0]["data"] == place | {"time": "2026-01-15T12:00:00+00:00"}


def test_what_the_schema_does_not_take_is_left_out_and_the_rest_stays() -> None:
    told = to_ocsf(finding(SPARSE))["evidences"][0]
    assert told["user"] == {"uid": "u"}
    assert not {"actor", "src_endpoint", "api", "http_request", "resources"} & told.keys()


def test_an_endpoint_s_workload_is_ours_and_stays_with_the_event() -> None:
    pod = {"ip": "192.0.2.9", "name": "web-7d9", "namespace": "prod", "workload": "web", "cluster": "prod-1"}
    told = to_ocsf(finding(evidence(4, src_endpoint=pod, dst_endpoint=pod)))["evidences"][0]
    assert told["src_endpoint"] == told["dst_endpoint"] == {"ip": "192.0.2.9", "name": "web-7d9"}


def test_the_container_of_a_process_stands_beside_it() -> None:
    process = {"pid": 7, "name": "nsenter", "container": {"uid": "0a1b2c3d4e5f", "image": {"uid": "sha256:00"}}}
    (told,) = to_ocsf(finding(evidence(process=process)))["evidences"]
    assert told["process"] == {"pid": 7, "name": "nsenter"}
    assert told["container"] == process["container"]


def test_the_order_in_which_evidence_came_does_not_show() -> None:
    one, other = finding(FULL, SPARSE, evidence(3)), finding(evidence(3), SPARSE, FULL)
    assert json.dumps(to_ocsf(one)) == json.dumps(to_ocsf(other))


def test_observables_are_what_an_analyst_pivots_on_once_each() -> None:
    seen = [(item["name"], item["value"]) for item in to_ocsf(finding(FULL, FULL))["observables"]]
    assert ("evidences.src_endpoint.ip", "192.0.2.7") in seen
    assert ("evidences.actor.user.name", "alice") in seen
    assert len(seen) == len(set(seen))


def test_a_technique_is_named_and_carries_its_only_tactic_or_the_one_that_is_tagged() -> None:
    named = attacks(["T1552.007"], "18.1")[0]
    assert named["technique"] == {"uid": "T1552", "name": "Unsecured Credentials"}
    assert named["sub_technique"] == {"uid": "T1552.007", "name": "Container API"}
    assert named["tactic"] == {"uid": "TA0006", "name": "Credential Access"}
    assert named["version"] == "18.1"
    chosen = attacks(["attack.t1078", "attack.persistence"], "18.1")
    assert len(chosen) == 1
    assert chosen[0]["tactic"]["name"] == "Persistence"
    assert "tactic" not in attacks(["T1078"], "18.1")[0]


def test_a_tactic_that_no_technique_carries_stands_alone() -> None:
    assert attacks(["discovery"], "18.1") == [{"tactic": {"uid": "TA0007", "name": "Discovery"}, "version": "18.1"}]


def test_without_the_version_s_table_ids_go_out_without_names() -> None:
    assert attacks(["T1610"], "1.0") == [{"technique": {"uid": "T1610"}, "version": "1.0"}]


def test_a_finding_s_uid_tells_apart_what_differs_and_nothing_else() -> None:
    base = finding_uid("a", "r", ["x", "y"], "e")
    assert base == finding_uid("a", "r", ("x", "y"), "e")
    assert len({base, finding_uid("a", "r", ["xy"], "e"), finding_uid("ar", "", ["x", "y"], "e")}) == 3
    assert finding_uid("a", "r", [None], "e") != finding_uid("a", "r", [""], "e")
    assert len(base) == 32
