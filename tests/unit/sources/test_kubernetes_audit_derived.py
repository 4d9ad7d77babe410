from __future__ import annotations

import copy
from typing import Any

import pytest

from stratagem.sources import SOURCES
from stratagem.sources._image import Image, parse
from stratagem.sources.kubernetes_audit._pod import normal_path

DERIVED = SOURCES["kubernetes_audit"].derived
SPEC: dict[str, Any] = {
    "hostPID": True,
    "hostNetwork": True,
    "containers": [
        {
            "name": "a",
            "image": "nginx",
            "securityContext": {"privileged": True, "capabilities": {"add": ["CAP_SYS_ADMIN", "net_raw"]}},
            "volumeMounts": [
                {"name": "root", "mountPath": "/host"},
                {"name": "logs", "mountPath": "/l", "readOnly": True},
            ],
        }
    ],
    "initContainers": [{"name": "b", "image": "registry.example.com/ops/init:2"}],
    "ephemeralContainers": [{"name": "c", "image": "busybox@sha256:aa"}],
    "volumes": [
        {"name": "root", "hostPath": {"path": "//etc/./kubernetes/../"}},
        {"name": "logs", "hostPath": {"path": "/var/log"}},
        {"name": "tmp", "emptyDir": {}},
    ],
}
POD = {"kind": "Pod", "metadata": {"name": "p"}, "spec": SPEC}


def derive(name: str, record: dict[str, Any]) -> Any:
    return DERIVED[name].compute(record)


def request(resource: str, body: Any = None, answer: Any = None, verb: str = "create", **target: str) -> dict[str, Any]:
    record = {
        "verb": verb,
        "objectRef": {"resource": resource, **target},
        "requestObject": body,
        "responseObject": answer,
    }
    return {name: value for name, value in record.items() if value is not None}


def template(spec: Any = SPEC) -> dict[str, Any]:
    return {"spec": {"template": {"metadata": {}, "spec": spec}}}


WRITTEN = [
    request("pods", POD),
    *(
        request(resource, template())
        for resource in ("deployments", "daemonsets", "statefulsets", "replicasets", "jobs")
    ),
    request("replicationcontrollers", template()),
    request("cronjobs", {"spec": {"jobTemplate": template()}}),
    request("podtemplates", {"template": {"spec": SPEC}}),
    request("rollouts", template(), apiGroup="argoproj.io"),
    request("pods", {"spec": {"nodeName": "x"}}, POD, verb="patch"),
    request("pods", [{"op": "add", "path": "/x", "value": 1}], POD, verb="patch"),
    request("pods", POD, POD, verb="patch", subresource="ephemeralcontainers"),
    request("pods", None, POD, verb="update"),
]
UNSEEN = [
    request("pods"),
    request("pods", POD, verb="get"),
    request("pods", None, POD, verb="list"),
    request("pods", {"kind": "DeleteOptions"}, POD, verb="delete"),
    request("pods", {"status": {}}, POD, verb="patch", subresource="status"),
    request("pods", POD, verb="create", subresource="eviction"),
    request("deployments", {"spec": {"replicas": 3}}, verb="patch"),
    request("pods", "skipped-too-big-size-object"),
    request("pods", None, {"kind": "Status", "code": 403}),
]


@pytest.mark.parametrize("record", WRITTEN)
def test_the_pod_is_found_in_every_workload_and_in_what_a_patch_leaves(record: dict[str, Any]) -> None:
    assert derive("k8s.pod.spec", record) == SPEC
    assert [item["name"] for item in derive("k8s.pod.containers", record)] == ["a", "b", "c"]
    assert derive("k8s.pod.privileged_containers", record) == ["nginx"]


@pytest.mark.parametrize("record", UNSEEN)
def test_a_request_that_writes_no_pod_or_does_not_show_it_is_not_evaluable(record: dict[str, Any]) -> None:
    assert {name for name in DERIVED if name.startswith(("k8s.pod.", "image."))} == {
        name for name in DERIVED if name.startswith(("k8s.pod.", "image.")) and derive(name, record) is None
    }


