"""Microsoft 365 unified audit: shapes, outcome, actor, address, and the words of public rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.m365_audit import PLUGIN
from stratagem.sources.m365_audit.examples import EXAMPLES, RECORDS, ROLE, RULE, SYSTEM

RESOLVER = Resolver.for_source(PLUGIN)
BY_NAME = {example.name: example for example in EXAMPLES}


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def test_a_search_row_is_the_record_in_its_audit_data() -> None:
    (found,) = unwrap.records(json.loads(BY_NAME["search_row"].raw))
    assert found.native == RULE


@pytest.mark.parametrize("data", ['{"Id": "cut', "", "text", "[]", "{}", '{"Operation": "x"}', None, 7])
def test_audit_data_that_is_cut_or_no_record_is_malformed(data: Any) -> None:
    row = {"RecordType": "ExchangeAdmin", "CreationDate": "x", "Operations": "Set-Mailbox", "AuditData": data}
    assert PLUGIN.recognise(row)
    with pytest.raises(Malformed, match="AuditData"):
        PLUGIN.canonical(row)


def test_a_sentinel_row_is_the_same_record() -> None:
    found = next(iter(unwrap.records(json.loads(BY_NAME["sentinel"].raw))))
    for name in ("Id", "CreationTime", "Workload", "Operation", "RecordType", "ObjectId", "Parameters"):
        assert found.native[name] == RULE[name], name
    assert derived("m365.parameters", found.native) == derived("m365.parameters", RULE)


def test_the_organisation_is_the_tenant() -> None:
    assert PLUGIN.canonical(RULE)[1].tenant == RULE["OrganizationId"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("True", "success"),
        ("Succeeded", "success"),
        ("PartiallySucceeded", "success"),
        (True, "success"),
        ("Failed", "failure"),
        ("False", "failure"),
        (None, "unknown"),
        ("New", "unknown"),
        ({}, "unknown"),
    ],
)
def test_result_status_has_many_words(status: Any, outcome: str) -> None:
    assert derived("outcome", {**RULE, "ResultStatus": status}) == outcome


def test_a_failed_sign_in_is_a_failure_whatever_its_status_says() -> None:
    record = {**RECORDS["failed_sign_in"], "ResultStatus": "Success"}
    assert derived("outcome", record) == "failure"
    assert derived("outcome", {**record, "LogonError": "BlockedByConditionalAccess"}) == "denied"


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("203.0.113.7:50122", "203.0.113.7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("203.0.113.7", "203.0.113.7"),
        ("<null>", None),
        ("", None),
        (7, None),
    ],
)
def test_the_port_goes_and_what_is_no_address_is_none(address: Any, bare: str | None) -> None:
    assert derived("m365.client_ip", {**RULE, "ClientIP": address}) == bare


def test_services_are_known_by_their_exact_principal() -> None:
    assert derived("m365.is_system", SYSTEM) is True
    assert derived("m365.is_system", {**RULE, "UserId": "system@example.com"}) is False


def test_the_actor_is_an_object_id_where_the_record_has_one() -> None:
    assert derived("m365.actor", ROLE) == "55555555-0000-4000-8000-000000000001"
    assert derived("m365.actor", RECORDS["failed_sign_in"]) == "55555555-0000-4000-8000-000000000001"
    assert derived("m365.actor", RULE) == "robin@example.com"
    assert derived("m365.actor", SYSTEM) == SYSTEM["UserId"]


def test_parameters_and_changes_are_read_by_name() -> None:
    assert RESOLVER.values(RULE, "m365.parameters.ForwardTo") == ["dana@example.org"]
    assert derived("m365.role_name", ROLE) == "Global Administrator"
    assert derived("m365.modified", ROLE) == [{"name": "Role.DisplayName", "old": "", "new": "Global Administrator"}]


def test_an_operation_loses_its_full_stop_and_its_dash() -> None:
    assert derived("m365.operation", ROLE) == "Add member to role"
    dashed = {**ROLE, "Operation": "Update application – Certificates and secrets management "}
    assert derived("m365.operation", dashed) == "Update application - Certificates and secrets management"


def test_alerts_answer_to_the_names_of_public_rules() -> None:
    alert = RECORDS["alert"]
    assert RESOLVER.values(alert, "eventSource") == ["SecurityComplianceCenter"]
    assert "eDiscovery search started or exported" in RESOLVER.values(alert, "eventName")
    assert "success" in RESOLVER.values(alert, "status")
    assert "failure" in RESOLVER.values({**alert, "ResultStatus": "Failed"}, "status")


@pytest.mark.parametrize(
    ("service", "name"), [("exchange", "inbox_rule"), ("threat_management", "alert"), ("threat_detection", "alert")]
)
def test_a_narrow_logsource_means_one_workload(service: str, name: str) -> None:
    (only,) = (source.only for source in PLUGIN.logsources if source.service == service)
    assert only is not None
    assert [key for key, record in RECORDS.items() if only(record)].count(name) == 1
    assert not only(RECORDS["file_accessed"])


@pytest.mark.parametrize("broken", [None, "text", "[{", 7, [], [None, 1], {"Name": 1}, [{"Name": ["x"], "Value": {}}]])
def test_broken_members_say_nothing_and_raise_nothing(broken: Any) -> None:
    names = ("Parameters", "ModifiedProperties", "ExtendedProperties", "Actor", "Target", "Data", "UserId", "ClientIP")
    record = {**RULE, **dict.fromkeys(names, broken)}
    for field in PLUGIN.derived.values():
        field.compute(record)
