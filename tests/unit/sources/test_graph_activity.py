"""Graph activity: a request taken apart, and who made it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.resolve import Resolver
from stratagem.sources import unwrap
from stratagem.sources.graph_activity import PLUGIN
from stratagem.sources.graph_activity.examples import EXAMPLES, LIST, RECORDS

RESOLVER = Resolver.for_source(PLUGIN)
HOST = "https://graph.microsoft.com"
GUID = "0c000000-0000-4000-8000-000000000001"


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def get(uri: Any) -> dict[str, Any]:
    return {**LIST, "properties": {**LIST["properties"], "requestUri": uri}}


@pytest.mark.parametrize(
    ("uri", "template", "collection"),
    [
        ("/v1.0/groups?$top=999", "/groups", "groups"),
        (f"/v1.0/groups/{GUID}/members", "/groups/{id}/members", "group_members"),
        (f"/v1.0/groups/{GUID}/transitiveMembers/$count", "/groups/{id}/transitiveMembers/$count", "group_members"),
        ("/beta//users/", "/users", "users"),
        ("/v1.0/users('dana@example.com')/memberOf", "/users/{id}/memberOf", "member_of"),
        ("/v1.0/me/memberOf/microsoft.graph.group", "/me/memberOf/microsoft.graph.group", "member_of"),
        ("/v1.0/directoryRoles", "/directoryRoles", "directory_roles"),
        (
            "/beta/roleManagement/directory/roleAssignments",
            "/roleManagement/directory/roleAssignments",
            "role_management",
        ),
        (
            "/beta/roleManagement/directory/estimateAccess",
            "/roleManagement/directory/estimateAccess",
            "estimate_access",
        ),
        (f"/v1.0/directory/administrativeUnits/{GUID}", "/directory/administrativeUnits/{id}", "administrative_units"),
        (
            "/v1.0/servicePrincipals(appId='x')/appRoleAssignedTo",
            "/servicePrincipals(appId={id})/appRoleAssignedTo",
            "app_role_assignments",
        ),
        ("/v1.0/groups/delta", "/groups/delta", "groups"),
        ("/v1.0/$batch", "/$batch", "batch"),
    ],
)
def test_a_request_has_a_template_and_a_collection(uri: str, template: str, collection: str) -> None:
    record = get(HOST + uri)
    assert derived("graph.template", record) == template
    assert derived("graph.collection", record) == collection


def test_a_literal_escape_in_the_uri_is_an_ampersand() -> None:
    record = RECORDS["group_members"]
    assert derived("graph.query", record) == "$select=id&$top=100"
    assert derived("graph.page_size", record) == 100


def test_version_host_and_path_are_apart() -> None:
    record = get(f"{HOST}/Beta/users?$search=%22displayName:ad%22&$skiptoken=x")
    assert derived("graph.version", record) == "beta"
    assert derived("graph.host", record) == "graph.microsoft.com"
    assert derived("graph.path", record) == "/users"
    assert derived("graph.query", record).startswith('$search="displayName:ad"')
    assert derived("graph.is_next_page", record) is True


@pytest.mark.parametrize("uri", [None, 7, {}, "", "?", "///", HOST, f"{HOST}/v1.0/%", "(((", "a" * 5000])
def test_any_uri_is_survived(uri: Any) -> None:
    for field in PLUGIN.derived.values():
        field.compute(get(uri))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(200, "success"), (304, "success"), (403, "denied"), ("401", "denied"), (404, "failure"), (429, "failure")],
)
def test_the_status_code_is_the_outcome(code: Any, outcome: str) -> None:
    record = {**LIST, "properties": {**LIST["properties"], "responseStatusCode": code}}
    assert derived("outcome", record) == outcome


def test_delegated_and_app_only_access_are_told_apart() -> None:
    assert derived("graph.actor_kind", LIST) == "user"
    assert derived("graph.actor_kind", RECORDS["app_only"]) == "application"
    assert derived("graph.auth_method", RECORDS["app_only"]) == "secret"


def test_permissions_are_lists() -> None:
    assert derived("graph.scopes", LIST) == ["Directory.Read.All", "Group.Read.All"]
    assert derived("graph.roles", LIST) is None


def test_the_session_is_found_whatever_the_case_of_its_key() -> None:
    properties = {key: value for key, value in LIST["properties"].items() if key != "c_Sid"}
    record = {**LIST, "properties": {**properties, "C_Sid": "s-1"}}
    assert derived("graph.session", record) == "s-1"
    assert RESOLVER.values(record, "properties.c_sid") == ["s-1"]


def test_a_log_analytics_row_is_the_same_request() -> None:
    (example,) = (example for example in EXAMPLES if example.name == "log_analytics")
    natives = [found.native for found in unwrap.records(json.loads(example.raw))]
    assert [PLUGIN.uid(native) for native in natives] == [PLUGIN.uid(record) for record in RECORDS.values()]
    assert [derived("graph.template", native) for native in natives] == [
        derived("graph.template", record) for record in RECORDS.values()
    ]


def test_american_times_become_iso() -> None:
    native, _ = PLUGIN.canonical({"time": "1/9/2007 10:41:00 AM +01:00", "category": "MicrosoftGraphActivityLogs"})
    assert native["time"] == "2007-01-09T10:41:00+01:00"
