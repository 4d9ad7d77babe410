"""Audit events of our own making, in every container that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

ACCOUNT = "111122223333"
AKS_CLUSTER = (
    "/SUBSCRIPTIONS/00000000-0000-4000-8000-000000000001/RESOURCEGROUPS/SHOP"
    "/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/SHOP-PROD"
)


def _event(verb: str, resource: str, number: int, **members: Any) -> dict[str, Any]:
    """A complete event at level Metadata by the developer ann, with what `members` says otherwise."""
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": f"22222222-0000-4000-8000-0000000000{number:02}",
        "stage": "ResponseComplete",
        "requestURI": f"/api/v1/namespaces/shop/{resource}",
        "verb": verb,
        "user": {"username": "ann@example.com", "groups": ["shop-developers", "system:authenticated"]},
        "sourceIPs": ["203.0.113.20", "192.0.2.10"],
        "userAgent": "kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0",
        "objectRef": {"resource": resource, "namespace": "shop", "apiVersion": "v1"},
        "responseStatus": {"metadata": {}, "code": 201 if verb == "create" else 200},
        "requestReceivedTimestamp": f"2026-11-20T09:00:{number:02}.000100Z",
        "stageTimestamp": f"2026-11-20T09:00:{number:02}.004200Z",
        "annotations": {"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": ""},
        **members,
    }


_POD = {
    "kind": "Pod",
    "apiVersion": "v1",
    "metadata": {"name": "toolbox", "namespace": "shop"},
    "spec": {
        "hostPID": True,
        "containers": [
            {
                "name": "toolbox",
                "image": "registry.example.com:5000/ops/toolbox:1.4",
                "securityContext": {"privileged": True},
                "volumeMounts": [{"name": "host", "mountPath": "/host"}],
            }
        ],
        "volumes": [{"name": "host", "hostPath": {"path": "/etc//kubernetes/../"}}],
    },
}

_CREATE_POD = _event(
    "create",
    "pods",
    2,
    level="Request",
    objectRef={"resource": "pods", "namespace": "shop", "name": "toolbox", "apiVersion": "v1"},
    requestObject=_POD,
)

_V1BETA1 = {
    **_event("get", "secrets", 3),
    "apiVersion": "audit.k8s.io/v1beta1",
    "metadata": {"creationTimestamp": "2026-11-20T09:00:03Z"},
    "timestamp": "2026-11-20T09:00:03Z",
}

_EKS_USER = {
    "username": "arn:aws:sts::111122223333:assumed-role/developer/ann",
    "uid": "aws-iam-authenticator:111122223333:AROAEXAMPLEROLE",
    "groups": ["system:authenticated"],
    "extra": {
        "accessKeyId": ["ASIAIOSFODNN7EXAMPLE"],
        "arn": ["arn:aws:sts::111122223333:assumed-role/developer/ann"],
        "sessionName": ["ann"],
    },
}

_EKS = _event("list", "secrets", 4, user=_EKS_USER)

_GKE = {
    "insertId": "1abcexample",
    "logName": "projects/shop-example/logs/cloudaudit.googleapis.com%2Factivity",
    "timestamp": "2026-11-20T09:00:06.120000Z",
    "receiveTimestamp": "2026-11-20T09:00:07.000000Z",
    "labels": {"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "access granted"},
    "operation": {"id": "22222222-0000-4000-8000-000000000006", "producer": "k8s.io", "first": True, "last": True},
    "resource": {
        "type": "k8s_cluster",
        "labels": {"project_id": "shop-example", "location": "europe-west1", "cluster_name": "shop"},
    },
    "protoPayload": {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "serviceName": "k8s.io",
        "methodName": "io.k8s.core.v1.pods.create",
        "resourceName": "core/v1/namespaces/shop/pods/toolbox",
        "authenticationInfo": {"principalEmail": "ann@example.com"},
        "authorizationInfo": [{"granted": True, "permission": "io.k8s.core.v1.pods.create"}],
        "requestMetadata": {"callerIp": "203.0.113.20", "callerSuppliedUserAgent": "kubectl/v1.33.1"},
        "request": {"@type": "core.k8s.io/v1.Pod", **_POD},
        "status": {},
    },
}

_GKE_DENIED = {
    "insertId": "2abcexample",
    "timestamp": "2026-11-20T09:00:07.120000Z",
    "resource": _GKE["resource"],
    "protoPayload": {
        "serviceName": "k8s.io",
        "methodName": "io.k8s.authorization.rbac.v1.clusterrolebindings.create",
        "resourceName": "rbac.authorization.k8s.io/v1/clusterrolebindings/everything",
        "authenticationInfo": {"principalEmail": "ann@example.com"},
        "authorizationInfo": [{"granted": False}],
        "requestMetadata": {"callerIp": "203.0.113.20"},
        "status": {"code": 7, "message": "forbidden"},
    },
}


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _example(name: str, value: Any, records: int = 1) -> Example:
    return Example(name=name, raw=_text(value).encode(), records=records)


def _aks(log: Any, category: str = "kube-audit") -> dict[str, Any]:
    return {
        "category": category,
        "operationName": "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
        "resourceId": AKS_CLUSTER,
        "time": "2026-11-20T09:00:05.0000000Z",
        "properties": {"log": log, "pod": "kube-apiserver-0", "stream": "stdout"},
    }


_SKIPPED = _event("update", "configmaps", 5, level="Request", requestObject="skipped-too-big-size-object")

_AKS_ROW = {
    "TimeGenerated": "2026-11-20T09:00:08.0000000Z",
    "Type": "AKSAuditAdmin",
    "_ResourceId": AKS_CLUSTER.lower(),
    "AuditId": "22222222-0000-4000-8000-000000000008",
    "Stage": "ResponseComplete",
    "Level": "RequestResponse",
    "Verb": "delete",
    "RequestUri": "/api/v1/namespaces/shop/events",
    "User": _text({"username": "ann@example.com", "groups": ["system:authenticated"]}),
    "SourceIps": _text(["203.0.113.20"]),
    "UserAgent": "kubectl/v1.33.1",
    "ObjectRef": {"resource": "events", "namespace": "shop", "apiVersion": "v1"},
    "ResponseStatus": {"code": 200, "status": "Success"},
    "RequestReceivedTime": "2026-11-20T09:00:08.001Z",
    "StageReceivedTime": "2026-11-20T09:00:08.011Z",
    "Annotations": _text({"authorization.k8s.io/decision": "allow"}),
}

EXAMPLES = (
    _example("a line of the API server's log, level Metadata", _event("list", "pods", 1)),
    _example("a pod creation at level Request", _CREATE_POD),
    _example("version v1beta1", _V1BETA1),
    _example(
        "the webhook's EventList",
        {
            "kind": "EventList",
            "apiVersion": "audit.k8s.io/v1",
            "metadata": {},
            "items": [_event("get", "pods", 9), _CREATE_POD],
        },
        2,
    ),
    _example(
        "EKS, CloudWatch subscription",
        {
            "messageType": "DATA_MESSAGE",
            "owner": ACCOUNT,
            "logGroup": "/aws/eks/shop-prod/cluster",
            "logStream": "kube-apiserver-audit-0123456789abcdef",
            "subscriptionFilters": ["to-archive"],
            "logEvents": [{"id": "1", "timestamp": 1795165204004, "message": _text(_EKS)}],
        },
    ),
    _example(
        "EKS, get-log-events",
        {"events": [{"timestamp": 1795165204004, "message": _text(_EKS), "ingestionTime": 1795165210000}]},
    ),
    _example("AKS, Event Hub, the log as text", {"records": [_aks(_text(_SKIPPED))]}),
    _example("AKS, the log as an object", _aks(_event("delete", "pods", 10), "kube-audit-admin")),
    _example(
        "AKS, AzureDiagnostics row",
        {"Category": "kube-audit", "ResourceId": AKS_CLUSTER, "log_s": _text(_event("get", "pods", 11))},
    ),
    _example("AKS, AKSAuditAdmin row", _AKS_ROW),
    _example("GKE, a pod creation", _GKE),
    _example("GKE, a binding refused", _GKE_DENIED),
    _example(
        "Fluent Bit, the line under `log`", {"log": _text(_event("watch", "pods", 12)) + "\n", "stream": "stdout"}
    ),
)
