"""Entra directory audit: shapes, names with typography, and what a change changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.entra_audit import PLUGIN
from stratagem.sources.entra_audit.examples import EXAMPLES, GROUP_ADD, RECORDS, ROLE_ADD, SECRET

RESOLVER = Resolver.for_source(PLUGIN)
BY_NAME = {example.name: example for example in EXAMPLES}
DASHED = "Update application – Certificates and secrets management"


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def natives(example: str) -> list[Any]:
    return [found.native for found in unwrap.records(json.loads(BY_NAME[example].raw))]


def test_spaces_at_the_ends_of_a_name_go_and_the_dash_stays() -> None:
    (native,) = natives("trailing_space")
    assert native["operationName"] == native["properties"]["activityDisplayName"] == DASHED
    assert native == SECRET


def test_a_rule_may_write_the_name_with_a_dash_or_a_hyphen() -> None:
    messages = RESOLVER.values(SECRET, "properties.message")
    assert DASHED in messages and DASHED.replace("–", "-") in messages
    assert derived("entra.operation", SECRET) == DASHED.replace("–", "-")


@pytest.mark.parametrize(
    ("shape", "record"),
    [
        ("properties_as_text", GROUP_ADD),
        ("inner_category_on_top", ROLE_ADD),
        ("graph_api", GROUP_ADD),
        ("log_analytics", ROLE_ADD),
    ],
)
def test_every_shape_of_one_change_is_one_event(shape: str, record: dict[str, Any]) -> None:
    native = natives(shape)[0]
    assert native["category"] == "AuditLogs"
    assert PLUGIN.uid(native) == PLUGIN.uid(record)
    assert PLUGIN.time(native) == PLUGIN.time(record)
    for path in ("operationName", "properties.category", "properties.targetResources", "properties.initiatedBy"):
        assert RESOLVER.values(native, path) == RESOLVER.values(record, path), path


def test_intunes_audit_logs_are_not_entras() -> None:
    intune = {
        "category": "AuditLogs",
        "operationName": "Create DeviceConfiguration",
        "resourceId": "/tenants/x/providers/Microsoft.Intune",
        "properties": {"ActivityType": 0, "Actor": {"UPN": "robin@example.com"}, "Targets": []},
    }
    assert not PLUGIN.recognise(intune)


def test_text_that_is_no_object_is_malformed() -> None:
    with pytest.raises(Malformed, match="properties is text"):
        PLUGIN.canonical({**GROUP_ADD, "properties": "{"})


def test_a_group_add_names_the_group_among_the_members_changes() -> None:
    assert derived("entra.group_name", GROUP_ADD) == "Cluster Admins"
    assert derived("entra.group_id", GROUP_ADD) == "0c000000-0000-4000-8000-000000000001"
    assert derived("entra.target_names", GROUP_ADD) == ["dana@example.com"]


def test_a_removal_names_it_in_the_old_value() -> None:
    change = {"displayName": "Group.DisplayName", "oldValue": '"Cluster Admins"', "newValue": None}
    record = {
        **GROUP_ADD,
        "properties": {**GROUP_ADD["properties"], "targetResources": [{"modifiedProperties": [change]}]},
    }
    assert derived("entra.group_name", record) == "Cluster Admins"


def test_a_role_has_a_name_and_a_template() -> None:
    assert derived("entra.role_name", ROLE_ADD) == "Global Administrator"
    assert derived("entra.role_template", ROLE_ADD) == "62e90394-69f5-4237-9190-012177145e10"
    assert derived("entra.role_name", RECORDS["pim_activation"]) == "Security Reader"


def test_new_values_are_decoded() -> None:
    changes = {each["name"]: each["new"] for each in derived("entra.changes", ROLE_ADD)}
    assert changes["Role.DisplayName"] == "Global Administrator"
    assert RESOLVER.values(ROLE_ADD, "entra.changes.new")[1] == "Global Administrator"


def test_only_credentials_that_are_new_count_as_added() -> None:
    (added,) = derived("entra.credentials_added", SECRET)
    assert "000000000002" in added


def test_consent_tells_its_scopes_and_whether_it_holds_for_all() -> None:
    consent = RECORDS["consent"]
    assert derived("entra.permissions", consent) == ["Mail.Read", "Files.Read"]
    assert derived("entra.admin_consent", consent) is True
    assert derived("entra.admin_consent", SECRET) is None


def test_applications_act_too() -> None:
    record = RECORDS["by_application"]
    assert derived("entra.actor_kind", record) == "service_principal"
    assert derived("entra.actor", record) == "77777777-0000-4000-8000-000000000002"
    assert derived("entra.actor_name", record) == "directory-sync"


def test_a_refusal_is_told_from_a_failure() -> None:
    assert derived("outcome", RECORDS["refused"]) == "denied"
    failed = {**GROUP_ADD, "properties": {**GROUP_ADD["properties"], "result": "failure"}}
    assert derived("outcome", failed) == "failure"
    assert derived("outcome", GROUP_ADD) == "success"


def test_pim_answers_to_records_that_pim_logged() -> None:
    (pim,) = (source for source in PLUGIN.logsources if source.service == "pim")
    assert pim.only is not None
    assert pim.only(RECORDS["pim_activation"]) and not pim.only(ROLE_ADD)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("OperationName", "Add member to role"),
        ("Category", "RoleManagement"),
        ("category", "AuditLogs"),
        ("LoggedByService", "Core Directory"),
        ("properties.result", "success"),
        ("Status", "success"),
        ("ActivityType", "Add member to role"),
        ("properties.message", "Add member to role"),
        ("targetResources.type", "User"),
        ("Target", "dana@example.com"),
    ],
)
def test_names_of_public_rules_are_found(field: str, value: Any) -> None:
    assert value in RESOLVER.values(ROLE_ADD, field)


@pytest.mark.parametrize(
    "broken", [None, "text", 7, [], [None], {"modifiedProperties": "x"}, [{"modifiedProperties": [1]}]]
)
def test_broken_targets_say_nothing_and_raise_nothing(broken: Any) -> None:
    record = {**GROUP_ADD, "properties": {**GROUP_ADD["properties"], "targetResources": broken, "initiatedBy": broken}}
    for field in PLUGIN.derived.values():
        field.compute(record)
    assert derived("entra.changes", record) is None
