"""Audit entries of our own making, in each shape that they come in."""

from __future__ import annotations

import base64
import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

PROJECT = "example-prod"
USER = "robin@example.com"
ROBOT = f"deploy@{PROJECT}.iam.gserviceaccount.com"


def _entry(service: str, method: str, resource: str, number: int, **payload: Any) -> dict[str, Any]:
    """A complete entry of a user's call that went well, with what `payload` says otherwise."""
    log = payload.pop("log", "activity")
    monitored = payload.pop("monitored", {"type": "audited_resource", "labels": {}})
    return {
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "status": {},
            "authenticationInfo": {"principalEmail": USER, "principalSubject": f"user:{USER}"},
            "requestMetadata": {
                "callerIp": "203.0.113.7",
                "callerSuppliedUserAgent": "Mozilla/5.0 (X11; Linux x86_64),gzip(gfe)",
                "requestAttributes": {"time": f"2026-11-20T10:40:{number:02}.120Z", "auth": {}},
                "destinationAttributes": {},
            },
            "serviceName": service,
            "methodName": method,
            "resourceName": resource,
            **payload,
        },
        "insertId": f"exampleid{number:02}",
        "resource": {**monitored, "labels": {"project_id": PROJECT, **monitored["labels"]}},
        "timestamp": f"2026-11-20T10:40:{number:02}.123456Z",
        "severity": "NOTICE",
        "logName": f"projects/{PROJECT}/logs/cloudaudit.googleapis.com%2F{log}",
        "receiveTimestamp": f"2026-11-20T10:40:{number:02}.923456789Z",
    }


KEY_CREATED = _entry(
    "iam.googleapis.com",
    "google.iam.admin.v1.CreateServiceAccountKey",
    "projects/-/serviceAccounts/100000000000000000001",
    1,
    authorizationInfo=[
        {"permission": "iam.serviceAccountKeys.create", "granted": True, "permissionType": "ADMIN_WRITE"}
    ],
    monitored={"type": "service_account", "labels": {"email_id": ROBOT}},
)
LIST_DENIED = _entry(
    "compute.googleapis.com",
    "v1.compute.instances.aggregatedList",
    f"projects/{PROJECT}",
    2,
    log="data_access",
    requestMetadata={
        "callerIp": "203.0.113.7",
        "callerSuppliedUserAgent": "google-cloud-sdk gcloud/504.0.1 command/gcloud.compute.instances.list "
        "invocation-id/0a1b environment/None",
    },
    status={"code": 7, "message": "PERMISSION_DENIED"},
    authorizationInfo=[{"permission": "compute.instances.list", "resource": f"projects/{PROJECT}"}],
)
LOGGING_CUT = _entry(
    "cloudresourcemanager.googleapis.com",
    "SetIamPolicy",
    f"projects/{PROJECT}",
    3,
    authorizationInfo=[{"permission": "resourcemanager.projects.setIamPolicy", "granted": True}],
    serviceData={
        "@type": "type.googleapis.com/google.iam.v1.logging.AuditData",
        "policyDelta": {
            "auditConfigDeltas": [{"action": "REMOVE", "service": "allServices", "logType": "DATA_READ"}],
            "bindingDeltas": [{"action": "ADD", "role": "roles/owner", "member": "user:dave@example.com"}],
        },
    },
)
PUBLIC_REPOSITORY = _entry(
    "artifactregistry.googleapis.com",
    "google.iam.v1.IAMPolicy.SetIamPolicy",
    f"projects/{PROJECT}/locations/europe/repositories/web",
    4,
    request={
        "@type": "type.googleapis.com/google.iam.v1.SetIamPolicyRequest",
        "policy": {"bindings": [{"role": "roles/artifactregistry.reader", "members": ["allUsers"]}]},
    },
    monitored={"type": "audited_resource", "labels": {"location": "europe"}},
)
IMAGE_PUSHED = _entry(
    "artifactregistry.googleapis.com",
    "Docker-PutManifest",
    f"projects/{PROJECT}/locations/europe/repositories/web/packages/shop/versions/sha256:{'0a1b2c3d' * 8}",
    5,
    log="data_access",
    authenticationInfo={
        "principalEmail": ROBOT,
        "principalSubject": f"serviceAccount:{ROBOT}",
        "serviceAccountKeyName": f"//iam.googleapis.com/projects/{PROJECT}/serviceAccounts/{ROBOT}/keys/0a1b2c3d4e5f",
    },
    authorizationInfo=[
        {"permission": "artifactregistry.repositories.uploadArtifacts", "granted": True, "permissionType": "DATA_WRITE"}
    ],
)
IMAGE_PULLED = _entry(
    "artifactregistry.googleapis.com",
    "Docker-GetManifest",
    f"projects/{PROJECT}/locations/europe/repositories/web",
    6,
    log="data_access",
    authenticationInfo={"principalSubject": f"serviceAccount:{PROJECT}.svc.id.goog[prod/shop]"},
    requestMetadata={"callerIp": "gce-internal-ip", "callerSuppliedUserAgent": "containerd/1.7.24"},
    request={"requestMethod": "GET", "requestUrl": f"/v2/{PROJECT}/web/shop/manifests/1.4.2"},
)
TOKEN_MINTED = _entry(
    "iamcredentials.googleapis.com",
    "GenerateAccessToken",
    "projects/-/serviceAccounts/100000000000000000001",
    7,
    log="data_access",
    authenticationInfo={
        "principalEmail": ROBOT,
        "serviceAccountDelegationInfo": [{"firstPartyPrincipal": {"principalEmail": USER}}],
    },
)
FEDERATED = _entry(
    "storage.googleapis.com",
    "storage.objects.list",
    "projects/_/buckets/example-artifacts",
    8,
    log="data_access",
    authenticationInfo={
        "principalSubject": "principal://iam.googleapis.com/projects/111122223333/locations/global/"
        "workloadIdentityPools/github/subject/repo:example/web:ref:refs/heads/main"
    },
)
CLUSTER_UPDATED = _entry(
    "container.googleapis.com",
    "google.container.v1.ClusterManager.UpdateCluster",
    f"projects/{PROJECT}/locations/europe-west1/clusters/prod",
    9,
    request={"update": {"desiredLoggingService": "none"}},
    monitored={"type": "gke_cluster", "labels": {"location": "europe-west1", "cluster_name": "prod"}},
)
CLUSTER_UPDATED["operation"] = {"id": "operation-1", "producer": "container.googleapis.com", "first": True}

