"""CloudTrail: whose record it is, who acts, what came of it, and what the request asks for."""

from __future__ import annotations

from typing import Any

import pytest

from stratagem.sources import unwrap
from stratagem.sources.aws_cloudtrail import PLUGIN
from stratagem.sources.aws_cloudtrail.examples import LIST, PERSON, RECORDS, SIGN_IN, STOP

ACCOUNT = "111122223333"


def derived(name: str, record: dict[str, Any]) -> Any:
    return PLUGIN.derived[name].compute(record)


def identity(**fields: Any) -> dict[str, Any]:
    return {**STOP, "userIdentity": {"accountId": ACCOUNT, **fields}}


def session(role: str, name: str, **context: Any) -> dict[str, Any]:
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}"}
    return identity(
        type="AssumedRole",
        principalId=f"AROAEXAMPLE:{name}",
        arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/{name}",
        sessionContext={"sessionIssuer": issuer, **context},
    )


def request(**parameters: Any) -> dict[str, Any]:
    return {**LIST, "requestParameters": parameters}


def test_a_record_needs_an_aws_service_a_name_and_an_identity_or_a_version() -> None:
    assert PLUGIN.recognise({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "eventVersion": "1.08"})
    assert PLUGIN.recognise({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "userIdentity": {}})
    assert not PLUGIN.recognise({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"})
    assert not PLUGIN.recognise({"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventVersion": "2.1"})
    assert not PLUGIN.recognise({"eventSource": {"a": 1}, "eventName": ["x"], "eventVersion": 1})


def test_digests_and_insights_are_excluded_not_lost() -> None:
    insight = {"eventVersion": "1.08", "eventType": "AwsCloudTrailInsight", "insightDetails": {"state": "Start"}}
    digest = {"digestS3Bucket": "logs", "logFiles": [], "awsAccountId": ACCOUNT}
    for noise in (insight, digest):
        assert [found.status for found in unwrap.records(noise)] == ["excluded"]


def test_a_time_that_a_shipper_moved_is_found() -> None:
    moved = {key: value for key, value in STOP.items() if key != "eventTime"} | {
        "@timestamp": "2026-11-20T10:00:01.000Z"
    }
    assert PLUGIN.time(moved) == "2026-11-20T10:00:01.000Z"


def test_account_and_region_become_labels() -> None:
    _, labels = PLUGIN.canonical(STOP)
    assert (labels.account, labels.region) == (ACCOUNT, "eu-west-1")


@pytest.mark.parametrize(
    ("record", "actor", "kind"),
    [
        (STOP, f"arn:aws:iam::{ACCOUNT}:user/dana", "user"),
        (LIST, f"arn:aws:iam::{ACCOUNT}:role/ci-deploy", "role"),
        (PERSON, "sso/robin@example.com", "person"),
        (session("admin", "robin@example.com"), f"arn:aws:iam::{ACCOUNT}:role/admin/robin@example.com", "person"),
        (session("admin", "x", sourceIdentity="robin"), f"arn:aws:iam::{ACCOUNT}:role/admin/robin", "person"),
        (identity(type="AWSService", invokedBy="ecs.amazonaws.com"), "ecs.amazonaws.com", "service"),
        (identity(type="Root", arn=f"arn:aws:iam::{ACCOUNT}:root"), f"arn:aws:iam::{ACCOUNT}:root", "root"),
        (identity(type="IdentityCenterUser", onBehalfOf={"userId": "u-1"}), "identitystore/u-1", "person"),
        (identity(type="WebIdentityUser", principalId="oidc:sub", userName="n"), "oidc:sub", "web_identity"),
        (identity(type="SAMLUser", userName="robin"), "saml/robin", "person"),
        (identity(type="AWSAccount", principalId="AROAX:s"), "AROAX:s", "account"),
        ({**STOP, "userIdentity": "text"}, None, "unknown"),
        ({key: value for key, value in STOP.items() if key != "userIdentity"}, None, "unknown"),
    ],
)
def test_the_actor_is_the_person_the_role_the_user_or_the_service(
    record: dict[str, Any], actor: str, kind: str
) -> None:
    assert derived("aws.actor", record) == actor
    assert derived("aws.actor_kind", record) == kind


def test_a_sign_in_without_a_session_issuer_names_the_same_actor_as_its_calls() -> None:
    reserved = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_Audit_0123456789abcdef/robin@example.com"
    assert derived("aws.actor", identity(type="AssumedRole", arn=reserved)) == "sso/robin@example.com"
    plain = f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/build"
    assert derived("aws.actor", identity(type="AssumedRole", arn=plain)) == f"arn:aws:iam::{ACCOUNT}:role/admin"


def test_a_session_name_that_a_caller_chose_does_not_make_him_somebody_else() -> None:
    forged = session("deploy", "robin@example.com")
    assert derived("aws.actor", forged) != derived("aws.actor", PERSON)
    lookalike = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSReservedSSO_mine/robin@example.com"
    assert derived("aws.actor", identity(type="AssumedRole", arn=lookalike)) != "sso/robin@example.com"


def test_saml_sign_in_and_session_are_one_person() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/admin"
    sign_in = {
        **identity(type="SAMLUser", userName="robin@example.com"),
        "requestParameters": {"roleArn": role, "roleSessionName": "robin@example.com"},
    }
    assert derived("aws.actor", sign_in) == derived("aws.actor", session("admin", "robin@example.com"))


@pytest.mark.parametrize(
    ("code", "message", "outcome"),
    [
        (None, None, "success"),
        ("Success", None, "success"),
        ("AccessDenied", None, "denied"),
        ("AccessDeniedException", None, "denied"),
        ("Client.UnauthorizedOperation", None, "denied"),
        ("UnauthorizedAccess", None, "denied"),
        ("VpceAccessDenied", None, "denied"),
        ("InvalidGroup.Forbidden", None, "denied"),
        ("ClientException", "User: x is not authorized to perform: ecs:RunTask", "denied"),
        ("ThrottlingException", None, "failure"),
        ("NoSuchBucketPolicy", None, "failure"),
        ("Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.", "failure"),
    ],
)
def test_denials_are_told_from_failures(code: str | None, message: str | None, outcome: str) -> None:
    record = {**STOP, "errorCode": code, "errorMessage": message}
    assert derived("outcome", record) == outcome
    assert derived("aws.denied", record) is (outcome == "denied")
    assert derived("aws.dry_run", record) is (code == "Client.DryRunOperation")


@pytest.mark.parametrize(("answer", "outcome"), [("Success", "success"), ("Failure", "failure"), (None, "unknown")])
def test_a_console_sign_in_answers_in_its_response(answer: str | None, outcome: str) -> None:
    assert derived("outcome", {**SIGN_IN, "responseElements": {"ConsoleLogin": answer}}) == outcome


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"maxResults": 1000},
        {"instancesSet": {}, "filterSet": {}},
        {"DescribeHostsRequest": {"MaxResults": 500, "NextToken": "x"}},
        {"ownersSet": {"items": [{"owner": "self"}]}},
        {"includeShadowTrails": False},
        {"registryId": ACCOUNT},
        {"identityStoreId": "d-0000000000"},
        {"Host": "s3.amazonaws.com"},
    ],
)
def test_a_call_that_only_pages_or_names_its_own_account_is_untargeted(parameters: dict[str, Any]) -> None:
    assert derived("aws.untargeted", request(**parameters)) is True


