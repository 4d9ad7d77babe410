"""Workspace: one activity in all its shapes, and its parameters as rules want them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stratagem.rules.model import RuleLogSource
from stratagem.rules.resolve import Resolver
from stratagem.rules.routing import takes
from stratagem.sources import unwrap
from stratagem.sources._contract import Malformed
from stratagem.sources.google_workspace import PLUGIN
from stratagem.sources.google_workspace.examples import DIRECTORY_READ, EXAMPLES, LOGIN, RECORDS, SETTINGS
from stratagem.sources.identify import identify

RESOLVER = Resolver.for_source(PLUGIN)


def derived(name: str, record: Any) -> Any:
    return PLUGIN.derived[name].compute(record)


def example(name: str) -> list[Any]:
    (found,) = (one for one in EXAMPLES if one.name == name)
    return [record.native for line in found.raw.splitlines() for record in unwrap.records(json.loads(line))]


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ("siem_flattened", ("login_failure", "api_client_authorized", "directory_read_by_client")),
        ("cloud_logging", ("login_failure", "two_admin_events", "second_factor_turned_off")),
        ("bigquery_rows", ("login_failure", "directory_read_by_client")),
    ],
)
def test_every_shape_tells_the_same_activity(shape: str, names: tuple[str, ...]) -> None:
    for native, name in zip(example(shape), names, strict=True):
        for field in ("outcome", "workspace.application", "workspace.event_names", "workspace.actor"):
            assert derived(field, native) == derived(field, RECORDS[name]), field
        assert derived("workspace.client_ip", native) == "203.0.113.7"


@pytest.mark.parametrize("shape", ["cloud_logging", "bigquery_rows"])
def test_the_id_is_the_same_in_every_shape(shape: str) -> None:
    assert PLUGIN.uid(example(shape)[0]) == PLUGIN.uid(LOGIN)


def test_parameters_are_one_object_for_each_event() -> None:
    assert derived("workspace.parameters", SETTINGS) == [
        {
            "application_name": "Security",
            "setting_name": "ContextAwareAccess access_level",
            "old_value": "on",
            "new_value": "off",
        },
        {"user_email": "dave@example.com"},
    ]
    assert RESOLVER.values(DIRECTORY_READ, "workspace.parameters.method_name") == ["directory.groups.list"]
    assert RESOLVER.values(DIRECTORY_READ, "num_response_bytes") == ["1800000"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ({"boolValue": True}, True),
        ({"intValue": "7"}, "7"),
        ({"multiValue": ["a", "b"]}, ["a", "b"]),
        ({"messageValue": {"parameter": [{"name": "X", "value": "y"}]}}, {"x": "y"}),
        ({"multiMessageValue": [{"parameter": [{"name": "X", "multiValue": ["y"]}]}]}, [{"x": ["y"]}]),
        ({}, None),
    ],
)
def test_a_parameter_has_its_value_whichever_member_holds_it(member: dict[str, Any], value: Any) -> None:
    record = {**LOGIN, "events": [{"name": "x", "parameters": [{"name": "P", **member}]}]}
    assert derived("workspace.parameters", record) == [{"p": value}]


def test_only_a_login_has_an_outcome() -> None:
    assert derived("outcome", LOGIN) == "failure"
    assert derived("outcome", {**LOGIN, "events": [{"name": "login_success"}]}) == "success"
    assert derived("outcome", {**LOGIN, "events": [{"name": "logout"}]}) == "unknown"
    assert derived("outcome", RECORDS["group_member_added"]) == "unknown"


def test_account_changes_that_cloud_logging_files_under_login_are_user_accounts() -> None:
    assert derived("workspace.application", example("cloud_logging")[2]) == "user_accounts"


@pytest.mark.parametrize(
    ("name", "record", "values"),
    [
        ("eventService", "api_client_authorized", ["admin.googleapis.com"]),
        ("eventName", "api_client_authorized", ["AUTHORIZE_API_CLIENT_ACCESS"]),
        ("setting_name", "two_admin_events", ["ContextAwareAccess access_level"]),
        ("protoPayload.Servicename", "login_failure", ["login.googleapis.com"]),
        ("protoPayload.metadata.event.eventName", "login_failure", ["login_failure"]),
    ],
)
def test_names_of_public_rules_lead_to_the_activity(name: str, record: str, values: list[str]) -> None:
    assert RESOLVER.values(RECORDS[record], name) == values


def test_a_logsource_means_its_application() -> None:
    login = RuleLogSource(product="gcp", service="google_workspace.login")
    everything = RuleLogSource(product="google_workspace", service="audit")
    assert takes(PLUGIN.logsources, login, LOGIN)
    assert not takes(PLUGIN.logsources, login, SETTINGS)
    assert takes(PLUGIN.logsources, everything, SETTINGS)


@pytest.mark.parametrize("number", ["-1", "x", "9" * 30, None, 1.5, True])
def test_microseconds_that_are_none_leave_the_time_out(number: Any) -> None:
    row = {"time_usec": number, "event_name": "x", "record_type": "login"}
    native, _ = PLUGIN.canonical(row)
    assert PLUGIN.time(native) is None
    assert identify(row) == "google_workspace"


def test_an_object_without_an_application_is_malformed() -> None:
    with pytest.raises(Malformed, match="applicationName is missing"):
        PLUGIN.canonical({"id": {}, "events": []})