RECORDS = {
    "service_account_key_created": KEY_CREATED,
    "instances_listed_denied": LIST_DENIED,
    "data_access_logs_removed": LOGGING_CUT,
    "repository_made_public": PUBLIC_REPOSITORY,
    "image_pushed": IMAGE_PUSHED,
    "image_pulled_by_workload": IMAGE_PULLED,
    "access_token_minted": TOKEN_MINTED,
    "bucket_listed_by_federated_workload": FEDERATED,
    "cluster_logging_turned_off": CLUSTER_UPDATED,
}
"""Name -> canonical record."""


def _lower(record: dict[str, Any]) -> dict[str, Any]:
    """The entry as a SIEM keeps it: keys of its own spelling."""
    payload = dict(record["protoPayload"])
    payload["at_sign_type"] = payload.pop("@type")
    metadata = dict(payload["requestMetadata"])
    metadata["callerIP"] = metadata.pop("callerIp")
    payload["requestMetadata"] = metadata
    own = {"insertId": "insertid", "logName": "logname", "receiveTimestamp": "receivetimestamp"}
    outer = {own.get(name, name): value for name, value in record.items() if name != "protoPayload"}
    return outer | {"protopayload": payload}


def _row(record: dict[str, Any]) -> dict[str, Any]:
    """The entry as a row of a BigQuery export."""
    payload = dict(record["protoPayload"])
    del payload["@type"]
    if "request" in payload:
        payload["requestJson"] = json.dumps(payload.pop("request"))
    if "serviceData" in payload:
        payload["servicedata_v1_iam"] = payload.pop("serviceData")
    outer = {name: value for name, value in record.items() if name != "protoPayload"}
    times = {
        name: str(outer[name]).replace("T", " ").replace("Z", " UTC") for name in ("timestamp", "receiveTimestamp")
    }
    return {**outer, **times, "protopayload_auditlog": payload}


def _push(record: dict[str, Any]) -> dict[str, Any]:
    """The entry as Pub/Sub pushes it."""
    data = base64.b64encode(dump(record)).decode()
    return {"message": {"data": data, "messageId": "1", "publishTime": "2026-11-20T10:41:00Z"}, "subscription": "s"}


EXAMPLES = (
    Example(name="storage_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="gcloud_array", raw=dump(list(RECORDS.values())), records=len(RECORDS)),
    Example(name="pubsub_push", raw=dump(_push(KEY_CREATED))),
    Example(name="siem_spelling", raw=lines(map(_lower, (KEY_CREATED, LIST_DENIED))), records=2),
    Example(name="bigquery_rows", raw=lines(map(_row, (LOGGING_CUT, PUBLIC_REPOSITORY))), records=2),
)
