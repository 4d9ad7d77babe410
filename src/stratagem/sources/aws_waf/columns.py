"""Requests that WAF looked at, as OCSF HTTP Activity (4002)."""

from __future__ import annotations

from stratagem.sources._http import activity
from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "timestamp": "VARCHAR", "webaclId": "VARCHAR", "terminatingRuleId": "VARCHAR", "terminatingRuleType": "VARCHAR",
  "action": "VARCHAR", "httpSourceName": "VARCHAR", "httpSourceId": "VARCHAR", "responseCodeSent": "INTEGER",
  "ja3Fingerprint": "VARCHAR", "ja4Fingerprint": "VARCHAR", "requestBodySize": "BIGINT",
  "httpRequest": {"clientIp": "VARCHAR", "country": "VARCHAR", "uri": "VARCHAR", "args": "VARCHAR",
    "httpVersion": "VARCHAR", "httpMethod": "VARCHAR", "requestId": "VARCHAR", "host": "VARCHAR",
    "headers": [{"name": "VARCHAR", "value": "VARCHAR"}]}
}"""

_R = "native.httpRequest"


def _header(name: str) -> str:
    return f"list_filter({_R}.headers, lambda each: lower(each.name) = '{name}')[1].value"


PROJECTION = f"""
  split_part(native.webaclId, ':', 5) AS _account,
  split_part(native.webaclId, ':', 4) AS _region
;
  iso_time(native.timestamp) AS "time",
  4002 AS "class_uid",
  {activity(f"{_R}.httpMethod")} AS "activity_id",
  CASE native.action WHEN 'ALLOW' THEN 1 WHEN 'BLOCK' THEN 2 ELSE 99 END AS "action_id",
  native.action AS "action",
  CASE native.action WHEN 'ALLOW' THEN 1 WHEN 'BLOCK' THEN 2 ELSE 99 END AS "disposition_id",
  CASE native.action WHEN 'ALLOW' THEN 1 ELSE 2 END AS "status_id",
  CASE native.action WHEN 'ALLOW' THEN 'success' ELSE 'denied' END AS "status",
  native.terminatingRuleId AS "status_detail",
  nullif(_account, '') AS "account",
  nullif(_region, '') AS "region",
  'AWS WAF' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.httpSourceName AS "metadata.log_provider",
  native.terminatingRuleId AS "metadata.event_code",
  {_R}.requestId AS "metadata.correlation_uid",
  native.terminatingRuleId AS "firewall_rule.uid",
  native.terminatingRuleType AS "firewall_rule.name",
  ip_address({_R}.clientIp) AS "src_endpoint.ip",
  {_R}.country AS "src_endpoint.location.country",
  coalesce(lower({_header("host")}), lower({_R}.host)) AS "dst_endpoint.hostname",
  native.httpSourceId AS "dst_endpoint.uid",
  native.httpSourceName AS "dst_endpoint.type",
  upper({_R}.httpMethod) AS "http_request.http_method",
  {_R}.httpVersion AS "http_request.version",
  {_R}.requestId AS "http_request.uid",
  {_header("user-agent")} AS "http_request.user_agent",
  {_header("referer")} AS "http_request.referrer",
  {_R}.uri AS "http_request.url.path",
  nullif({_R}.args, '') AS "http_request.url.query_string",
  coalesce(lower({_header("host")}), lower({_R}.host)) AS "http_request.url.hostname",
  native.responseCodeSent AS "http_response.code",
  native.requestBodySize AS "traffic.bytes_out",
  'AWS' AS "cloud.provider",
  nullif(_region, '') AS "cloud.region",
  nullif(_account, '') AS "cloud.account.uid",
  {
    resources(
        ("native.webaclId IS NOT NULL", resource(uid="native.webaclId", name="NULL::VARCHAR", kind="'WebACL'")),
        (
            "native.httpSourceId IS NOT NULL",
            resource(uid="native.httpSourceId", name="NULL::VARCHAR", kind="native.httpSourceName"),
        ),
    )
} AS "resources"
"""
