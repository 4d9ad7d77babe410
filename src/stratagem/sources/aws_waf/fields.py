"""The fields of a WAF record in words, and the names of web server rules."""

from __future__ import annotations

from stratagem.sources._http import webserver

FIELDS = {
    "timestamp": "When the request came, in milliseconds.",
    "formatVersion": "Version of the format.",
    "webaclId": "ARN of the web ACL.",
    "terminatingRuleId": "Rule that decided; Default_Action where none did.",
    "terminatingRuleType": "RATE_BASED, REGULAR, GROUP or MANAGED_RULE_GROUP.",
    "action": "ALLOW, BLOCK, CAPTCHA or CHALLENGE.",
    "terminatingRuleMatchDetails": "What SQL injection and XSS rules matched.",
    "terminatingRuleMatchDetails.conditionType": "SQL_INJECTION or XSS.",
    "terminatingRuleMatchDetails.location": "HEADER, QUERY_STRING, BODY, ...",
    "httpSourceName": "CF, APIGW, ALB, APPSYNC, COGNITOIDP, APPRUNNER or VERIFIED_ACCESS.",
    "httpSourceId": "Id of that resource.",
    "ruleGroupList": "Rule groups that looked at the request, with what matched in each.",
    "ruleGroupList.ruleGroupId": "Rule group.",
    "ruleGroupList.terminatingRule.ruleId": "Rule of the group that decided.",
    "rateBasedRuleList": "Rate-based rules that looked at the request.",
    "nonTerminatingMatchingRules": "Rules that matched without deciding (count).",
    "nonTerminatingMatchingRules.ruleId": "Such a rule.",
    "requestHeadersInserted": "Headers that were added.",
    "responseCodeSent": "Status of a custom response.",
    "labels": "Labels that rules put on the request.",
    "labels.name": "Such a label.",
    "captchaResponse": "Status of the CAPTCHA.",
    "challengeResponse": "Status of the challenge.",
    "ja3Fingerprint": "TLS fingerprint of the client.",
    "ja4Fingerprint": "TLS fingerprint of the client.",
    "oversizeFields": "Parts of the request that were too long to look at.",
    "requestBodySize": "Bytes of the body.",
    "requestBodySizeInspectedByWAF": "Bytes of the body that were looked at.",
    "httpRequest.clientIp": "Client's address.",
    "httpRequest.country": "Its country.",
    "httpRequest.headers": "Headers: name and value.",
    "httpRequest.headers.name": "Name of a header.",
    "httpRequest.headers.value": "Value of a header.",
    "httpRequest.uri": "Path.",
    "httpRequest.args": "Query.",
    "httpRequest.httpVersion": "Version.",
    "httpRequest.httpMethod": "Method.",
    "httpRequest.requestId": "Request id of the resource behind (trace id of a load balancer).",
    "httpRequest.host": "Host.",
    "httpRequest.scheme": "http or https.",
}

ALIASES = {path.lower(): (path,) for path in FIELDS if path != path.lower()} | dict(
    webserver(
        method=("httpRequest.httpMethod",),
        uri=("httpRequest.uri",),
        path=("httpRequest.uri",),
        query=("httpRequest.args",),
        agent=("http.user_agent",),
        client=("httpRequest.clientIp",),
        host=("http.host", "httpRequest.host"),
        referrer=("http.referrer",),
    )
)
