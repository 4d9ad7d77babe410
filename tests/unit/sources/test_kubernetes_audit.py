from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.sources import SOURCES
from stratagem.sources._contract import NO_LABELS, Labels, Malformed

SOURCE = SOURCES["kubernetes_audit"]
EVENT: dict[str, Any] = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "auditID": "a",
    "stage": "ResponseComplete",
    "verb": "create",
    "user": {"username": "ann@example.com"},
    "objectRef": {"resource": "pods", "namespace": "shop"},
    "responseStatus": {"code": 201},
    "requestReceivedTimestamp": "2026-11-20T09:00:00.000001Z",
    "stageTimestamp": "2026-11-20T09:00:00.000002Z",
}
CLUSTER = "/SUBSCRIPTIONS/AB/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PROD"
AKS = {"category": "kube-audit", "resourceId": CLUSTER, "time": "2026-11-20T09:00:01Z"}


def canonical(record: Any) -> dict[str, Any]:
    return dict(SOURCE.canonical(record)[0])


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in EVENT.items() if name not in names}


@pytest.mark.parametrize(
    "record",
    [
        EVENT,
        without("kind", "auditID"),
        without("apiVersion", "kind"),
        {"apiVersion": "audit.k8s.io/v1", "verb": "get", "requestURI": "/version"},
        {"kind": "Event", "verb": "get", "sourceIPs": ["192.0.2.1"]},
        {"auditID": "a", "verb": "get", "stage": "Panic"},
    ],
)
def test_events_are_recognised_also_without_the_members_that_shippers_drop(record: Any) -> None:
    assert SOURCE.recognise(record)
    event = canonical(record)
    assert (event["kind"], event["apiVersion"]) == ("Event", "audit.k8s.io/v1")


@pytest.mark.parametrize(
    "record",
    [
        {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "items": []},
        {"kind": "Policy", "apiVersion": "audit.k8s.io/v1", "rules": []},
        {"kind": "Event", "apiVersion": "v1", "involvedObject": {"kind": "Pod"}},
        {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {"uid": "a"}},
        {"category": "kube-apiserver", "properties": {"log": "I1120 09:00:00 httplog.go"}},
        {
            "protoPayload": {
                "serviceName": "container.googleapis.com",
                "methodName": "google.container.v1.CreateCluster",
            }
        },
        {"verb": "create"},
    ],
)
def test_what_only_looks_like_an_event_is_not_recognised(record: Any) -> None:
    assert not SOURCE.recognise(record)


def test_an_event_of_v1_is_canonical_as_it_is() -> None:
    native, labels = SOURCE.canonical(EVENT)
    assert native is EVENT
    assert labels == NO_LABELS


def test_an_event_of_v1beta1_takes_the_v1_shape() -> None:
    old = {**without("stageTimestamp", "requestReceivedTimestamp"), "apiVersion": "audit.k8s.io/v1beta1"}
    event = canonical({**old, "timestamp": "2026-11-20T09:00:00Z", "metadata": {"creationTimestamp": None}})
    assert event == {**without("stageTimestamp"), "requestReceivedTimestamp": "2026-11-20T09:00:00Z"}


