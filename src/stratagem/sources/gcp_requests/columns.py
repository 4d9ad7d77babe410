"""Requests as OCSF HTTP Activity (4002)."""

from __future__ import annotations

from stratagem.sources._http import activity, status, status_id, url_host, url_path, url_query
from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "insertId": "VARCHAR", "timestamp": "VARCHAR", "logName": "VARCHAR", "severity": "VARCHAR", "trace": "VARCHAR",
  "resource": {"type": "VARCHAR", "labels": {"project_id": "VARCHAR", "backend_service_name": "VARCHAR",
    "forwarding_rule_name": "VARCHAR", "url_map_name": "VARCHAR", "zone": "VARCHAR", "location": "VARCHAR",
    "service_name": "VARCHAR", "module_id": "VARCHAR"}},
  "httpRequest": {"requestMethod": "VARCHAR", "requestUrl": "VARCHAR", "status": "INTEGER", "requestSize": "BIGINT",
    "responseSize": "BIGINT", "userAgent": "VARCHAR", "remoteIp": "VARCHAR", "serverIp": "VARCHAR",
    "referer": "VARCHAR", "latency": "VARCHAR", "protocol": "VARCHAR"},
  "jsonPayload": {"statusDetails": "VARCHAR", "proxyStatus": "VARCHAR",
    "enforcedSecurityPolicy": {"name": "VARCHAR", "outcome": "VARCHAR", "configuredAction": "VARCHAR",
      "priority": "BIGINT"}}
}"""

_R, _P, _L = "native.httpRequest", "native.jsonPayload.enforcedSecurityPolicy", "native.resource.labels"

PROJECTION = f"""
  coalesce({_L}.backend_service_name, {_L}.service_name, {_L}.module_id, {_L}.url_map_name) AS _service,
  nullif(coalesce({_L}.location, {_L}.zone), 'global') AS _region
;
  iso_time(native.timestamp) AS "time",
  4002 AS "class_uid",
  {activity(f"{_R}.requestMethod")} AS "activity_id",
  {status_id(f"{_R}.status")} AS "status_id",
  {status(f"{_R}.status")} AS "status",
  {_R}.status::VARCHAR AS "status_code",
  coalesce(native.jsonPayload.statusDetails, native.jsonPayload.proxyStatus) AS "status_detail",
  CASE {_P}.outcome WHEN 'ACCEPT' THEN 1 WHEN 'DENY' THEN 2 END AS "action_id",
  {_P}.outcome AS "action",
  native.severity AS "severity",
  {_L}.project_id AS "account",
  _region AS "region",
  'Google Cloud' AS "metadata.product.name",
  'Google' AS "metadata.product.vendor_name",
  native.logName AS "metadata.log_name",
  native.resource.type AS "metadata.log_provider",
  native.timestamp AS "metadata.original_time",
  native.trace AS "metadata.correlation_uid",
  {_P}.name AS "firewall_rule.name",
  {_P}.priority::VARCHAR AS "firewall_rule.uid",
  ip_address({_R}.remoteIp) AS "src_endpoint.ip",
  ip_address({_R}.serverIp) AS "dst_endpoint.ip",
  _service AS "dst_endpoint.name",
  upper({_R}.requestMethod) AS "http_request.http_method",
  {_R}.protocol AS "http_request.version",
  nullif({_R}.userAgent, '') AS "http_request.user_agent",
  nullif({_R}.referer, '') AS "http_request.referrer",
  {_R}.requestUrl AS "http_request.url.url_string",
  {url_path(f"{_R}.requestUrl")} AS "http_request.url.path",
  {url_query(f"{_R}.requestUrl")} AS "http_request.url.query_string",
  {url_host(f"{_R}.requestUrl")} AS "http_request.url.hostname",
  {_R}.status AS "http_response.code",
  {_R}.responseSize AS "http_response.length",
  CAST(round(TRY_CAST(rtrim({_R}.latency, 's') AS DOUBLE) * 1000) AS BIGINT) AS "http_response.latency",
  {_R}.requestSize AS "traffic.bytes_out",
  {_R}.responseSize AS "traffic.bytes_in",
  'GCP' AS "cloud.provider",
  _region AS "cloud.region",
  {_L}.project_id AS "cloud.account.uid",
  {resources(("_service IS NOT NULL", resource(name="_service", kind="native.resource.type", region="_region")))}
    AS "resources"
"""
