"""Flow and firewall entries as OCSF Network Activity (4001)."""

from __future__ import annotations

from stratagem.sources._network import PROTOCOL_NAME, WORKLOAD_OF

_INSTANCE = """{"vm_name": "VARCHAR", "project_id": "VARCHAR", "zone": "VARCHAR", "region": "VARCHAR",
  "managed_instance_group": {"name": "VARCHAR"}}"""
_VPC = '{"vpc_name": "VARCHAR", "subnetwork_name": "VARCHAR", "project_id": "VARCHAR"}'
_GKE = """{"cluster": {"cluster_name": "VARCHAR"}, "pod": {"pod_name": "VARCHAR", "pod_namespace": "VARCHAR",
  "pod_workload": {"workload_name": "VARCHAR", "workload_type": "VARCHAR"}}, "service": "JSON"}"""
_PLACE = '{"country": "VARCHAR", "region": "VARCHAR", "city": "VARCHAR", "asn": "VARCHAR"}'

_SIDES = "\n".join(
    f'"{side}_instance": {_INSTANCE}, "{side}_vpc": {_VPC}, "{side}_gke_details": {_GKE}, "{side}_location": {_PLACE},'
    for side in ("src", "dest")
)
STRUCTURE = f"""{{
  "insertId": "VARCHAR", "logName": "VARCHAR", "timestamp": "VARCHAR",
  "resource": {{"labels": {{"project_id": "VARCHAR", "location": "VARCHAR", "subnetwork_id": "VARCHAR"}}}},
  "jsonPayload": {{
    "reporter": "VARCHAR", "start_time": "VARCHAR", "end_time": "VARCHAR", "bytes_sent": "VARCHAR",
    "packets_sent": "VARCHAR", "disposition": "VARCHAR", {_SIDES}
    "connection": {{"src_ip": "VARCHAR", "src_port": "VARCHAR", "dest_ip": "VARCHAR", "dest_port": "VARCHAR",
      "protocol": "VARCHAR"}},
    "rule_details": {{"reference": "VARCHAR", "direction": "VARCHAR", "action": "VARCHAR"}},
    "instance": {_INSTANCE}, "remote_instance": {_INSTANCE}, "vpc": {_VPC}
  }}
}}"""

_J = "native.jsonPayload"
_SHARED = f"""
  ip_address({_J}.connection.src_ip) AS _from,
  ip_address({_J}.connection.dest_ip) AS _to,
  TRY_CAST({_J}.connection.protocol AS INTEGER) AS _protocol,
  TRY_CAST({_J}.bytes_sent AS BIGINT) AS _bytes,
  TRY_CAST({_J}.packets_sent AS BIGINT) AS _packets,
  coalesce(nullif(native.resource.labels.project_id, ''),
    nullif(regexp_extract(native.logName, '^projects/([^/]+)/', 1), '')) AS _project,
  nullif(regexp_replace(native.resource.labels.location, '-[a-z]$', ''), '') AS _region,
  starts_with({_J}.reporter, 'DEST') OR {_J}.rule_details.direction = 'INGRESS' AS _is_inbound,
  {_J}.rule_details.direction IS NOT NULL AS _is_firewall
"""


