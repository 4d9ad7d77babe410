"""Requests as OCSF HTTP Activity (4002), TLS connections as Network Activity (4001)."""

from __future__ import annotations

from stratagem.sources._http import activity, status, status_id, url_host, url_path, url_query
from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "type": "VARCHAR", "time": "VARCHAR", "elb": "VARCHAR", "client_ip": "VARCHAR", "client_port": "INTEGER",
  "target_ip": "VARCHAR", "target_port": "INTEGER", "target_processing_time": "VARCHAR", "elb_status_code": "INTEGER",
  "received_bytes": "BIGINT", "sent_bytes": "BIGINT", "request_verb": "VARCHAR", "request_url": "VARCHAR",
  "request_proto": "VARCHAR", "user_agent": "VARCHAR", "target_group_arn": "VARCHAR", "trace_id": "VARCHAR",
  "domain_name": "VARCHAR", "chosen_cert_arn": "VARCHAR", "actions_executed": "VARCHAR", "error_reason": "VARCHAR",
  "request_creation_time": "VARCHAR", "conn_trace_id": "VARCHAR"
}"""

_CODE = "native.elb_status_code"

PROJECTION = f"""
  coalesce(native.target_group_arn, native.chosen_cert_arn) AS _arn
;
  iso_time(native.time) AS "time",
  iso_time(native.request_creation_time) AS "start_time",
  CASE WHEN native.type = 'tls' THEN 4001 ELSE 4002 END AS "class_uid",
  CASE WHEN native.type = 'tls' THEN 6 ELSE {activity("native.request_verb")} END AS "activity_id",
  {status_id(_CODE)} AS "status_id",
  {status(_CODE)} AS "status",
  {_CODE}::VARCHAR AS "status_code",
  native.error_reason AS "status_detail",
  nullif(split_part(_arn, ':', 5), '') AS "account",
  nullif(split_part(_arn, ':', 4), '') AS "region",
  'Elastic Load Balancing' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.actions_executed AS "metadata.event_code",
  native.time AS "metadata.original_time",
  native.trace_id AS "metadata.correlation_uid",
  ip_address(native.client_ip) AS "src_endpoint.ip",
  native.client_port AS "src_endpoint.port",
  ip_address(native.target_ip) AS "dst_endpoint.ip",
  native.target_port AS "dst_endpoint.port",
  native.elb AS "dst_endpoint.name",
  lower(native.domain_name) AS "dst_endpoint.hostname",
  native.conn_trace_id AS "connection_info.uid",
  upper(native.request_verb) AS "http_request.http_method",
  native.request_proto AS "http_request.version",
  native.user_agent AS "http_request.user_agent",
  native.trace_id AS "http_request.uid",
  native.request_url AS "http_request.url.url_string",
  {url_path("native.request_url")} AS "http_request.url.path",
  {url_query("native.request_url")} AS "http_request.url.query_string",
  {url_host("native.request_url")} AS "http_request.url.hostname",
  {_CODE} AS "http_response.code",
  native.sent_bytes AS "http_response.length",
  CASE WHEN TRY_CAST(native.target_processing_time AS DOUBLE) >= 0
    THEN CAST(round(TRY_CAST(native.target_processing_time AS DOUBLE) * 1000) AS BIGINT) END AS "http_response.latency",
  native.received_bytes AS "traffic.bytes_out",
  native.sent_bytes AS "traffic.bytes_in",
  'AWS' AS "cloud.provider",
  nullif(split_part(_arn, ':', 4), '') AS "cloud.region",
  nullif(split_part(_arn, ':', 5), '') AS "cloud.account.uid",
  {
    resources(
        ("native.elb IS NOT NULL", resource(name="native.elb", kind="'LoadBalancer'")),
        (
            "native.target_group_arn IS NOT NULL",
            resource(uid="native.target_group_arn", name="NULL::VARCHAR", kind="'TargetGroup'"),
        ),
    )
} AS "resources"
"""
