"""Hubble flows as OCSF Network Activity (4001), DNS Activity (4003) and HTTP Activity (4002).

OCSF's source is the end that opened the connection, so that a reply's ends are changed over.
"""

from __future__ import annotations

from stratagem.sources._network import NUMBERS, PROTOCOL_NAME, WORKLOAD_OF

_ENDPOINT = """{"namespace": "VARCHAR", "pod_name": "VARCHAR", "cluster_name": "VARCHAR", "identity": "VARCHAR",
  "labels": ["VARCHAR"], "workloads": [{"name": "VARCHAR", "kind": "VARCHAR"}]}"""
_PORTS = '{"source_port": "INTEGER", "destination_port": "INTEGER"}'
_POLICIES = '[{"name": "VARCHAR", "namespace": "VARCHAR"}]'
STRUCTURE = f"""{{
  "node_name": "VARCHAR", "time": "VARCHAR", "lost_events": "JSON",
  "flow": {{
    "time": "VARCHAR", "uuid": "VARCHAR", "verdict": "VARCHAR", "drop_reason_desc": "VARCHAR", "Type": "VARCHAR",
    "IP": {{"source": "VARCHAR", "destination": "VARCHAR"}},
    "ethernet": {{"source": "VARCHAR", "destination": "VARCHAR"}},
    "l4": {{"TCP": {_PORTS}, "UDP": {_PORTS}, "SCTP": {_PORTS}, "ICMPv4": {{"type": "INTEGER"}},
      "ICMPv6": {{"type": "INTEGER"}}}},
    "source": {_ENDPOINT}, "destination": {_ENDPOINT},
    "source_names": ["VARCHAR"], "destination_names": ["VARCHAR"],
    "traffic_direction": "VARCHAR", "is_reply": "BOOLEAN", "reply": "BOOLEAN", "Summary": "VARCHAR",
    "event_type": {{"type": "VARCHAR"}},
    "egress_allowed_by": {_POLICIES}, "ingress_allowed_by": {_POLICIES},
    "egress_denied_by": {_POLICIES}, "ingress_denied_by": {_POLICIES},
    "l7": {{
      "type": "VARCHAR", "latency_ns": "BIGINT",
      "dns": {{"query": "VARCHAR", "ips": ["VARCHAR"], "cnames": ["VARCHAR"], "qtypes": ["VARCHAR"],
        "rcode": "INTEGER"}},
      "http": {{"method": "VARCHAR", "url": "VARCHAR", "protocol": "VARCHAR", "code": "INTEGER",
        "headers": [{{"key": "VARCHAR", "value": "VARCHAR"}}]}}
    }}
  }}
}}"""

_F = "native.flow"
_L4 = f"{_F}.l4"


def _port(end: str) -> str:
    return f"coalesce({', '.join(f'{_L4}.{name}.{end}_port' for name in ('TCP', 'UDP', 'SCTP'))})"


_PROTOCOL = "\n".join(
    f"    WHEN json_exists(raw, '$.flow.l4.{name}') THEN {NUMBERS[name.lower()]}"
    for name in ("TCP", "UDP", "ICMPv4", "ICMPv6", "SCTP")
)
_SHARED = f"""
  coalesce({_F}.is_reply, {_F}.reply, false) AS _is_reply,
  ip_address({_F}.IP.source) AS _from,
  ip_address({_F}.IP.destination) AS _to,
  CASE {_PROTOCOL} END AS _protocol,
  {_F}.l7.dns.query IS NOT NULL AS _is_dns,
  {_F}.l7.http.method IS NOT NULL OR {_F}.l7.http.url IS NOT NULL OR {_F}.l7.http.code IS NOT NULL AS _is_http,
  {_F}.verdict IN ('DROPPED', 'ERROR') AS _is_stopped,
  coalesce(
    {_F}.source.cluster_name, {_F}.destination.cluster_name,
    CASE WHEN contains(native.node_name, '/') THEN split_part(native.node_name, '/', 1) END
  ) AS _cluster,
  coalesce({_F}.egress_denied_by[1].name, {_F}.ingress_denied_by[1].name, {_F}.egress_allowed_by[1].name,
    {_F}.ingress_allowed_by[1].name) AS _policy
"""


def _label(end: str, prefix: str) -> str:
    return f"list_filter({_F}.{end}.labels, lambda each: starts_with(each, '{prefix}'))[1]"


def _side(end: str) -> dict[str, str]:
    """The columns of the packet's `source` or `destination`."""
    at = f"{_F}.{end}"
    pod = f"nullif({at}.pod_name, '')"
    reserved = f"substr({_label(end, 'reserved:')}, 10)"
    return {
        "ip": "_from" if end == "source" else "_to",
        "port": _port(end),
        "name": f"coalesce({pod}, {reserved})",
        "type": f"CASE WHEN {pod} IS NOT NULL THEN 'pod' ELSE {reserved} END",
        "uid": f"{at}.identity",
        "cluster": f"coalesce({at}.cluster_name, CASE WHEN {pod} IS NOT NULL THEN _cluster END)",
        "namespace": f"nullif({at}.namespace, '')",
        "workload": f"coalesce({at}.workloads[1].name, {WORKLOAD_OF.format(pod)})",
        "hostname": f"{_F}.{end}_names[1]",
        "mac": f"{_F}.ethernet.{end}",
    }


def _end(name: str, one: str, other: str) -> str:
    sides = zip(_side(one).items(), _side(other).values(), strict=True)
    lines = (
        f'  CASE WHEN _is_reply THEN {answered} ELSE {value} END AS "{name}_endpoint.{leaf}"'
        for (leaf, value), answered in sides
    )
    return ",\n".join(lines)


