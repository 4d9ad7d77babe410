"""WAF records of our own making: a request that was blocked, one that was only counted, one that was let through."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_ACL = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/11111111-0000-4000-8000-000000000001"


def _request(number: int, action: str, rule: str, uri: str, **members: Any) -> dict[str, Any]:
    return {
        "timestamp": 1795168800000 + number,
        "formatVersion": 1,
        "webaclId": _ACL,
        "terminatingRuleId": rule,
        "terminatingRuleType": "REGULAR" if rule == "Default_Action" else "MANAGED_RULE_GROUP",
        "action": action,
        "terminatingRuleMatchDetails": [],
        "httpSourceName": "ALB",
        "httpSourceId": "111122223333-app/shop/0123456789abcdef",
        "ruleGroupList": [],
        "rateBasedRuleList": [],
        "nonTerminatingMatchingRules": [],
        "requestHeadersInserted": None,
        "responseCodeSent": None,
        "httpRequest": {
            "clientIp": "203.0.113.7",
            "country": "AA",
            "headers": [
                {"name": "Host", "value": "shop.example.com"},
                {"name": "User-Agent", "value": "curl/8.5.0"},
                {"name": "Referer", "value": "https://www.example.com/"},
            ],
            "uri": uri,
            "args": "q=1",
            "httpVersion": "HTTP/1.1",
            "httpMethod": "GET",
            "requestId": f"1-6745a5a0-0123456789abcdef0123456{number}",
        },
        "ja3Fingerprint": "0123456789abcdef0123456789abcdef",
        **members,
    }


RECORDS = {
    "blocked": _request(
        1,
        "BLOCK",
        "AWS-AWSManagedRulesSQLiRuleSet",
        "/items",
        terminatingRuleMatchDetails=[
            {"conditionType": "SQL_INJECTION", "location": "QUERY_STRING", "matchedData": ["1", "OR", "1"]}
        ],
        ruleGroupList=[
            {
                "ruleGroupId": "AWS#AWSManagedRulesSQLiRuleSet",
                "terminatingRule": {"ruleId": "SQLi_QUERYARGUMENTS", "action": "BLOCK"},
                "nonTerminatingMatchingRules": [],
                "excludedRules": None,
            }
        ],
        labels=[{"name": "awswaf:managed:aws:sql-database:SQLi_QueryArguments"}],
    ),
    "counted": _request(
        2,
        "ALLOW",
        "Default_Action",
        "/admin",
        nonTerminatingMatchingRules=[{"ruleId": "admin-paths", "action": "COUNT", "ruleMatchDetails": []}],
    ),
    "allowed": _request(3, "ALLOW", "Default_Action", "/"),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="s3_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(
        name="cloudwatch",
        raw=dump(
            {
                "messageType": "DATA_MESSAGE",
                "owner": "111122223333",
                "logGroup": "aws-waf-logs-shop",
                "logEvents": [
                    {"id": "1", "timestamp": 1795168800001, "message": dump(RECORDS["blocked"]).decode()},
                ],
            }
        ),
    ),
)
