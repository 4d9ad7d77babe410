"""CloudTrail records of our own making, in every container that they come in."""

from __future__ import annotations

import gzip
import json
from typing import Any

from stratagem.sources._contract import Example

ACCOUNT = "111122223333"


def _call(name: str, service: str, number: int, **fields: Any) -> dict[str, Any]:
    """A complete management event by the IAM user dana, with what `fields` says otherwise."""
    return {
        "eventVersion": "1.10",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLEDANA",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/dana",
            "accountId": ACCOUNT,
            "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "userName": "dana",
        },
        "eventTime": f"2026-11-20T10:00:{number:02}Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux",
        "requestParameters": None,
        "responseElements": None,
        "requestID": f"00000000-0000-4000-8000-0000000000{number:02}",
        "eventID": f"11111111-0000-4000-8000-0000000000{number:02}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **fields,
    }


def _session(role: str, name: str) -> dict[str, Any]:
    """An assumed role's identity."""
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLEROLE:{name}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/{name}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLEROLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role.rpartition("/")[2],
            },
            "webIdFederationData": {},
            "attributes": {"creationDate": "2026-11-20T09:58:00Z", "mfaAuthenticated": "false"},
        },
    }


STOP = _call("StopLogging", "cloudtrail", 1, requestParameters={"name": "org-trail"})
LIST = _call(
    "ListGroups", "iam", 2, readOnly=True, awsRegion="us-east-1", userIdentity=_session("ci-deploy", "build-118")
)
PERSON = _call(
    "DescribeInstances",
    "ec2",
    3,
    readOnly=True,
    errorCode="Client.UnauthorizedOperation",
    errorMessage="You are not authorized to perform this operation.",
    requestParameters={"instancesSet": {}, "filterSet": {}},
    userIdentity=_session("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Audit_0f1e", "robin@example.com"),
)
SIGN_IN = _call(
    "ConsoleLogin",
    "signin",
    4,
    eventType="AwsConsoleSignIn",
    awsRegion="us-east-1",
    responseElements={"ConsoleLogin": "Success"},
    additionalEventData={"LoginTo": "https://console.aws.amazon.com/", "MobileVersion": "No", "MFAUsed": "No"},
)
POLICY = _call(
    "SetRepositoryPolicy",
    "ecr",
    5,
    requestParameters={
        "repositoryName": "shop/web",
        "registryId": ACCOUNT,
        "policyText": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
        '"Action":"ecr:BatchGetImage"}]}',
    },
)
TASK = _call(
    "RegisterTaskDefinition",
    "ecs",
    6,
    requestParameters={
        "family": "agent",
        "networkMode": "host",
        "pidMode": "host",
        "containerDefinitions": [
            {
                "name": "agent",
                "image": "registry.example.com/tools/agent:1.0",
                "privileged": True,
                "command": ["sh", "-c", "sleep 3600"],
                "linuxParameters": {"capabilities": {"add": ["SYS_ADMIN"]}},
            }
        ],
        "volumes": [{"name": "root", "host": {"sourcePath": "/"}}],
    },
)
SERVICE = _call(
    "GenerateDataKey",
    "kms",
    7,
    readOnly=True,
    sourceIPAddress="cloudtrail.amazonaws.com",
    userAgent="cloudtrail.amazonaws.com",
    userIdentity={"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"},
    requestParameters={"keySpec": "AES_256"},
)

OBJECT = _call(
    "GetObject",
    "s3",
    8,
    readOnly=True,
    managementEvent=False,
    eventCategory="Data",
    userAgent="[aws-cli/2.31.0]",
    requestParameters={"bucketName": "example-bucket", "key": "reports/2026.csv", "Host": "s3.amazonaws.com"},
    additionalEventData={"bytesTransferredIn": 0, "bytesTransferredOut": 1048576, "AuthenticationMethod": "AuthHeader"},
    resources=[
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::example-bucket/reports/2026.csv"},
        {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::example-bucket"},
    ],
)
LISTED = _call(
    "ListObjects",
    "s3",
    9,
    readOnly=True,
    managementEvent=False,
    eventCategory="Data",
    userIdentity={"type": "AWSAccount", "principalId": "", "accountId": "anonymous"},
    requestParameters={"bucketName": "example-bucket", "list-type": "2"},
    resources=[
        {"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::example-bucket/"},
        {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::example-bucket"},
    ],
)
INVOKE = _call(
    "Invoke",
    "lambda",
    10,
    managementEvent=False,
    eventCategory="Data",
    requestParameters={"functionName": "example-function", "invocationType": "Event"},
    resources=[
        {
            "accountId": ACCOUNT,
            "type": "AWS::Lambda::Function",
            "ARN": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:example-function",
        }
    ],
)
ITEM = _call(
    "DeleteItem",
    "dynamodb",
    11,
    managementEvent=False,
    eventCategory="Data",
    requestParameters={"tableName": "orders", "key": {"id": "HIDDEN_DUE_TO_SECURITY_REASONS"}},
    resources=[
        {
            "accountId": ACCOUNT,
            "type": "AWS::DynamoDB::Table",
            "ARN": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders",
        }
    ],
)

RECORDS = {
    "stop_logging": STOP,
    "list_groups": LIST,
    "denied_person": PERSON,
    "console_sign_in": SIGN_IN,
    "open_repository": POLICY,
    "host_task": TASK,
    "service_call": SERVICE,
    "data_object": OBJECT,
    "data_anonymous_list": LISTED,
    "data_invoke": INVOKE,
    "data_item": ITEM,
}
"""Name -> record, for tests and the examples below."""


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_EVENT_BRIDGE = {
    "version": "0",
    "id": "22222222-0000-4000-8000-000000000001",
    "detail-type": "AWS API Call via CloudTrail",
    "source": "aws.cloudtrail",
    "account": ACCOUNT,
    "time": "2026-11-20T10:00:01Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": STOP,
}
_CLOUDWATCH = {
    "messageType": "DATA_MESSAGE",
    "owner": ACCOUNT,
    "logGroup": "aws-cloudtrail-logs",
    "logStream": f"{ACCOUNT}_CloudTrail_eu-west-1",
    "subscriptionFilters": ["all"],
    "logEvents": [
        {"id": str(place), "timestamp": 1795168800000 + place, "message": json.dumps(record)}
        for place, record in enumerate((STOP, LIST))
    ],
}
_LOOKUP = {
    "Events": [
        {
            "EventId": STOP["eventID"],
            "EventName": "StopLogging",
            "ReadOnly": "false",
            "EventTime": "2026-11-20T10:00:01+00:00",
            "EventSource": "cloudtrail.amazonaws.com",
            "Username": "dana",
            "Resources": [],
            "CloudTrailEvent": json.dumps(STOP),
        }
    ]
}

EXAMPLES = (
    Example(name="s3_records", raw=_dump({"Records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="s3_records_gzip", raw=gzip.compress(_dump({"Records": [STOP, LIST]}), mtime=0), records=2),
    Example(name="bare_array", raw=_dump([STOP, SIGN_IN]), records=2),
    Example(name="lines", raw=b"\n".join(_dump(record) for record in RECORDS.values()), records=len(RECORDS)),
    Example(name="single", raw=json.dumps(STOP, indent=2).encode()),
    Example(name="eventbridge", raw=_dump(_EVENT_BRIDGE)),
    Example(name="cloudwatch_subscription", raw=_dump(_CLOUDWATCH), records=2),
    Example(name="lookup_events", raw=_dump(_LOOKUP)),
)
