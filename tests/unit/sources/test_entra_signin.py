"""Entra sign-ins: every shape becomes the diagnostic record, and its words mean what the portal's mean."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.entra_signin import PLUGIN
from stratagem.sources.entra_signin.examples import EXAMPLES, INTERACTIVE, RECORDS, WORKLOAD

RESOLVER = Resolver.for_source(PLUGIN)
BY_NAME = {example.name: example for example in EXAMPLES}


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def with_code(code: Any, **properties: Any) -> dict[str, Any]:
    return {**INTERACTIVE, "resultType": code, "properties": {**INTERACTIVE["properties"], **properties}}


def canonical(example: str) -> Any:
    return next(iter(unwrap.records(json.loads(BY_NAME[example].raw)))).native


@pytest.mark.parametrize("shape", ["properties_as_text", "graph_api", "log_analytics"])
def test_every_shape_of_one_sign_in_is_one_event(shape: str) -> None:
    native = canonical(shape)
    assert PLUGIN.uid(native) == PLUGIN.uid(INTERACTIVE)
    assert PLUGIN.time(native) == PLUGIN.time(INTERACTIVE)
    for path in (
        "category",
        "resultType",
        "callerIpAddress",
        "properties.userId",
        "properties.deviceDetail",
        "properties.location",
        "properties.status",
        "properties.resourceId",
        "properties.ipAddress",
    ):
        assert RESOLVER.values(native, path) == RESOLVER.values(INTERACTIVE, path), path


def test_lower_case_keys_become_entras_own() -> None:
    assert canonical("lower_case_keys")["callerIpAddress"] == WORKLOAD["callerIpAddress"]


def test_the_tenant_is_entras_and_not_the_log_analytics_workspace() -> None:
    found = next(iter(unwrap.records(json.loads(BY_NAME["log_analytics"].raw))))
    assert found.labels.tenant == INTERACTIVE["tenantId"]


def test_a_tenant_is_also_read_from_the_resource_id() -> None:
    record = {key: value for key, value in INTERACTIVE.items() if key != "tenantId"}
    assert PLUGIN.canonical(record)[1].tenant == INTERACTIVE["tenantId"]


@pytest.mark.parametrize(
    ("kinds", "category"),
    [
        (["interactiveUser"], "SignInLogs"),
        (["nonInteractiveUser"], "NonInteractiveUserSignInLogs"),
        (["servicePrincipal"], "ServicePrincipalSignInLogs"),
        (["managedIdentity"], "ManagedIdentitySignInLogs"),
    ],
)
def test_a_graph_sign_in_gets_its_category_from_its_event_type(kinds: list[str], category: str) -> None:
    native, _ = PLUGIN.canonical({**INTERACTIVE["properties"], "signInEventTypes": kinds})
    assert native["category"] == category


def test_the_copy_that_was_sent_last_survives() -> None:
    later = {**INTERACTIVE, "time": "2026-11-20T10:09:00.0000000Z"}
    assert PLUGIN.revision is not None
    assert PLUGIN.revision(later) > PLUGIN.revision(INTERACTIVE)
    american = {**INTERACTIVE, "time": "11/20/2026 1:48:53 PM"}
    assert PLUGIN.revision(american) > PLUGIN.revision(later)


def test_text_that_is_no_object_is_malformed() -> None:
    with pytest.raises(Malformed, match="properties is text"):
        PLUGIN.canonical({"category": "SignInLogs", "properties": '{"id": "cut'})


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("0", "success"),
        (0, "success"),
        ("50126", "failure"),
        ("53003", "denied"),
        ("50053", "denied"),
        ("50140", "unknown"),
        ("50074", "unknown"),
        ("65001", "unknown"),
    ],
)
def test_an_interrupt_is_no_failure_and_a_refusal_by_policy_is_denied(code: Any, outcome: str) -> None:
    record = with_code(code, status={"errorCode": int(code)})
    assert derived("outcome", record) == outcome
    assert derived("entra.interrupted", record) is (outcome == "unknown")


def test_without_any_number_the_outcome_is_unknown() -> None:
    assert derived("outcome", with_code("", status={})) == "unknown"
    assert derived("outcome", with_code("x", status="text")) == "unknown"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("interactive", "user"), ("service_principal", "service_principal"), ("managed_identity", "managed_identity")],
)
def test_the_actor_is_the_user_or_the_workload(name: str, kind: str) -> None:
    assert derived("entra.actor_kind", RECORDS[name]) == kind
    expected = "userId" if kind == "user" else "servicePrincipalId"
    assert derived("entra.actor", RECORDS[name]) == RECORDS[name]["properties"][expected]


def test_a_guest_is_told_from_a_member() -> None:
    assert derived("entra.actor_kind", with_code("0", userType="Guest")) == "guest"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ResultType", "0"),
        ("AuthenticationRequirement", "multiFactorAuthentication"),
        ("userAgent", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("RiskState", "none"),
        ("ResourceDisplayName", "Azure Resource Manager"),
        ("conditionalAccessStatus", "success"),
        ("AppId", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
        ("DeviceDetail.operatingsystem", "Linux"),
        ("properties.appDisplayName", "Microsoft Azure CLI"),
        ("LocationDetails.countryOrRegion", "SE"),
        ("Status.errorCode", 0),
    ],
)
def test_names_of_public_rules_are_found(field: str, value: Any) -> None:
    assert RESOLVER.values(INTERACTIVE, field) == [value]


def test_status_is_the_portals_word_and_the_texts_below_it() -> None:
    assert "Success" in RESOLVER.values(INTERACTIVE, "Status")
    denied = with_code("500121", status={"errorCode": 500121, "additionalDetails": "MFA denied; user declined"})
    assert RESOLVER.values(denied, "Status") == ["Failure", "MFA denied; user declined"]


def test_the_message_names_the_protocol_as_public_rules_do() -> None:
    assert "Device Code" in RESOLVER.values(RECORDS["device_code"], "properties.message")
    assert "ROPC" in RESOLVER.values(with_code("0", authenticationProtocol="ropc"), "properties.message")


@pytest.mark.parametrize(
    ("table", "category"),
    [
        ("SigninLogs", "SignInLogs"),
        ("AADNonInteractiveUserSignInLogs", "NonInteractiveUserSignInLogs"),
        ("AADServicePrincipalSignInLogs", "ServicePrincipalSignInLogs"),
        ("AADManagedIdentitySignInLogs", "ManagedIdentitySignInLogs"),
        ("ADFSSignInLogs", "ADFSSignInLogs"),
        ("MicrosoftServicePrincipalSignInLogs", "MicrosoftServicePrincipalSignInLogs"),
    ],
)
def test_each_table_of_log_analytics_is_a_kind_of_sign_in(table: str, category: str) -> None:
    row = {
        "Type": table,
        "Category": category,
        "TimeGenerated": "2026-11-20T10:00:00Z",
        "Id": "x",
        "ServicePrincipalId": "77777777-0000-4000-8000-000000000001",
        "ResultType": "0",
    }
    native, _ = PLUGIN.canonical(row)
    assert native["category"] == category
    assert "category" not in native["properties"]
    assert PLUGIN.derived["outcome"].compute(native) == "success"
