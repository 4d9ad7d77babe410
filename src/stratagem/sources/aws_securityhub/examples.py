"""Findings of our own making: a failed check, a use of a key, a vulnerable image, in every form that they come in."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump

ACCOUNT = "111122223333"
_HUB = "arn:aws:securityhub:eu-west-1"


def _finding(number: int, product: str, generator: str, title: str, level: str, **members: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"{_HUB}:{ACCOUNT}:finding/{number:02}ac3456-0000-4000-8000-000000000001",
        "ProductArn": f"{_HUB}::product/aws/{product}",
        "ProductName": product,
        "CompanyName": "AWS",
        "GeneratorId": generator,
        "AwsAccountId": ACCOUNT,
        "Region": "eu-west-1",
        "FirstObservedAt": "2026-11-20T09:00:00.000Z",
        "LastObservedAt": "2026-11-20T10:00:00.000Z",
        "CreatedAt": "2026-11-20T09:01:00.000Z",
        "UpdatedAt": f"2026-11-20T10:01:{number:02}.000Z",
        "Severity": {"Label": level, "Normalized": 70, "Original": level},
        "Title": title,
        "Description": f"An example of {generator}.",
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
        **members,
    }


CHECK = _finding(
    1,
    "securityhub",
    "security-control/S3.1",
    "S3 buckets should have block public access enabled",
    "MEDIUM",
    Types=["Software and Configuration Checks/Industry and Regulatory Standards"],
    Compliance={"Status": "FAILED", "SecurityControlId": "S3.1"},
    Resources=[{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::example-data", "Region": "eu-west-1", "Partition": "aws"}],
)
KEY = _finding(
    2,
    "guardduty",
    "arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0",
    "API call from a known malicious address",
    "HIGH",
    Types=["TTPs/UnauthorizedAccess:IAMUser-MaliciousIPCaller"],
    Action={
        "ActionType": "AWS_API_CALL",
        "AwsApiCallAction": {
            "Api": "ListBuckets",
            "ServiceName": "s3.amazonaws.com",
            "CallerType": "remoteIp",
            "RemoteIpDetails": {
                "IpAddressV4": "203.0.113.7",
                "Country": {"CountryName": "Exampleland"},
                "City": {"CityName": "Example City"},
                "Organization": {"Asn": 64500, "AsnOrg": "Example Net"},
            },
        },
    },
    Resources=[
        {
            "Type": "AwsIamAccessKey",
            "Id": "AWS::IAM::AccessKey:AKIAIOSFODNN7EXAMPLE",
            "Region": "eu-west-1",
            "Details": {
                "AwsIamAccessKey": {
                    "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
                    "PrincipalType": "IAMUser",
                    "PrincipalId": "AIDAEXAMPLEDANA",
                    "PrincipalName": "dana",
                }
            },
        }
    ],
)
IMAGE = _finding(
    3,
    "inspector",
    "AWSInspector",
    "CVE-2026-0001 - libexample",
    "CRITICAL",
    Types=["Software and Configuration Checks/Vulnerabilities/CVE"],
    Vulnerabilities=[{"Id": "CVE-2026-0001"}],
    Resources=[
        {
            "Type": "AwsEcrContainerImage",
            "Id": f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop/web/sha256:{'ab' * 32}",
            "Region": "eu-west-1",
        }
    ],
    Workflow={"Status": "RESOLVED"},
)

RECORDS = {"check": CHECK, "access_key": KEY, "image": IMAGE}
"""Name -> canonical record."""

_EVENT = {
    "version": "0",
    "id": "99999999-0000-4000-8000-000000000001",
    "detail-type": "Security Hub Findings - Imported",
    "source": "aws.securityhub",
    "account": ACCOUNT,
    "time": "2026-11-20T10:05:00Z",
    "region": "eu-west-1",
    "resources": [CHECK["Id"]],
    "detail": {"findings": [CHECK, KEY]},
}
_WITHOUT_STATE = {name: value for name, value in KEY.items() if name != "RecordState"}

EXAMPLES = (
    Example(name="get_findings", raw=dump({"Findings": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="eventbridge", raw=dump(_EVENT), records=2),
    Example(name="without_state", raw=dump(_WITHOUT_STATE)),
)
