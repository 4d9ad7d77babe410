from __future__ import annotations

from typing import Any

import pytest

from stratagem.sources import SOURCES
from stratagem.sources._contract import Labels, Malformed

SOURCE = SOURCES["kubernetes_audit"]
PLACE = {"project_id": "shop-example", "location": "europe-west1", "cluster_name": "shop"}


def event(method: str = "io.k8s.core.v1.pods.get", name: str = "", **payload: Any) -> dict[str, Any]:
    entry = {
        "insertId": "1",
        "timestamp": "2026-11-20T09:00:00Z",
        "protoPayload": {"serviceName": "k8s.io", "methodName": method, "resourceName": name, **payload},
    }
    native, _ = SOURCE.canonical(entry)
    return dict(native)


@pytest.mark.parametrize(
    ("method", "name", "target"),
    [
        (
            "io.k8s.core.v1.pods.create",
            "core/v1/namespaces/shop/pods/web",
            {"resource": "pods", "namespace": "shop", "name": "web", "apiVersion": "v1"},
        ),
        (
            "io.k8s.core.v1.pods.exec.create",
            "core/v1/namespaces/shop/pods/web/exec",
            {"resource": "pods", "namespace": "shop", "name": "web", "subresource": "exec", "apiVersion": "v1"},
        ),
        ("io.k8s.core.v1.secrets.list", "core/v1/secrets", {"resource": "secrets", "apiVersion": "v1"}),
        (
            "io.k8s.core.v1.namespaces.finalize.update",
            "core/v1/namespaces/shop/finalize",
            {"resource": "namespaces", "name": "shop", "subresource": "finalize", "apiVersion": "v1"},
        ),
        (
            "io.k8s.core.v1.nodes.proxy.get",
            "core/v1/nodes/n1/proxy/metrics",
            {"resource": "nodes", "name": "n1", "subresource": "proxy", "apiVersion": "v1"},
        ),
        (
            "io.k8s.authorization.rbac.v1.clusterrolebindings.create",
            "rbac.authorization.k8s.io/v1/clusterrolebindings/x",
            {
                "resource": "clusterrolebindings",
                "name": "x",
                "apiGroup": "rbac.authorization.k8s.io",
                "apiVersion": "v1",
            },
        ),
        (
            "io.cert-manager.v1.issuers.delete",
            "cert-manager.io/v1/namespaces/shop/issuers/ca",
            {
                "resource": "issuers",
                "namespace": "shop",
                "name": "ca",
                "apiGroup": "cert-manager.io",
                "apiVersion": "v1",
            },
        ),
    ],
)
def test_the_target_is_read_from_method_and_resource_name(method: str, name: str, target: dict[str, str]) -> None:
    found = event(method, name)
    assert found["objectRef"] == target
    assert found["verb"] == method.rpartition(".")[2]
    path = name.removeprefix("core/")
    assert found["requestURI"] == ("/api/" if path != name else "/apis/") + path


@pytest.mark.parametrize(
    ("method", "group"),
    [
        ("io.k8s.core.v1.pods.get", None),
        ("io.k8s.apps.v1.deployments.get", "apps"),
        ("io.k8s.batch.v1.cronjobs.get", "batch"),
        ("io.k8s.networking.v1.ingresses.get", "networking.k8s.io"),
        ("io.k8s.authorization.rbac.v1beta1.roles.get", "rbac.authorization.k8s.io"),
    ],
)
def test_without_a_resource_name_the_method_tells_the_group(method: str, group: str | None) -> None:
    assert event(method)["objectRef"].get("apiGroup") == group


@pytest.mark.parametrize("name", ["readyz", "/readyz", "HNAP1"])
def test_a_path_that_is_no_resource_has_a_uri_and_no_target(name: str) -> None:
    found = event("io.k8s.get", name)
    assert found["requestURI"] == "/" + name.lstrip("/")
    assert found["verb"] == "get"
    assert "objectRef" not in found


@pytest.mark.parametrize(
    ("rpc", "http"), [(3, 400), (5, 404), (6, 409), (7, 403), (8, 429), (10, 409), (13, 500), (16, 401), (404, 404)]
)
def test_google_s_status_becomes_http_s(rpc: int, http: int) -> None:
    assert event(status={"code": rpc, "message": "why"})["responseStatus"] == {"code": http, "message": "why"}


