"""Azure Activity: one operation in five shapes, and what it says about itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.azure_activity import PLUGIN
from stratagem.sources.azure_activity.examples import ADMIN_CREDENTIAL, EXAMPLES, RECORDS, SUBSCRIPTION, TENANT

RESOLVER = Resolver.for_source(PLUGIN)


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def example(name: str) -> list[unwrap.Found]:
    (found,) = (one for one in EXAMPLES if one.name == name)
    return list(unwrap.records(json.loads(found.raw)))


@pytest.mark.parametrize("shape", ["rest_api", "event_grid", "trimmed"])
def test_every_shape_tells_the_same_operation(shape: str) -> None:
    (found,) = example(shape)
    for name in ("azure.operation", "azure.resource", "azure.subscription", "outcome", "azure.client_ip"):
        assert derived(name, found.native) == derived(name, ADMIN_CREDENTIAL), name
    assert PLUGIN.time(found.native) == ADMIN_CREDENTIAL["time"]
    assert found.labels.account == SUBSCRIPTION
    assert found.labels.tenant == TENANT


@pytest.mark.parametrize("shape", ["rest_api", "event_grid"])
def test_the_caller_is_the_object_id_of_the_token(shape: str) -> None:
    (found,) = example(shape)
    assert derived("azure.actor", found.native) == derived("azure.actor", ADMIN_CREDENTIAL)
    assert derived("azure.actor_name", found.native) == "robin@example.com"


def test_the_tenant_of_a_log_analytics_row_is_that_of_the_token_and_not_the_workspace() -> None:
    ended, denied = example("log_analytics")
    assert ended.labels.tenant == TENANT
    assert derived("outcome", denied.native) == "denied"
    assert derived("azure.grantee", denied.native) == derived("azure.grantee", RECORDS["role_assignment_denied"])


def test_one_operation_has_ended_once() -> None:
    started, ended = RECORDS["registry_write_started"], RECORDS["registry_write_ended"]
    assert [derived("azure.stage", one) for one in (started, ended)] == ["start", "end"]
    assert [derived("outcome", one) for one in (started, ended)] == ["unknown", "success"]
    assert PLUGIN.uid(started) != PLUGIN.uid(ended)


def test_the_written_body_is_read_whatever_the_case_of_its_keys() -> None:
    assert derived("azure.acr.anonymous_pull", RECORDS["registry_write_started"]) is True
    assert derived("azure.acr.admin_user", RECORDS["registry_write_started"]) is False
    assert derived("azure.public_network_access", RECORDS["registry_write_started"]) is True
    assert derived("azure.acr.anonymous_pull", ADMIN_CREDENTIAL) is None
    assert derived("azure.role", RECORDS["role_assignment_denied"]) == "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"


def test_an_action_is_named_by_its_own_word() -> None:
    assert derived("azure.verb", ADMIN_CREDENTIAL) == "listclusteradmincredential"
    assert derived("azure.verb", RECORDS["diagnostic_setting_deleted"]) == "delete"


@pytest.mark.parametrize(
    ("result", "signature", "code", "outcome"),
    [
        ("Success", "Succeeded.Created", "Created", "success"),
        ("Succeeded", None, None, "success"),
        ("Accept", "Accepted.Accepted", "Accepted", "unknown"),
        ("Failure", "Failed.Conflict", "Conflict", "failure"),
        ("Failed", "403", None, "denied"),
        ("Failure", "Failed.Forbidden", "Forbidden", "denied"),
        ("Active", None, None, "unknown"),
    ],
)
def test_the_result_is_the_outcome(result: str, signature: str | None, code: str | None, outcome: str) -> None:
    record = {
        **ADMIN_CREDENTIAL,
        "resultType": result,
        "resultSignature": signature,
        "properties": {**ADMIN_CREDENTIAL["properties"], "statusCode": code},
    }
    assert derived("outcome", record) == outcome


def test_a_service_principal_is_told_from_a_user() -> None:
    assert derived("azure.actor_kind", ADMIN_CREDENTIAL) == "user"
    assert derived("azure.actor_kind", RECORDS["diagnostic_setting_deleted"]) == "service_principal"
    assert derived("azure.client_ip", RECORDS["diagnostic_setting_deleted"]) == "198.51.100.20"


def test_names_of_the_log_analytics_table_lead_to_the_same_members() -> None:
    record = RECORDS["diagnostic_setting_deleted"]
    assert RESOLVER.values(record, "OperationNameValue") == [record["operationName"]]
    assert RESOLVER.values(record, "ResourceProviderValue") == ["MICROSOFT.INSIGHTS"]
    assert RESOLVER.values(record, "CategoryValue") == ["Administrative"]
    assert RESOLVER.values(record, "ResourceId") == [record["resourceId"]]


@pytest.mark.parametrize(
    "record",
    [
        {"category": "AuditEvent", "operationName": "SecretGet", "resourceId": "/subscriptions/x", "resultType": "x"},
        {"category": "FunctionAppLogs", "operationName": "Microsoft.Web/sites/functions/log", "resourceId": "/x"},
        {"category": "StorageRead", "operationName": "GetBlob", "resourceId": "/subscriptions/x"},
        {"operationName": "Microsoft.Web/sites/write"},
        {"operationName": {"value": "Microsoft.Web/sites/write"}},
    ],
)
def test_other_logs_of_azure_monitor_are_left_alone(record: dict[str, Any]) -> None:
    assert PLUGIN.recognise(record) is False


def test_a_record_with_broken_properties_still_tells_its_operation() -> None:
    native, _ = PLUGIN.canonical({**ADMIN_CREDENTIAL, "properties": "{broken"})
    assert native["properties"] == {}
    assert derived("azure.operation", native) == derived("azure.operation", ADMIN_CREDENTIAL)


def test_a_row_without_an_operation_is_malformed() -> None:
    with pytest.raises(Malformed, match="operationName is missing"):
        PLUGIN.canonical({"Type": "AzureActivity", "TimeGenerated": "2026-11-20T10:00:00Z"})