@pytest.mark.parametrize(
    "parameters",
    [
        {"roleName": "app"},
        {"instancesSet": {"items": [{"instanceId": "i-0abc"}]}},
        {"registryId": "444455556666"},
        {"filterSet": {"items": [{"name": "tag:app", "valueSet": {"items": [{"value": "web"}]}}]}},
    ],
)
def test_a_call_that_names_something_is_not_untargeted(parameters: dict[str, Any]) -> None:
    assert derived("aws.untargeted", request(**parameters)) is False


def test_no_request_parameters_at_all_is_untargeted() -> None:
    assert derived("aws.untargeted", {**LIST, "requestParameters": None}) is True


@pytest.mark.parametrize(
    ("source", "name", "action"),
    [
        ("lambda", "ListFunctions20150331", "lambda:ListFunctions"),
        ("lambda", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
        ("cloudfront", "GetDistribution2020_05_31", "cloudfront:GetDistribution"),
        ("iam", "ListGroups", "iam:ListGroups"),
    ],
)
def test_an_action_has_no_api_date(source: str, name: str, action: str) -> None:
    assert derived("aws.action", {**STOP, "eventSource": f"{source}.amazonaws.com", "eventName": name}) == action


def test_console_clicks_are_known_by_flag_type_or_agent() -> None:
    assert derived("aws.is_console", {**STOP, "sessionCredentialFromConsole": "true"})
    assert derived("aws.is_console", {**STOP, "userAgent": "[console.amazonaws.com]"})
    assert derived("aws.is_console", SIGN_IN)
    assert not derived("aws.is_console", STOP)


def test_service_calls_and_service_addresses_are_told_apart() -> None:
    forwarded = identity(type="IAMUser", invokedBy="cloudformation.amazonaws.com")
    assert derived("aws.service_call", forwarded) and not derived("aws.source_is_service", forwarded)
    assert derived("aws.source_is_service", {**STOP, "sourceIPAddress": "AWS Internal"})
    assert not derived("aws.source_is_service", STOP)


def test_brackets_around_a_user_agent_go() -> None:
    assert derived("aws.user_agent", {**STOP, "userAgent": "[aws-sdk/1.0]"}) == "aws-sdk/1.0"
    assert derived("aws.user_agent", {**STOP, "userAgent": ["x"]}) is None


def test_a_task_definition_tells_what_it_takes_from_its_host() -> None:
    task = RECORDS["host_task"]
    assert derived("aws.ecs.privileged", task) is True
    assert derived("aws.ecs.host_paths", task) == ["/"]
    assert derived("aws.ecs.host_namespaces", task) == ["pid", "network"]
    assert derived("aws.ecs.registries", task) == ["registry.example.com"]
    assert derived("aws.ecs.added_capabilities", task) == ["SYS_ADMIN"]
    assert derived("aws.ecs.commands", task) == ["sh -c sleep 3600"]
    assert derived("aws.ecs.containers", STOP) is None


def test_an_image_without_a_registry_comes_from_docker_hub() -> None:
    task = {
        **RECORDS["host_task"],
        "requestParameters": {"containerDefinitions": [{"image": "evil/x"}, {"image": "nginx"}]},
    }
    assert derived("aws.ecs.registries", task) == ["docker.io", "docker.io"]


def selectors(**parameters: Any) -> dict[str, Any]:
    return {**STOP, "eventName": "PutEventSelectors", "requestParameters": parameters}


@pytest.mark.parametrize(
    ("parameters", "keeps"),
    [
        ({"eventSelectors": [{"includeManagementEvents": True, "readWriteType": "All"}]}, True),
        ({"eventSelectors": [{"includeManagementEvents": False}]}, False),
        ({"eventSelectors": [{"includeManagementEvents": True, "readWriteType": "ReadOnly"}]}, False),
        (
            {"advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}]},
            True,
        ),
        ({"advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}]}]}, False),
        ({}, None),
    ],
)
def test_event_selectors_tell_whether_management_writes_are_still_recorded(
    parameters: dict[str, Any], keeps: bool | None
) -> None:
    assert derived("aws.trail_keeps_management_events", selectors(**parameters)) is keeps