@pytest.mark.parametrize(
    ("method", "code"),
    [("io.k8s.core.v1.pods.get", 200), ("io.k8s.core.v1.pods.create", 201), ("io.k8s.core.v1.pods.exec.create", 101)],
)
def test_success_has_the_code_that_the_api_server_gives(method: str, code: int) -> None:
    assert event(method, status={})["responseStatus"] == {"code": code}


def test_the_api_server_s_own_status_goes_before_google_s() -> None:
    told = {
        "@type": "core.k8s.io/v1.Status",
        "status": "Failure",
        "code": 409,
        "reason": "AlreadyExists",
        "message": "m",
    }
    found = event("io.k8s.core.v1.pods.create", response=told, status={"code": 10, "message": "other"})
    assert found["responseStatus"] == {"code": 409, "status": "Failure", "reason": "AlreadyExists", "message": "m"}


def test_a_failure_without_a_code_is_no_success() -> None:
    found = event("io.k8s.core.v1.pods.create", response={"status": "Failure"})
    assert found["responseStatus"] == {"status": "Failure"}
    assert SOURCE.derived["outcome"].compute(found) == "failure"


def test_bodies_lose_what_google_adds_and_tell_the_level() -> None:
    pod = {"kind": "Pod", "spec": {"containers": []}}
    assert event()["level"] == "Metadata"
    request = event("io.k8s.core.v1.pods.create", request={"@type": "core.k8s.io/v1.Pod", **pod})
    assert (request["level"], request["requestObject"]) == ("Request", pod)
    both = event("io.k8s.core.v1.pods.create", request=pod, response={"at_sign_type": "core.k8s.io/v1.Pod", **pod})
    assert (both["level"], both["responseObject"]) == ("RequestResponse", pod)


def test_who_and_from_where_are_kept() -> None:
    found = event(
        authenticationInfo={"principalEmail": "ann@example.com", "authoritySelector": "system:admin"},
        requestMetadata={"callerIp": "203.0.113.9", "callerSuppliedUserAgent": "kubectl/v1.33.1"},
    )
    assert found["user"] == {"username": "ann@example.com"}
    assert found["impersonatedUser"] == {"username": "system:admin"}
    assert (found["sourceIPs"], found["userAgent"]) == (["203.0.113.9"], "kubectl/v1.33.1")


@pytest.mark.parametrize(
    ("payload", "decision"),
    [
        ({"authorizationInfo": [{"granted": True}]}, "allow"),
        ({"authorizationInfo": [{"granted": False}]}, "forbid"),
        ({"authorizationInfo": [{"permission": "p"}], "status": {"code": 7}}, "forbid"),
    ],
)
def test_the_decision_is_read_from_what_was_granted(payload: dict[str, Any], decision: str) -> None:
    assert event(**payload)["annotations"] == {"authorization.k8s.io/decision": decision}


def test_labels_of_the_api_server_are_annotations_and_go_first() -> None:
    labels = {"authorization.k8s.io/decision": "allow", "k8s-app": "x"}
    payload = {
        "serviceName": "k8s.io",
        "methodName": "io.k8s.core.v1.pods.get",
        "authorizationInfo": [{"granted": False}],
    }
    native, _ = SOURCE.canonical({"labels": labels, "protoPayload": payload})
    assert native["annotations"] == {"authorization.k8s.io/decision": "allow"}


def test_a_long_request_is_told_when_it_begins_and_when_it_ends() -> None:
    payload = {"serviceName": "k8s.io", "methodName": "io.k8s.core.v1.pods.exec.create"}
    stages = [
        SOURCE.canonical({"operation": operation, "protoPayload": payload})[0]["stage"]
        for operation in ({"first": True}, {"last": True}, {"first": True, "last": True}, {})
    ]
    assert stages == ["ResponseStarted", "ResponseComplete", "ResponseComplete", "ResponseComplete"]


def test_the_cluster_is_named_in_full() -> None:
    payload = {"serviceName": "k8s.io", "methodName": "io.k8s.core.v1.pods.get"}
    _, labels = SOURCE.canonical({"resource": {"type": "k8s_cluster", "labels": PLACE}, "protoPayload": payload})
    assert labels == Labels(
        cluster="projects/shop-example/locations/europe-west1/clusters/shop",
        account="shop-example",
        region="europe-west1",
    )


def test_an_entry_without_a_method_is_malformed() -> None:
    with pytest.raises(Malformed, match="methodName is missing"):
        SOURCE.canonical({"protoPayload": {"serviceName": "k8s.io"}})
