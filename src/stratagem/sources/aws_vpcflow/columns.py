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

_FLAGS = 'TRY_CAST(native."tcp-flags" AS INTEGER)'

_PACKET = f"""
  lower(native."flow-direction") AS _way,
  coalesce({_FLAGS} & 18 = 18, false) AS _is_answer,
  coalesce(ip_address(native."pkt-srcaddr"), ip_address(native.srcaddr)) AS _from,
  coalesce(ip_address(native."pkt-dstaddr"), ip_address(native.dstaddr)) AS _to,
  TRY_CAST(native.protocol AS INTEGER) AS _protocol,
  TRY_CAST(native.bytes AS BIGINT) AS _bytes,
  TRY_CAST(native.packets AS BIGINT) AS _packets,
  nullif(native."account-id", 'unknown') AS _account
"""
# OCSF's source is the one that opened the connection: SYN and ACK together come from the other one.
_CONNECTION = """
  CASE WHEN _way IN ('ingress', 'egress') THEN (_way = 'egress') <> _is_answer END AS _is_source
"""


def _end(name: str, other: str, is_source: str) -> str:
    """The columns of one end: the packet's `name` end, or for an answer the `other`; and of the interface if it is its.

    `is_source` is the value of `_is_source` where the interface stands at this end.
    """
    interface = {
        "interface-id": "interface_uid",
        "instance-id": "instance_uid",
        "vpc-id": "vpc_uid",
        "subnet-id": "subnet_uid",
        "az-id": "zone",
        "ecs-cluster-name": "cluster",
        "ecs-service-name": "workload",
        "ecs-task-id": "name",
    }
    ip, behind = {"src": ("_from", "_to"), "dst": ("_to", "_from")}[name]
    shown = f"CASE WHEN _is_answer THEN ip_address(native.{other}addr) ELSE ip_address(native.{name}addr) END"
    address = f"CASE WHEN _is_answer THEN {behind} ELSE {ip} END"
    port = f"TRY_CAST(CASE WHEN _is_answer THEN native.{other}port ELSE native.{name}port END AS INTEGER)"
    service = f"""CASE WHEN _is_answer THEN native."pkt-{other}-aws-service"
    ELSE native."pkt-{name}-aws-service" END"""
    told = {"ip": address, "port": port, "svc_name": service}
    told["intermediate_ips"] = f"CASE WHEN {shown} <> {address} THEN [{shown}] END"
    told |= {leaf: f'CASE WHEN _is_source = {is_source} THEN native."{key}" END' for key, leaf in interface.items()}
    return ",\n".join(f'  {value} AS "{name}_endpoint.{leaf}"' for leaf, value in told.items()) + ","


PROJECTION = f"""{_PACKET}
;
{_CONNECTION}
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
{_end("src", "dst", "true")}
{_end("dst", "src", "false")}
  _protocol AS "connection_info.protocol_num",
  {PROTOCOL_NAME.format("_protocol")} AS "connection_info.protocol_name",
  CASE WHEN contains(_from, ':') THEN 6 WHEN contains(_from, '.') THEN 4 ELSE 0 END
    AS "connection_info.protocol_ver_id",
  CASE WHEN _is_source THEN 2 WHEN NOT _is_source THEN 1 ELSE 0 END AS "connection_info.direction_id",
  native."flow-direction" AS "connection_info.direction",
  {_FLAGS} AS "connection_info.tcp_flags",
  {_FLAGS} & 2 = 2 AS "is_src_dst_assignment_known",
  _bytes AS "traffic.bytes",
  CASE WHEN _is_answer THEN _bytes END AS "traffic.bytes_in",
  CASE WHEN NOT _is_answer THEN _bytes END AS "traffic.bytes_out",
  _packets AS "traffic.packets",
  CASE WHEN _is_answer THEN _packets END AS "traffic.packets_in",
  CASE WHEN NOT _is_answer THEN _packets END AS "traffic.packets_out",
  CASE WHEN _way IS NULL AND native."interface-id" IS NOT NULL
    THEN json_object('interface-id', native."interface-id", 'instance-id', native."instance-id")::VARCHAR END
    AS "unmapped"
"""