def test_what_makes_a_pod_dangerous_is_listed() -> None:
    record = request("pods", POD)
    assert derive("k8s.pod.host_paths", record) == ["/etc", "/var/log"]
    assert derive("k8s.pod.host_paths_writable", record) == ["/etc"]
    assert derive("k8s.pod.host_namespaces", record) == ["hostPID", "hostNetwork"]
    assert derive("k8s.pod.capabilities_added", record) == ["SYS_ADMIN", "NET_RAW"]
    assert [volume["name"] for volume in derive("k8s.pod.volumes", record)] == ["root", "logs", "tmp"]


def test_a_pod_that_has_none_of_it_has_no_such_field() -> None:
    record = request("pods", {"spec": {"hostPID": False, "containers": [{"image": "nginx"}]}})
    assert derive("k8s.pod.spec", record) is not None
    for name in ("host_paths", "host_paths_writable", "host_namespaces", "privileged_containers", "capabilities_added"):
        assert derive(f"k8s.pod.{name}", record) is None


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, ["seccomp"]),
        ({"containers": [{"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}]}, ["apparmor"]),
        ({"initContainers": [{"securityContext": {"procMount": "Unmasked"}}]}, ["procmount"]),
        ({"containers": [{"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}]}, None),
    ],
)
def test_confinements_switched_off_are_listed(spec: dict[str, Any], found: list[str] | None) -> None:
    assert derive("k8s.pod.unconfined", request("pods", {"spec": spec})) == found


def test_the_old_annotation_switches_apparmor_off_too() -> None:
    metadata = {"annotations": {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"}}
    body = {"spec": {"template": {"metadata": metadata, "spec": {"containers": []}}}}
    assert derive("k8s.pod.unconfined", request("deployments", body)) == ["apparmor"]


def test_the_operations_of_a_patch_are_looked_at_where_there_is_no_answer() -> None:
    operations = [
        {"op": "test", "path": "/spec/template/spec/hostIPC", "value": True},
        {"op": "add", "path": "/spec/template/spec/hostPID", "value": True},
        {"op": "replace", "path": "/spec/template/spec/containers/0/securityContext", "value": {"privileged": True}},
        {"op": "add", "path": "/spec/template/spec/containers/-", "value": {"image": "busybox"}},
        {"op": "add", "path": "/metadata/annotations/example.com~1x", "value": "y"},
        {"op": "remove", "path": "/spec/replicas"},
        "not an operation",
    ]
    record = request("deployments", operations, verb="patch")
    assert derive("k8s.pod.host_namespaces", record) == ["hostPID"]
    assert derive("k8s.pod.privileged_containers", record) == ["unknown"]
    assert derive("image.repository", record) == ["library/busybox"]
    assert derive("k8s.object", record)["metadata"] == {"annotations": {"example.com/x": "y"}}


def test_an_operation_may_reach_into_what_one_before_it_added_and_the_record_stays_as_it_is() -> None:
    operations = [
        {"op": "add", "path": "/spec", "value": {"containers": [{"image": "nginx"}], "volumes": {"0": "not a list"}}},
        {"op": "add", "path": "/spec/containers/0/securityContext", "value": {"privileged": True}},
    ]
    before = copy.deepcopy(operations)
    assert derive("k8s.pod.privileged_containers", request("pods", operations, verb="patch")) == ["nginx"]
    assert operations == before


def test_a_patch_of_absurd_depth_is_passed_over() -> None:
    deep: Any = True
    for _ in range(900):
        deep = {"x": deep}
    operations = [
        {"op": "add", "path": "/a" * 10_000, "value": 1},
        {"op": "add", "path": "/spec/hostPID", "value": deep},
    ]
    assert derive("k8s.pod.spec", request("pods", operations, verb="patch")) == {"hostPID": deep}


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("/", "/"),
        ("", "/"),
        ("//", "/"),
        ("/etc/", "/etc"),
        ("/etc//kubernetes", "/etc/kubernetes"),
        ("/var/../etc/./x", "/etc/x"),
        ("/../../etc", "/etc"),
        ("/...", "/..."),
    ],
)
def test_host_paths_are_normalised(path: str, normal: str) -> None:
    assert normal_path(path) == normal


def test_a_persistent_volume_reaches_the_node_too() -> None:
    assert (
        derive("k8s.volume.host_path", request("persistentvolumes", {"spec": {"hostPath": {"path": "/a//b"}}}))
        == "/a/b"
    )
    assert derive("k8s.volume.host_path", request("persistentvolumes", {"spec": {"local": {"path": "/d"}}})) == "/d"
    assert derive("k8s.volume.host_path", request("pods", POD)) is None


@pytest.mark.parametrize(
    ("reference", "registry", "repository", "tag", "digest"),
    [
        ("nginx", "docker.io", "library/nginx", "latest", None),
        ("nginx:1.27", "docker.io", "library/nginx", "1.27", None),
        ("bitnami/redis", "docker.io", "bitnami/redis", "latest", None),
        ("docker.io/nginx", "docker.io", "library/nginx", "latest", None),
        ("index.docker.io/library/nginx", "docker.io", "library/nginx", "latest", None),
        ("localhost/x", "localhost", "x", "latest", None),
        ("registry.example.com/a/b/c:v1", "registry.example.com", "a/b/c", "v1", None),
        ("registry.example.com:5000/a", "registry.example.com:5000", "a", "latest", None),
        ("registry:5000/a:2", "registry:5000", "a", "2", None),
        ("a@sha256:ff", "docker.io", "library/a", None, "sha256:ff"),
        ("ghcr.io/a/b:1@sha256:ff", "ghcr.io", "a/b", "1", "sha256:ff"),
    ],
)
def test_an_image_reference_is_read_as_a_runtime_reads_it(
    reference: str, registry: str, repository: str, tag: str | None, digest: str | None
) -> None:
    assert parse(reference) == Image(registry=registry, repository=repository, tag=tag, digest=digest)


@pytest.mark.parametrize("reference", ["", " ", "a b", "@sha256:ff", ":tag"])
def test_text_that_is_no_image_reference_is_none(reference: str) -> None:
    assert parse(reference) is None


def test_image_fields_are_lists_over_the_containers() -> None:
    record = request("pods", POD)
    assert derive("image.registry", record) == ["docker.io", "registry.example.com"]
    assert derive("image.repository", record) == ["library/nginx", "ops/init", "library/busybox"]
    assert derive("image.tag", record) == ["latest", "2"]
    assert derive("image.digest", record) == ["sha256:aa"]


def test_a_generated_name_is_taken_from_the_answer() -> None:
    answer = {"metadata": {"name": "job-x7k2p"}}
    assert derive("k8s.object_name", request("pods", {"metadata": {"generateName": "job-"}}, answer)) == "job-x7k2p"
    assert derive("k8s.object_name", request("pods", POD, name="web")) == "web"
    assert derive("k8s.object_name", request("pods", POD)) == "p"
    assert derive("k8s.object_name", request("pods", verb="list")) is None


@pytest.mark.parametrize(
    ("decision", "code", "found", "outcome"),
    [
        ("allow", 201, "allow", "success"),
        ("allow", 101, "allow", "success"),
        ("allow", 404, "allow", "failure"),
        ("allow", 403, "allow", "denied"),
        ("forbid", 403, "forbid", "denied"),
        ("forbid", None, "forbid", "denied"),
        (None, 200, "allow", "success"),
        (None, 403, "forbid", "denied"),
        (None, 401, "forbid", "denied"),
        (None, 409, "allow", "failure"),
        (None, 500, "unknown", "failure"),
        (None, None, "unknown", "unknown"),
    ],
)
def test_decision_and_outcome(decision: str | None, code: int | None, found: str, outcome: str) -> None:
    record = {"annotations": {"authorization.k8s.io/decision": decision}, "responseStatus": {"code": code}}
    assert derive("k8s.decision", record) == found
    assert derive("outcome", record) == outcome


def test_a_panic_is_a_failure() -> None:
    assert derive("outcome", {"stage": "Panic"}) == "failure"


@pytest.mark.parametrize(
    ("record", "dry"),
    [
        ({"requestURI": "/api/v1/pods?fieldManager=x&dryRun=All"}, True),
        ({"requestURI": "/api/v1/pods?dryRun="}, False),
        ({"requestURI": "/api/v1/pods"}, False),
        ({"requestObject": {"kind": "DeleteOptions", "dryRun": ["All"]}}, True),
        ({"requestObject": {"kind": "Eviction", "deleteOptions": {"dryRun": ["All"]}}}, True),
        ({}, False),
    ],
)
def test_a_dry_run_is_told_by_query_or_body(record: dict[str, Any], dry: bool) -> None:
    assert derive("k8s.dry_run", record) is dry
    assert derive("k8s.is_mutation", {**record, "verb": "create"}) is not dry


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        (request("pods", verb="create"), True),
        (request("pods", verb="deletecollection"), True),
        (request("pods", verb="list"), False),
        (request("pods", verb="create", subresource="exec"), False),
        (request("selfsubjectaccessreviews", verb="create", apiGroup="authorization.k8s.io"), False),
        (request("serviceaccounts", verb="create", subresource="token"), True),
    ],
)
def test_reviews_and_connections_change_nothing(record: dict[str, Any], changes: bool) -> None:
    assert derive("k8s.is_mutation", record) is changes


def test_the_command_of_an_exec_is_decoded() -> None:
    uri = (
        "/api/v1/namespaces/shop/pods/web/exec?command=sh&command=-c&command=cat+%2Fetc%2Fpasswd&container=a&stdin=true"
    )
    assert (
        derive("k8s.exec_command", {**request("pods", subresource="exec"), "requestURI": uri})
        == "sh -c cat /etc/passwd"
    )
    told = request("pods", {"kind": "PodExecOptions", "command": ["id"]}, subresource="exec")
    assert derive("k8s.exec_command", told) == "id"
    assert derive("k8s.exec_command", {**request("pods", subresource="log"), "requestURI": uri}) is None


@pytest.mark.parametrize(
    ("name", "groups", "kind"),
    [
        ("ann@example.com", [], "human"),
        ("kubernetes-admin", ["system:masters"], "human"),
        ("system:serviceaccount:shop:web", [], "serviceaccount"),
        ("robot@shop-example.iam.gserviceaccount.com", [], "serviceaccount"),
        ("system:node:ip-192-0-2-1", ["system:nodes"], "node"),
        ("system:kube-scheduler", [], "system"),
        ("aksService", ["system:masters"], "system"),
        ("system:anonymous", None, "anonymous"),
        (None, ["system:unauthenticated"], "anonymous"),
        (None, [], None),
    ],
)
def test_the_kind_of_user(name: str | None, groups: Any, kind: str | None) -> None:
    assert derive("k8s.username_kind", {"user": {"username": name, "groups": groups}}) == kind


def test_the_last_address_is_seen_and_the_first_is_claimed() -> None:
    record = {"sourceIPs": ["198.51.100.1", "203.0.113.1", "192.0.2.1"]}
    assert derive("k8s.source_ip", record) == "192.0.2.1"
    assert derive("k8s.claimed_ip", record) == "198.51.100.1"
    assert derive("k8s.source_ip", {"sourceIPs": []}) is None


BINDING = {
    "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [
        {"kind": "Group", "name": "system:unauthenticated"},
        {"kind": "ServiceAccount", "namespace": "shop", "name": "web"},
    ],
}


@pytest.mark.parametrize(
    "record",
    [
        request("clusterrolebindings", BINDING),
        request("rolebindings", {"subjects": []}, BINDING, verb="patch"),
    ],
)
def test_a_binding_tells_the_role_and_whom_it_is_given_to(record: dict[str, Any]) -> None:
    assert derive("k8s.rbac.role", record) == "ClusterRole/cluster-admin"
    assert derive("k8s.rbac.subjects", record) == ["Group/system:unauthenticated", "ServiceAccount/shop/web"]


def test_the_rules_of_a_role_are_its_own_only() -> None:
    rules = [{"verbs": ["*"], "resources": ["*"], "apiGroups": ["*"]}]
    assert derive("k8s.rbac.rules", request("clusterroles", {"rules": rules})) == rules
    assert derive("k8s.rbac.rules", request("ingresses", {"rules": rules})) is None
    assert derive("k8s.rbac.role", request("pods", BINDING)) is None


def test_a_token_is_asked_for_by_request_or_by_secret() -> None:
    body = {"spec": {"expirationSeconds": 31536000}}
    asked = request("serviceaccounts", body, subresource="token", namespace="shop", name="web")
    assert derive("k8s.token_for", asked) == "shop/web"
    assert derive("k8s.token_seconds", asked) == 31536000
    secret = {
        "type": "kubernetes.io/service-account-token",
        "metadata": {"annotations": {"kubernetes.io/service-account.name": "web"}},
    }
    assert derive("k8s.token_for", request("secrets", secret, namespace="shop")) == "shop/web"
    assert derive("k8s.token_for", request("secrets", {"type": "Opaque"}, namespace="shop")) is None
