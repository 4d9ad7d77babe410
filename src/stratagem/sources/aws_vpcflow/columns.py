"""Flow records as OCSF Network Activity (4001)."""

from __future__ import annotations

from stratagem.sources._network import PROTOCOL_NAME

STRUCTURE = """{
  "version": "VARCHAR", "account-id": "VARCHAR", "interface-id": "VARCHAR", "srcaddr": "VARCHAR", "dstaddr": "VARCHAR",
  "srcport": "VARCHAR", "dstport": "VARCHAR", "protocol": "VARCHAR", "packets": "VARCHAR", "bytes": "VARCHAR",
  "start": "VARCHAR", "end": "VARCHAR", "action": "VARCHAR", "log-status": "VARCHAR", "vpc-id": "VARCHAR",
  "subnet-id": "VARCHAR", "instance-id": "VARCHAR", "tcp-flags": "VARCHAR", "type": "VARCHAR",
  "pkt-srcaddr": "VARCHAR", "pkt-dstaddr": "VARCHAR", "region": "VARCHAR", "az-id": "VARCHAR",
  "pkt-src-aws-service": "VARCHAR", "pkt-dst-aws-service": "VARCHAR", "flow-direction": "VARCHAR",
  "ecs-cluster-name": "VARCHAR", "ecs-service-name": "VARCHAR", "ecs-task-id": "VARCHAR", "reject-reason": "VARCHAR"
}"""

_SHARED = """
  lower(native."flow-direction") AS _way,
  ip_address(native.srcaddr) AS _src,
  ip_address(native.dstaddr) AS _dst,
  coalesce(ip_address(native."pkt-srcaddr"), ip_address(native.srcaddr)) AS _from,
  coalesce(ip_address(native."pkt-dstaddr"), ip_address(native.dstaddr)) AS _to,
  TRY_CAST(native.protocol AS INTEGER) AS _protocol,
  TRY_CAST(native.bytes AS BIGINT) AS _bytes,
  TRY_CAST(native.packets AS BIGINT) AS _packets,
  nullif(native."account-id", 'unknown') AS _account
"""


def _own(column: str, way: str, path: str) -> str:
    """What the record says of its interface, at the end of the flow that the interface is."""
    return f'  CASE WHEN _way = \'{way}\' THEN native."{column}" END AS "{path}",'


def _side(end: str, way: str) -> str:
    pairs = {
        "interface-id": "interface_uid",
        "instance-id": "instance_uid",
        "vpc-id": "vpc_uid",
        "subnet-id": "subnet_uid",
        "az-id": "zone",
        "ecs-cluster-name": "cluster",
        "ecs-service-name": "workload",
        "ecs-task-id": "name",
    }
    return "\n".join(_own(column, way, f"{end}_endpoint.{leaf}") for column, leaf in pairs.items())


PROJECTION = f"""{_SHARED}
;
  epoch_time(coalesce(native.start, native."end")) AS "time",
  epoch_time(native.start) AS "start_time",
  epoch_time(native."end") AS "end_time",
  4001 AS "class_uid",
  CASE WHEN native.action = 'REJECT' THEN 5 WHEN native.action = 'ACCEPT' THEN 6
    WHEN native."log-status" IN ('NODATA', 'SKIPDATA') THEN 0 ELSE 6 END AS "activity_id",
  CASE native."log-status" WHEN 'SKIPDATA' THEN 2 WHEN 'OK' THEN 1 ELSE 0 END AS "status_id",
  native."log-status" AS "status",
  native."log-status" AS "status_code",
  native."reject-reason" AS "status_detail",
  CASE native.action WHEN 'ACCEPT' THEN 1 WHEN 'REJECT' THEN 2 ELSE 0 END AS "action_id",
  native.action AS "action",
  CASE native.action WHEN 'ACCEPT' THEN 1 WHEN 'REJECT' THEN 2 ELSE 0 END AS "disposition_id",
  native.action AS "disposition",
  _account AS "account",
  native.region AS "region",
  'VPC Flow Logs' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.version AS "metadata.log_version",
  coalesce(native.start, native."end") AS "metadata.original_time",
  'AWS' AS "cloud.provider",
  native.region AS "cloud.region",
  native."az-id" AS "cloud.zone",
  _account AS "cloud.account.uid",
  _from AS "src_endpoint.ip",
  TRY_CAST(native.srcport AS INTEGER) AS "src_endpoint.port",
  native."pkt-src-aws-service" AS "src_endpoint.svc_name",
  CASE WHEN _src <> _from THEN [_src] END AS "src_endpoint.intermediate_ips",
{_side("src", "egress")}
  _to AS "dst_endpoint.ip",
  TRY_CAST(native.dstport AS INTEGER) AS "dst_endpoint.port",
  native."pkt-dst-aws-service" AS "dst_endpoint.svc_name",
  CASE WHEN _dst <> _to THEN [_dst] END AS "dst_endpoint.intermediate_ips",
{_side("dst", "ingress")}
  _protocol AS "connection_info.protocol_num",
  {PROTOCOL_NAME.format("_protocol")} AS "connection_info.protocol_name",
  CASE WHEN contains(_from, ':') THEN 6 WHEN contains(_from, '.') THEN 4 ELSE 0 END
    AS "connection_info.protocol_ver_id",
  CASE _way WHEN 'ingress' THEN 1 WHEN 'egress' THEN 2 ELSE 0 END AS "connection_info.direction_id",
  native."flow-direction" AS "connection_info.direction",
  TRY_CAST(native."tcp-flags" AS INTEGER) AS "connection_info.tcp_flags",
  _bytes AS "traffic.bytes",
  _bytes AS "traffic.bytes_out",
  _packets AS "traffic.packets",
  _packets AS "traffic.packets_out",
  CASE WHEN _way IS NULL AND native."interface-id" IS NOT NULL
    THEN json_object('interface-id', native."interface-id", 'instance-id', native."instance-id")::VARCHAR END
    AS "unmapped"
"""
