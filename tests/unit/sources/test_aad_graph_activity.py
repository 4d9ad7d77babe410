"""Azure AD Graph activity: the tenant and the version leave the path, the rest is as with Microsoft Graph."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.events.project import project_one
from stratagem.events.query import connect
from stratagem.sources.aad_graph_activity import PLUGIN
from stratagem.sources.aad_graph_activity.examples import GROUPS, HOST, RECORDS


def derived(name: str, uri: str) -> Any:
    return PLUGIN.derived[name].compute({**GROUPS, "properties": {**GROUPS["properties"], "requestUri": uri}})


@pytest.mark.parametrize(
    ("uri", "template", "version", "collection"),
    [
        (f"{HOST}/groups?api-version=1.61-internal", "/groups", "1.61-internal", "groups"),
        ("https://graph.windows.net/myorganization/users?api-version=1.6", "/users", "1.6", "users"),
        ("https://graph.windows.net/me?api-version=1.6", "/me", "1.6", "me"),
        (
            f"{HOST}/groups/0c000000-0000-4000-8000-000000000001/$links/members?api-version=1.6",
            "/groups/{id}/$links/members",
            "1.6",
            "group_members",
        ),
        (f"{HOST}/eligibleRoleAssignments?api-version=1.61-internal", "/eligibleRoleAssignments", "1.61-internal", ""),
        (f"{HOST}/tenantDetails", "/tenantDetails", "", "organization"),
        (f"{HOST}/$batch?api-version=1.61-internal", "/$batch", "1.61-internal", "batch"),
    ],
)
def test_a_request_has_a_template_a_version_and_a_collection(
    uri: str, template: str, version: str, collection: str
) -> None:
    assert derived("graph.template", uri) == template
    assert derived("graph.version", uri) == (version or None)
    assert derived("graph.collection", uri) == (collection or "role_management")


def test_the_sign_in_is_named_as_the_sign_in_log_names_it() -> None:
    row = project_one("aad_graph_activity", PLUGIN, GROUPS, connect(), event_uid="x")
    assert GROUPS["properties"]["signInActivityId"] == "EXAMPLEtoken01=="
    assert row["actor"]["session"]["uid_alt"] == "EXAMPLEtoken01"


def test_an_application_that_is_refused_is_denied() -> None:
    assert PLUGIN.derived["outcome"].compute(RECORDS["denied"]) == "denied"
    assert PLUGIN.derived["graph.actor_kind"].compute(RECORDS["denied"]) == "application"