def _end(name: str, side: str, own: str) -> str:
    """The columns of one end; a firewall entry names its instances by whose rule it is, `own` or remote."""
    gke, instance = f"{_J}.{side}_gke_details", f"{_J}.{side}_instance"
    firewall = f"CASE WHEN _is_firewall THEN CASE WHEN {own} THEN {_J}.instance ELSE {_J}.remote_instance END END"
    vm = f"coalesce({instance}.vm_name, ({firewall}).vm_name)"
    workload = f"""coalesce({gke}.pod.pod_workload.workload_name, {WORKLOAD_OF.format(f"{gke}.pod.pod_name")},
    {instance}.managed_instance_group.name)"""
    told = {
        "ip": "_from" if name == "src" else "_to",
        "port": f"TRY_CAST({_J}.connection.{side}_port AS INTEGER)",
        "name": f"coalesce({gke}.pod.pod_name, {vm})",
        "type": f"CASE WHEN {gke}.pod.pod_name IS NOT NULL THEN 'pod' WHEN {vm} IS NOT NULL THEN 'instance' END",
        "cluster": f"{gke}.cluster.cluster_name",
        "namespace": f"{gke}.pod.pod_namespace",
        "workload": workload,
        "svc_name": f"json_extract_string({gke}.service, '$[0].service_name')",
        "hostname": vm,
        "zone": f"coalesce({instance}.zone, ({firewall}).zone)",
        "vpc_uid": f"coalesce({_J}.{side}_vpc.vpc_name, CASE WHEN _is_firewall AND {own} THEN {_J}.vpc.vpc_name END)",
        "subnet_uid": f"""coalesce({_J}.{side}_vpc.subnetwork_name,
    CASE WHEN _is_firewall AND {own} THEN {_J}.vpc.subnetwork_name END)""",
        "location.country": f"upper({_J}.{side}_location.country)",
        "location.region": f"{_J}.{side}_location.region",
        "location.city": f"{_J}.{side}_location.city",
        "autonomous_system.number": f"TRY_CAST({_J}.{side}_location.asn AS BIGINT)",
    }
    return ",\n".join(f'  {value} AS "{name}_endpoint.{leaf}"' for leaf, value in told.items())


PROJECTION = f"""{_SHARED}
;
  iso_time(coalesce({_J}.start_time, native.timestamp)) AS "time",
  iso_time({_J}.start_time) AS "start_time",
  iso_time({_J}.end_time) AS "end_time",
  4001 AS "class_uid",
  CASE {_J}.disposition WHEN 'DENIED' THEN 5 WHEN 'ALLOWED' THEN 1 ELSE 6 END AS "activity_id",
  1 AS "status_id",
  CASE {_J}.disposition WHEN 'DENIED' THEN 2 WHEN 'ALLOWED' THEN 1 ELSE 3 END AS "action_id",
  {_J}.disposition AS "action",
  CASE {_J}.disposition WHEN 'DENIED' THEN 2 WHEN 'ALLOWED' THEN 1 ELSE 17 END AS "disposition_id",
  {_J}.disposition AS "disposition",
  _project AS "account",
  _region AS "region",
  coalesce(CASE WHEN _is_inbound THEN {_J}.dest_gke_details.cluster.cluster_name
    ELSE {_J}.src_gke_details.cluster.cluster_name END, label_cluster) AS "cluster",
  native.insertId AS "metadata.uid",
  CASE WHEN _is_firewall THEN 'Firewall Rules Logging' ELSE 'VPC Flow Logs' END AS "metadata.product.name",
  'Google Cloud' AS "metadata.product.vendor_name",
  native.logName AS "metadata.log_name",
  coalesce({_J}.start_time, native.timestamp) AS "metadata.original_time",
  'GCP' AS "cloud.provider",
  _project AS "cloud.account.uid",
  _region AS "cloud.region",
{_end("src", "src", "NOT _is_inbound")},
{_end("dst", "dest", "_is_inbound")},
  _protocol AS "connection_info.protocol_num",
  {PROTOCOL_NAME.format("_protocol")} AS "connection_info.protocol_name",
  CASE WHEN contains(_from, ':') THEN 6 WHEN contains(_from, '.') THEN 4 ELSE 0 END
    AS "connection_info.protocol_ver_id",
  CASE WHEN _is_inbound THEN 1 WHEN {_J}.reporter IS NOT NULL OR _is_firewall THEN 2 ELSE 0 END
    AS "connection_info.direction_id",
  coalesce({_J}.reporter, {_J}.rule_details.direction) AS "connection_info.direction",
  CASE WHEN _is_firewall THEN true END AS "is_src_dst_assignment_known",
  {_J}.rule_details.reference AS "firewall_rule.uid",
  _bytes AS "traffic.bytes",
  _bytes AS "traffic.bytes_out",
  _packets AS "traffic.packets",
  _packets AS "traffic.packets_out"
"""
