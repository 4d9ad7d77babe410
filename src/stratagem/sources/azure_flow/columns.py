"""Azure flows as OCSF Network Activity (4001)."""

from __future__ import annotations

from stratagem.sources._network import PROTOCOL_NAME

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "flowLogVersion": "VARCHAR", "flowLogResourceID": "VARCHAR",
  "targetResourceID": "VARCHAR", "resourceId": "VARCHAR", "macAddress": "VARCHAR", "aclID": "VARCHAR",
  "rule": "VARCHAR",
  "flow": {
    "time": "VARCHAR", "sourceAddress": "VARCHAR", "destinationAddress": "VARCHAR", "sourcePort": "INTEGER",
    "destinationPort": "INTEGER", "protocol": "INTEGER", "direction": "VARCHAR", "state": "VARCHAR",
    "decision": "VARCHAR", "encryption": "VARCHAR", "packetsToDestination": "BIGINT", "bytesToDestination": "BIGINT",
    "packetsToSource": "BIGINT", "bytesToSource": "BIGINT"
  }
}"""

_F = "native.flow"
_SHARED = f"""
  ip_address({_F}.sourceAddress) AS _from,
  ip_address({_F}.destinationAddress) AS _to,
  lower(coalesce(native.flowLogResourceID, native.resourceId, native.targetResourceID)) AS _resource,
  {_F}.direction = 'Outbound' AS _is_source
"""


def _sum(one: str, other: str) -> str:
    return f"CASE WHEN {one} IS NOT NULL OR {other} IS NOT NULL THEN coalesce({one}, 0) + coalesce({other}, 0) END"


PROJECTION = f"""{_SHARED}
;
  nullif(regexp_extract(_resource, '^/?subscriptions/([^/]+)', 1), '') AS _account,
  nullif(regexp_extract(_resource, 'networkwatcher_([^/]+)', 1), '') AS _region
;
  epoch_time({_F}.time) AS "time",
  CASE WHEN {_F}.state = 'End' THEN epoch_time({_F}.time) END AS "end_time",
  CASE WHEN {_F}.state = 'Begin' THEN epoch_time({_F}.time) END AS "start_time",
  4001 AS "class_uid",
  CASE WHEN {_F}.decision = 'Denied' THEN 5 WHEN {_F}.state = 'Begin' THEN 1 WHEN {_F}.state = 'End' THEN 2 ELSE 6 END
    AS "activity_id",
  1 AS "status_id",
  {_F}.state AS "status",
  CASE {_F}.decision WHEN 'Allowed' THEN 1 WHEN 'Denied' THEN 2 ELSE 0 END AS "action_id",
  {_F}.decision AS "action",
  CASE {_F}.decision WHEN 'Allowed' THEN 1 WHEN 'Denied' THEN 2 ELSE 0 END AS "disposition_id",
  {_F}.decision AS "disposition",
  _account AS "account",
  _region AS "region",
  CASE native.category WHEN 'FlowLogFlowEvent' THEN 'VNet flow logs' ELSE 'NSG flow logs' END
    AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  native.flowLogVersion AS "metadata.log_version",
  {_F}.time AS "metadata.original_time",
  'Azure' AS "cloud.provider",
  _account AS "cloud.account.uid",
  _region AS "cloud.region",
  _from AS "src_endpoint.ip",
  {_F}.sourcePort AS "src_endpoint.port",
  CASE WHEN _is_source THEN native.macAddress END AS "src_endpoint.mac",
  CASE WHEN _is_source THEN native.targetResourceID END AS "src_endpoint.vpc_uid",
  _to AS "dst_endpoint.ip",
  {_F}.destinationPort AS "dst_endpoint.port",
  CASE WHEN NOT _is_source THEN native.macAddress END AS "dst_endpoint.mac",
  CASE WHEN NOT _is_source THEN native.targetResourceID END AS "dst_endpoint.vpc_uid",
  {_F}.protocol AS "connection_info.protocol_num",
  {PROTOCOL_NAME.format(f"{_F}.protocol")} AS "connection_info.protocol_name",
  CASE WHEN contains(_from, ':') THEN 6 WHEN contains(_from, '.') THEN 4 ELSE 0 END
    AS "connection_info.protocol_ver_id",
  CASE {_F}.direction WHEN 'Inbound' THEN 1 WHEN 'Outbound' THEN 2 ELSE 0 END AS "connection_info.direction_id",
  {_F}.direction AS "connection_info.direction",
  true AS "is_src_dst_assignment_known",
  coalesce(nullif(native.aclID, ''), native.resourceId) AS "firewall_rule.uid",
  native.rule AS "firewall_rule.name",
  {_sum(f"{_F}.bytesToDestination", f"{_F}.bytesToSource")} AS "traffic.bytes",
  {_F}.bytesToSource AS "traffic.bytes_in",
  {_F}.bytesToDestination AS "traffic.bytes_out",
  {_sum(f"{_F}.packetsToDestination", f"{_F}.packetsToSource")} AS "traffic.packets",
  {_F}.packetsToSource AS "traffic.packets_in",
  {_F}.packetsToDestination AS "traffic.packets_out"
"""