def test_a_shipper_s_time_stands_in_where_the_event_s_own_was_dropped() -> None:
    event = canonical({**without("stageTimestamp", "requestReceivedTimestamp"), "@timestamp": "2026-11-20T09:00:09Z"})
    assert SOURCE.time(event) == "2026-11-20T09:00:09Z"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"verb": None}, "verb is missing"),
        ({"verb": ["get"]}, "verb is not text"),
        ({"stage": 3}, "stage is not text"),
        ({"objectRef": "pods"}, "objectRef is not an object"),
        ({"user": ["ann"]}, "user is not an object"),
        ({"responseStatus": 403}, "responseStatus is not an object"),
        ({"objectRef": {"resource": ["pods"]}}, "objectRef.resource is not text"),
        ({"objectRef": {"subresource": {}}}, "objectRef.subresource is not text"),
    ],
)
def test_a_broken_event_is_malformed_and_the_reason_names_the_member(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        SOURCE.canonical({**EVENT, **change})
    assert not SOURCE.is_canonical({**EVENT, **change})


def test_null_members_are_as_good_as_absent() -> None:
    assert SOURCE.is_canonical({**EVENT, "objectRef": None, "user": None, "responseStatus": None, "stage": None})


def test_two_stages_of_a_request_are_two_events_and_a_copy_is_none() -> None:
    started = {**EVENT, "stage": "ResponseStarted"}
    assert SOURCE.uid(started) != SOURCE.uid(EVENT)
    assert SOURCE.uid(dict(EVENT)) == SOURCE.uid(EVENT)


def test_a_client_that_repeats_an_audit_id_does_not_hide_its_requests_as_copies() -> None:
    later = {**EVENT, "requestReceivedTimestamp": "2026-11-20T09:05:00.000001Z"}
    assert SOURCE.uid(later) != SOURCE.uid(EVENT)


def test_an_event_without_an_id_has_none() -> None:
    assert SOURCE.uid(without("auditID")) is None


def test_the_event_time_is_when_the_stage_was_reached() -> None:
    assert SOURCE.time(EVENT) == EVENT["stageTimestamp"]
    assert SOURCE.time(without("stageTimestamp")) == EVENT["requestReceivedTimestamp"]
    assert SOURCE.time({}) is None


@pytest.mark.parametrize("log", [EVENT, json.dumps(EVENT)])
@pytest.mark.parametrize("category", ["kube-audit", "kube-audit-admin"])
def test_aks_has_the_event_in_its_log_as_text_or_as_an_object(log: Any, category: str) -> None:
    native, labels = SOURCE.canonical({**AKS, "category": category, "properties": {"log": log}})
    assert native == EVENT
    assert labels == Labels(cluster=CLUSTER.lower(), account="ab")


def test_aks_in_log_analytics_has_it_in_a_column() -> None:
    row = {"Category": "kube-audit", "log_s": json.dumps(EVENT), "ResourceId": CLUSTER, "TimeGenerated": "x"}
    assert SOURCE.canonical(row) == (EVENT, Labels(cluster=CLUSTER.lower(), account="ab"))


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        ("cut off {", "properties.log: broken JSON"),
        ("[]", "properties.log is not a JSON object"),
        (7, "not a JSON object"),
    ],
)
def test_an_aks_log_that_holds_no_event_is_malformed(log: Any, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        SOURCE.canonical({**AKS, "properties": {"log": log}})


def test_an_aks_body_that_was_too_big_is_left_out_and_marked() -> None:
    log = {**EVENT, "requestObject": "skipped-too-big-size-object", "annotations": {"a": "b"}}
    event = canonical({**AKS, "properties": {"log": log}})
    assert "requestObject" not in event
    assert event["annotations"] == {"a": "b", "stratagem/body": "skipped-too-big"}


def test_an_aks_event_without_a_time_has_its_envelope_s() -> None:
    event = canonical({**AKS, "properties": {"log": without("stageTimestamp", "requestReceivedTimestamp")}})
    assert SOURCE.time(event) == AKS["time"]


def test_an_aksaudit_row_becomes_the_event_that_it_was() -> None:
    row = {
        "TimeGenerated": "2026-11-20T09:00:01Z",
        "_ResourceId": CLUSTER,
        "AuditId": "a",
        "Stage": "ResponseComplete",
        "Verb": "create",
        "RequestUri": "/api/v1/namespaces/shop/pods",
        "User": '{"username":"ann@example.com"}',
        "SourceIps": "192.0.2.1",
        "ObjectRef": {"resource": "pods", "namespace": "shop"},
        "ResponseStatus": '{"code":201}',
        "RequestObject": "",
        "RequestReceivedTime": "2026-11-20T09:00:00Z",
    }
    assert canonical(row) == {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "auditID": "a",
        "stage": "ResponseComplete",
        "verb": "create",
        "requestURI": "/api/v1/namespaces/shop/pods",
        "user": {"username": "ann@example.com"},
        "sourceIPs": ["192.0.2.1"],
        "objectRef": {"resource": "pods", "namespace": "shop"},
        "responseStatus": {"code": 201},
        "requestReceivedTimestamp": "2026-11-20T09:00:00Z",
    }


def test_an_aksaudit_row_with_a_broken_column_is_malformed() -> None:
    with pytest.raises(Malformed, match="ObjectRef: broken JSON"):
        SOURCE.canonical({"AuditId": "a", "Verb": "get", "ObjectRef": '{"resource":'})
