"""Policies inside CloudTrail calls: who is let in, and what a condition is worth."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from stratagem.sources.aws_cloudtrail import PLUGIN
from stratagem.sources.aws_cloudtrail.examples import POLICY


def derived(name: str, record: dict[str, Any]) -> Any:
    return PLUGIN.derived[name].compute(record)


def with_policy(statement: Any, parameter: str = "policyText", *, encode: bool = True) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": statement}
    return {**POLICY, "requestParameters": {parameter: json.dumps(document) if encode else document}}


def allow(principal: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage", **more}


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::444455556666:root", "*"]}])
def test_a_star_lets_anyone_in(principal: Any) -> None:
    assert derived("aws.policy_allows_anyone", with_policy([allow(principal)])) is True


@pytest.mark.parametrize(
    ("condition", "open_to_all"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o-corp"}}, False),
        ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}, False),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-corp"}}, True),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-corp"}}, True),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ("text", True),
    ],
)
def test_only_a_condition_that_holds_the_caller_closes_it(condition: Any, open_to_all: bool) -> None:
    assert derived("aws.policy_allows_anyone", with_policy(allow("*", Condition=condition))) is open_to_all


def test_a_denial_for_everybody_is_not_open() -> None:
    assert derived("aws.policy_allows_anyone", with_policy({"Effect": "Deny", "Principal": "*"})) is False


def test_all_but_somebody_is_anyone() -> None:
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "*"}
    assert derived("aws.policy_allows_anyone", with_policy(statement)) is True


@pytest.mark.parametrize("parameter", ["policyDocument", "policy", "resourcePolicy", "assumeRolePolicyDocument"])
def test_a_policy_is_found_under_each_services_name(parameter: str) -> None:
    assert derived("aws.policy_allows_anyone", with_policy([allow("*")], parameter)) is True


def test_a_policy_may_be_an_object_url_encoded_or_encoded_twice() -> None:
    document = json.dumps({"Statement": [allow("*")]})
    for value in (json.loads(document), quote(document), json.dumps(document)):
        record = {**POLICY, "requestParameters": {"bucketPolicy": value}}
        assert derived("aws.policy_allows_anyone", record) is True


def test_queue_and_topic_attributes_hold_policies_too() -> None:
    document = json.dumps({"Statement": [allow("*")]})
    queue = {**POLICY, "requestParameters": {"attributes": {"Policy": document}}}
    topic = {**POLICY, "requestParameters": {"attributeName": "Policy", "attributeValue": document}}
    assert derived("aws.policy_allows_anyone", queue) and derived("aws.policy_allows_anyone", topic)


def test_other_accounts_are_named() -> None:
    record = with_policy([allow({"AWS": ["arn:aws:iam::444455556666:root", "111122223333", "777788889999"]})])
    assert derived("aws.policy_external_accounts", record) == ["444455556666", "777788889999"]
    assert derived("aws.policy_external_accounts", with_policy([allow({"AWS": "111122223333"})])) is None


def test_everything_on_everything_is_seen() -> None:
    admin = {"Effect": "Allow", "Action": ["s3:GetObject", "*"], "Resource": "*"}
    assert derived("aws.policy_allows_everything", with_policy(admin, "policyDocument")) is True
    assert derived("aws.policy_actions", with_policy(admin, "policyDocument")) == ["s3:GetObject", "*"]


@pytest.mark.parametrize("value", [None, "", "not json", "{", 7, [], {"Statement": "x"}, {"Statement": [1, None]}])
def test_what_is_no_policy_says_nothing(value: Any) -> None:
    record = {**POLICY, "requestParameters": {"policyText": value}}
    assert not derived("aws.policy_allows_anyone", record)
