"""AWS WAF: every request that a web ACL looked at, with the rule that decided and the rules that only matched.

The canonical shape is the record as WAF sends it to S3, CloudWatch Logs and Firehose.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import at, joined, objects, text
from stratagem.sources.aws_waf import columns
from stratagem.sources.aws_waf.examples import EXAMPLES
from stratagem.sources.aws_waf.fields import ALIASES, FIELDS

UID = ("httpRequest.requestId", "timestamp", "webaclId", "httpRequest.clientIp", "httpRequest.uri")


def recognise(record: Native) -> bool:
    """A web ACL with an action and the rule that took it."""
    return "webaclId" in record and ("httpRequest" in record or "terminatingRuleId" in record)


def is_canonical(head: Native) -> bool:
    return all(isinstance(head.get(name), str) for name in ("webaclId", "action", "terminatingRuleId"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as it is. Raises Malformed where it names no action or no rule."""
    if not is_canonical(record):
        raise Malformed("webaclId, action or terminatingRuleId is missing")
    return record, labels(record)


def labels(record: Native) -> Labels:
    """The account and region of the web ACL's ARN; ACLs of CloudFront say us-east-1."""
    parts = (text(record.get("webaclId")) or "").split(":")
    if len(parts) < 6 or not parts[2].startswith("waf"):
        return Labels()
    return Labels(account=parts[4] or None, region=parts[3] or None)


def uid(head: Native) -> str | None:
    return joined(head, UID)


def time(head: Native) -> Any:
    return head.get("timestamp")


def _header(name: str) -> Any:
    """The value of a request header, whatever its case."""

    def compute(record: Native) -> str | None:
        headers = objects(at(record, "httpRequest", "headers"))
        found = (each.get("value") for each in headers if str(each.get("name")).lower() == name)
        return next((value for value in found if isinstance(value, str)), None)

    return compute


def _matched(record: Native) -> Iterator[Native]:
    """Every rule that matched, of the ACL and of its rule groups, terminating or not."""
    yield {"ruleId": record.get("terminatingRuleId")}
    yield from objects(record.get("nonTerminatingMatchingRules"))
    for group in objects(record.get("ruleGroupList")):
        for name in ("terminatingRule", "nonTerminatingMatchingRules", "excludedRules"):
            yield from objects(group.get(name))


def rules(record: Native) -> list[str] | None:
    found = (text(rule.get("ruleId")) for rule in _matched(record))
    return list(dict.fromkeys(name for name in found if name and name != "Default_Action")) or None


def labelled(record: Native) -> list[str] | None:
    found = (text(each.get("name")) for each in objects(record.get("labels")))
    return [name for name in found if name] or None


def kinds(record: Native) -> list[str] | None:
    """What was matched: SQL_INJECTION, XSS."""
    details = [*objects(record.get("terminatingRuleMatchDetails"))]
    for rule in _matched(record):
        details += objects(rule.get("ruleMatchDetails"))
    found = (text(each.get("conditionType")) for each in details)
    return list(dict.fromkeys(name for name in found if name)) or None


def outcome(record: Native) -> str:
    """ALLOW is success; BLOCK, and a CAPTCHA or challenge that was not met, is denied."""
    action = record.get("action")
    return "success" if action == "ALLOW" else "denied" if action in ("BLOCK", "CAPTCHA", "CHALLENGE") else "unknown"


_HEADERS = ("httpRequest.headers",)
_RULES = ("terminatingRuleId", "nonTerminatingMatchingRules", "ruleGroupList")

DERIVED = {
    "outcome": Derived(compute=outcome, describe="success (allowed), denied or unknown.", fields=("action",)),
    "waf.rules": Derived(compute=rules, describe="Every rule that matched, also those that only count.", fields=_RULES),
    "waf.labels": Derived(
        compute=labelled, describe="Labels that rules put on the request.", fields=("labels",), witnesses=("labels",)
    ),
    "waf.match_types": Derived(
        compute=kinds,
        describe="What was matched: SQL_INJECTION, XSS.",
        fields=("terminatingRuleMatchDetails", *_RULES),
        witnesses=("conditionType",),
    ),
    "http.user_agent": Derived(
        compute=_header("user-agent"), describe="User agent.", fields=_HEADERS, witnesses=("user-agent",)
    ),
    "http.host": Derived(compute=_header("host"), describe="Host header.", fields=_HEADERS, witnesses=("host",)),
    "http.referrer": Derived(
        compute=_header("referer"), describe="Referer header.", fields=_HEADERS, witnesses=("referer",)
    ),
}

PLUGIN = Source(
    title="AWS WAF",
    vendor_page="https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html (read 2026-11-24)",
    enable="Turn on logging for each web ACL, to S3, CloudWatch Logs or Firehose.",
    silent_gaps=(
        "Each web ACL is silent until its logging is on; a logging filter may keep blocked requests alone.",
        "Redacted fields say REDACTED; the body is never there.",
        "The log tells the decision, not the status that the client got from the resource behind.",
    ),
    logsources=(LogSource(product="aws", service="waf"), LogSource(product="aws", service="waf", category="webserver")),
    order=57,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("action", "terminatingRuleId", *UID),
    dispatch=("action", "terminatingRuleId"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("timestamp",),
    time_numbers=True,
    shape=("webaclId",),
    labels=labels,
    label_fields=("webaclId",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    shared=frozenset({"action", "httpRequest.clientIp", "ja3Fingerprint", "ja4Fingerprint", "webaclId"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
