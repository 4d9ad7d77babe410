"""Cloud Audit: who called what for whom, in every spelling of a LogEntry."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.gcp_audit import PLUGIN
from stratagem.sources.gcp_audit.examples import EXAMPLES, IMAGE_PUSHED, KEY_CREATED, LIST_DENIED, RECORDS
from stratagem.sources.identify import identify

RESOLVER = Resolver.for_source(PLUGIN)


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def entry(**payload: Any) -> dict[str, Any]:
    return {**KEY_CREATED, "protoPayload": {**KEY_CREATED["protoPayload"], **payload}}


def example(name: str) -> list[Any]:
    (found,) = (one for one in EXAMPLES if one.name == name)
    return [record.native for line in found.raw.splitlines() for record in unwrap.records(json.loads(line))]


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ("siem_spelling", ("service_account_key_created", "instances_listed_denied")),
        ("bigquery_rows", ("data_access_logs_removed", "repository_made_public")),
        ("pubsub_push", ("service_account_key_created",)),
    ],
)
def test_every_shape_becomes_the_entry_of_cloud_logging(shape: str, names: tuple[str, ...]) -> None:
    assert example(shape) == [RECORDS[name] for name in names]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (None, "success"),
        ({}, "success"),
        ({"code": 0}, "success"),
        ({"code": 7, "message": "PERMISSION_DENIED"}, "denied"),
        ({"code": "7"}, "denied"),
        ({"code": 16}, "denied"),
        ({"code": 5}, "failure"),
        ({"message": "quota"}, "failure"),
    ],
)
def test_the_status_is_the_outcome(status: Any, outcome: str) -> None:
    assert derived("outcome", entry(status=status)) == outcome


def test_a_permission_without_granted_was_not_granted() -> None:
    assert derived("gcp.denied_permissions", LIST_DENIED) == ["compute.instances.list"]
    assert derived("gcp.denied_permissions", KEY_CREATED) is None


@pytest.mark.parametrize(
    ("info", "actor", "kind"),
    [
        ({"principalEmail": "Robin@Example.com"}, "robin@example.com", "user"),
        ({"principalEmail": "d@p.iam.gserviceaccount.com"}, "d@p.iam.gserviceaccount.com", "service_account"),
        (
            {"principalEmail": "service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com"},
            "service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com",
            "service_agent",
        ),
        ({"principalEmail": "system@google.com"}, "system@google.com", "service_agent"),
        ({"principalSubject": "serviceAccount:p.svc.id.goog[prod/web]"}, "p.svc.id.goog[prod/web]", "workload"),
        ({"principalSubject": "user:robin@example.com"}, "robin@example.com", "user"),
        ({}, None, "unknown"),
    ],
)
def test_the_caller_is_an_address_or_a_workload(info: dict[str, Any], actor: str | None, kind: str) -> None:
    record = entry(authenticationInfo=info)
    assert derived("gcp.actor", record) == actor
    assert derived("gcp.actor_kind", record) == kind


@pytest.mark.parametrize(
    "subject",
    [
        "serviceAccount:p.svc.id.goog[prod/shop]",
        "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p.svc.id.goog/subject/"
        "ns/prod/sa/shop",
    ],
)
def test_a_kubernetes_workload_is_named_by_namespace_and_account(subject: str) -> None:
    assert derived("gcp.workload", entry(authenticationInfo={"principalSubject": subject})) == "prod/shop"


def test_who_acts_through_an_account_stays_known() -> None:
    assert derived("gcp.delegation", RECORDS["access_token_minted"]) == ["robin@example.com"]
    assert derived("gcp.key", IMAGE_PUSHED) == "0a1b2c3d4e5f"


def test_the_gcloud_command_is_in_the_user_agent() -> None:
    assert derived("gcp.command", LIST_DENIED) == "gcloud.compute.instances.list"
    assert derived("gcp.command", KEY_CREATED) is None


def test_a_method_is_derived_with_and_without_its_version() -> None:
    assert derived("gcp.method", LIST_DENIED) == [
        "v1.compute.instances.aggregatedList",
        "compute.instances.aggregatedList",
    ]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("data.protoPayload.serviceName", ["iam.googleapis.com"]),
        ("gcp.audit.method_name", ["google.iam.admin.v1.CreateServiceAccountKey"]),
        ("data.protoPayload.authorizationInfo.permission", ["iam.serviceAccountKeys.create"]),
        ("data.protoPayload.authorizationInfo.granted", [True]),
        ("data.protoPayload.resource.type", ["service_account"]),
        ("data.protoPayload.logName", ["cloudaudit.googleapis.com/activity"]),
        ("protoPayload.requestMetadata.callerIP", ["203.0.113.7"]),
    ],
)
def test_names_of_public_rules_lead_to_the_entry(name: str, values: list[Any]) -> None:
    assert RESOLVER.values(KEY_CREATED, name) == values


def test_a_policy_that_was_set_grants_what_it_adds() -> None:
    cut = RECORDS["data_access_logs_removed"]
    assert derived("gcp.granted_members", cut) == ["user:dave@example.com"]
    assert derived("gcp.audit_config_deltas", cut)[0]["action"] == "REMOVE"
    assert derived("gcp.grants_public", cut) is False
    assert derived("gcp.grants_public", RECORDS["repository_made_public"]) is True
    assert derived("gcp.grants_public", KEY_CREATED) is None


def test_an_image_is_read_from_the_resource_or_from_the_request() -> None:
    pulled = RECORDS["image_pulled_by_workload"]
    assert [derived(name, pulled) for name in ("gar.action", "image.repository", "image.tag")] == [
        "pull",
        "example-prod/web/shop",
        "1.4.2",
    ]
    assert [derived(name, IMAGE_PUSHED) for name in ("gar.action", "image.registry", "image.tag")] == [
        "push",
        "europe-docker.pkg.dev",
        None,
    ]
    assert derived("image.digest", IMAGE_PUSHED).startswith("sha256:")
    assert derived("gar.action", KEY_CREATED) is None


def test_a_gke_clusters_control_plane_has_the_label_of_its_own_audit_log() -> None:
    _, labels = PLUGIN.canonical(RECORDS["cluster_logging_turned_off"])
    assert labels.cluster == "projects/example-prod/locations/europe-west1/clusters/prod"


def test_requests_to_a_kubernetes_api_server_are_kubernetes_audit() -> None:
    assert identify(entry(serviceName="k8s.io", methodName="io.k8s.core.v1.pods.create")) == "kubernetes_audit"


@pytest.mark.parametrize("payload", [None, 7, "text", {}, []])
def test_a_log_entry_without_an_audit_payload_is_left_alone(payload: Any) -> None:
    assert PLUGIN.recognise({**KEY_CREATED, "protoPayload": payload}) is False


def test_an_object_without_an_audit_payload_is_malformed() -> None:
    with pytest.raises(Malformed, match="protoPayload is no JSON object"):
        PLUGIN.canonical({"protoPayload": "text"})


def test_an_entry_without_a_timestamp_happened_when_it_was_received() -> None:
    late = {name: value for name, value in KEY_CREATED.items() if name != "timestamp"}
    assert PLUGIN.time(PLUGIN.canonical({**late, "protoPayload": {"serviceName": "x"}})[0]) == late["receiveTimestamp"]