_HTTP_ACTIVITY = """CASE upper(native.flow.l7.http.method) WHEN 'CONNECT' THEN 1 WHEN 'DELETE' THEN 2 WHEN 'GET' THEN 3
    WHEN 'HEAD' THEN 4 WHEN 'OPTIONS' THEN 5 WHEN 'POST' THEN 6 WHEN 'PUT' THEN 7 WHEN 'TRACE' THEN 8
    WHEN 'PATCH' THEN 9 ELSE 0 END"""
_HEADER = f"list_filter({_F}.l7.http.headers, lambda each: lower(each.key) = '{{}}')[1].value"

PROJECTION = f"""{_SHARED}
;
  coalesce(iso_time(native.time), iso_time({_F}.time)) AS "time",
  CASE WHEN _is_dns THEN 4003 WHEN _is_http THEN 4002 ELSE 4001 END AS "class_uid",
  CASE
    WHEN _is_dns THEN CASE {_F}.l7.type WHEN 'REQUEST' THEN 1 WHEN 'RESPONSE' THEN 2 ELSE 0 END
    WHEN _is_http THEN {_HTTP_ACTIVITY}
    WHEN native.lost_events IS NOT NULL THEN 0
    WHEN _is_stopped THEN 5 ELSE 6 END AS "activity_id",
  CASE WHEN native.lost_events IS NOT NULL OR {_F}.l7.http.code >= 400 OR {_F}.l7.dns.rcode > 0 THEN 2
    WHEN native.flow IS NULL THEN 0 ELSE 1 END AS "status_id",
  CASE WHEN native.lost_events IS NOT NULL THEN 'lost events' ELSE {_F}.verdict END AS "status",
  coalesce({_F}.l7.http.code, {_F}.l7.dns.rcode)::VARCHAR AS "status_code",
  {_F}.drop_reason_desc AS "status_detail",
  CASE {_F}.verdict WHEN 'FORWARDED' THEN 1 WHEN 'REDIRECTED' THEN 1 WHEN 'TRANSLATED' THEN 1 WHEN 'DROPPED' THEN 2
    WHEN 'AUDIT' THEN 3 WHEN 'TRACED' THEN 3 ELSE 0 END AS "action_id",
  {_F}.verdict AS "action",
  CASE {_F}.verdict WHEN 'FORWARDED' THEN 1 WHEN 'REDIRECTED' THEN 1 WHEN 'TRANSLATED' THEN 1 WHEN 'DROPPED' THEN 6
    WHEN 'AUDIT' THEN 17 WHEN 'TRACED' THEN 17 WHEN 'ERROR' THEN 27 ELSE 0 END AS "disposition_id",
  {_F}.verdict AS "disposition",
  {_F}.Summary AS "message",
  _cluster AS "cluster",
  nullif({_F}.uuid, '') AS "metadata.uid",
  'Hubble' AS "metadata.product.name",
  'Cilium' AS "metadata.product.vendor_name",
  {_F}.Type AS "metadata.log_name",
  native.node_name AS "metadata.log_provider",
  {_F}.event_type.type AS "metadata.event_code",
  coalesce(native.time, {_F}.time) AS "metadata.original_time",
{_end("src", "source", "destination")},
{_end("dst", "destination", "source")},
  _protocol AS "connection_info.protocol_num",
  {PROTOCOL_NAME.format("_protocol")} AS "connection_info.protocol_name",
  CASE WHEN contains(_from, ':') THEN 6 WHEN contains(_from, '.') THEN 4 ELSE 0 END
    AS "connection_info.protocol_ver_id",
  CASE {_F}.traffic_direction
    WHEN 'INGRESS' THEN CASE WHEN _is_reply THEN 2 ELSE 1 END
    WHEN 'EGRESS' THEN CASE WHEN _is_reply THEN 1 ELSE 2 END ELSE 0 END AS "connection_info.direction_id",
  {_F}.traffic_direction AS "connection_info.direction",
  CASE WHEN native.flow IS NOT NULL THEN coalesce({_F}.is_reply, {_F}.reply) IS NOT NULL END
    AS "is_src_dst_assignment_known",
  _policy AS "firewall_rule.name",
  lower(rtrim({_F}.l7.dns.query, '.')) AS "query.hostname",
  array_to_string({_F}.l7.dns.qtypes, ',') AS "query.type",
  CASE WHEN _is_dns AND {_F}.l7.type = 'RESPONSE' THEN coalesce({_F}.l7.dns.rcode, 0) END AS "rcode_id",
  list_transform(list_concat(coalesce({_F}.l7.dns.cnames, []), coalesce({_F}.l7.dns.ips, [])),
    lambda each: {{'rdata': each, 'type': CASE WHEN ip_address(each) IS NULL THEN 'CNAME'
      WHEN contains(each, ':') THEN 'AAAA' ELSE 'A' END}}) AS "answers",
  upper({_F}.l7.http.method) AS "http_request.http_method",
  {_F}.l7.http.url AS "http_request.url.url_string",
  nullif(regexp_extract({_F}.l7.http.url, '^(?:[a-z]+://[^/?#]*)?([^?#]*)', 1), '') AS "http_request.url.path",
  nullif(regexp_extract({_F}.l7.http.url, '^[a-z]+://([^/?#:]+)', 1), '') AS "http_request.url.hostname",
  {_F}.l7.http.protocol AS "http_request.version",
  {_HEADER.format("user-agent")} AS "http_request.user_agent",
  {_HEADER.format("x-request-id")} AS "http_request.uid",
  {_F}.l7.http.code AS "http_response.code",
  CASE WHEN _is_http THEN {_F}.l7.latency_ns // 1000000 END AS "http_response.latency",
  native.lost_events::VARCHAR AS "unmapped"
"""
