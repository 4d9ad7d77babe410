"""Events as OCSF Process Activity (class 1007), packets and connections as 4001, signatures as findings (2004)."""

from __future__ import annotations

from stratagem.sources._sql import last_part, resource, resources

STRUCTURE = """{
  "timestamp": "BIGINT", "processName": "VARCHAR", "processId": "BIGINT", "hostProcessId": "BIGINT",
  "hostParentProcessId": "BIGINT", "userId": "VARCHAR", "hostName": "VARCHAR", "eventId": "VARCHAR",
  "eventName": "VARCHAR", "returnValue": "BIGINT", "syscall": "VARCHAR", "processEntityId": "VARCHAR",
  "parentEntityId": "VARCHAR", "matchedPolicies": ["VARCHAR"], "executable": {"path": "VARCHAR"},
  "containerId": "VARCHAR", "containerImage": "VARCHAR", "containerName": "VARCHAR", "podName": "VARCHAR",
  "podNamespace": "VARCHAR", "podUID": "VARCHAR",
  "container": {"id": "VARCHAR", "name": "VARCHAR", "image": "VARCHAR", "imageDigest": "VARCHAR"},
  "kubernetes": {"podName": "VARCHAR", "podNamespace": "VARCHAR", "podUID": "VARCHAR"},
  "args": [{"name": "VARCHAR", "value": "JSON"}],
  "metadata": {"Description": "VARCHAR", "Properties": {"signatureID": "VARCHAR", "signatureName": "VARCHAR",
    "Severity": "INTEGER", "Category": "VARCHAR", "Technique": "VARCHAR", "external_id": "VARCHAR"}}
}"""


def _argument(name: str) -> str:
    return f"json_extract_string(list_filter(native.args, lambda each: each.name = '{name}')[1].value, '$')"


_ARGV = """array_to_string(json_extract_string(
    list_filter(native.args, lambda each: each.name = 'argv')[1].value, '$[*]'), ' ')"""

PROJECTION = f"""
  native.metadata.Properties AS _sig,
  coalesce(nullif(native.container.id, ''), nullif(native.containerId, '')) AS _container,
  coalesce(nullif(native.kubernetes.podName, ''), nullif(native.podName, '')) AS _pod,
  coalesce(nullif(native.kubernetes.podNamespace, ''), nullif(native.podNamespace, '')) AS _namespace,
  coalesce(nullif({_argument("pathname")}, ''), nullif({_argument("path")}, ''), nullif({_argument("cmdpath")}, ''))
    AS _path,
  {_argument("src")} AS _src,
  {_argument("dst")} AS _dst,
  native.eventName IN ('execve', 'execveat', 'sched_process_exec') AS _is_exec
;
  native.eventName LIKE 'net_packet%' OR native.eventName LIKE '%socket_connect' OR _dst IS NOT NULL AS _is_net
;
  make_timestamptz(native.timestamp // 1000) AS "time",
  native.timestamp::VARCHAR AS "metadata.original_time",
  CASE WHEN _sig.signatureID IS NOT NULL THEN 2004 WHEN _is_net THEN 4001 ELSE 1007 END AS "class_uid",
  CASE WHEN _sig.signatureID IS NOT NULL THEN 1 WHEN _is_net THEN CASE WHEN native.eventName LIKE 'net_packet%' THEN 6
      ELSE 1 END
    WHEN _is_exec THEN 1 WHEN native.eventName = 'sched_process_exit' THEN 2 ELSE 99 END AS "activity_id",
  CASE _sig.Severity WHEN 3 THEN 4 WHEN 2 THEN 3 WHEN 1 THEN 2 ELSE 1 END AS "severity_id",
  CASE WHEN native.eventName = 'sched_process_exit' OR _sig.signatureID IS NOT NULL THEN 0
    WHEN native.returnValue < 0 THEN 2 WHEN native.returnValue IS NOT NULL THEN 1 ELSE 0 END AS "status_id",
  native.returnValue::VARCHAR AS "status_code",
  'Tracee' AS "metadata.product.name",
  'Aqua Security' AS "metadata.product.vendor_name",
  'events' AS "metadata.log_name",
  native.eventName AS "metadata.event_code",
  native.metadata.Description AS "message",
  CASE WHEN _sig.signatureID IS NOT NULL THEN event_uid END AS "finding_info.uid",
  coalesce(_sig.signatureName, CASE WHEN _sig.signatureID IS NOT NULL THEN native.eventName END)
    AS "finding_info.title",
  CASE WHEN _sig.signatureID IS NOT NULL THEN native.metadata.Description END AS "finding_info.desc",
  _sig.signatureID AS "finding_info.analytic.uid",
  _sig.signatureName AS "finding_info.analytic.name",
  CASE WHEN _sig.external_id IS NOT NULL THEN [_sig.external_id] END AS "finding_info.types",
  native.hostName AS "device.hostname",
  native.userId AS "process.user.uid",
  native.hostProcessId AS "process.pid",
  native.processId AS "process.namespace_pid",
  nullif(native.processEntityId, '') AS "process.uid",
  coalesce(CASE WHEN _is_exec THEN {last_part("_path")} END, native.processName) AS "process.name",
  coalesce(CASE WHEN _is_exec THEN _path END, nullif(native.executable.path, '')) AS "process.path",
  CASE WHEN _is_exec THEN nullif({_ARGV}, '') END AS "process.cmd_line",
  native.hostParentProcessId AS "process.parent_process.pid",
  nullif(native.parentEntityId, '') AS "process.parent_process.uid",
  CASE WHEN NOT _is_exec THEN native.hostProcessId END AS "actor.process.pid",
  native.processName AS "actor.process.name",
  _container AS "process.container.uid",
  coalesce(nullif(native.container.name, ''), nullif(native.containerName, '')) AS "process.container.name",
  coalesce(nullif(native.container.image, ''), nullif(native.containerImage, '')) AS "process.container.image.name",
  nullif(native.container.imageDigest, '') AS "process.container.image.uid",
  CASE WHEN _pod IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  ip_address(_src) AS "src_endpoint.ip",
  TRY_CAST({_argument("src_port")} AS INTEGER) AS "src_endpoint.port",
  ip_address(coalesce(_dst, json_extract_string(
    list_filter(native.args, lambda each: each.name IN ('remote_addr', 'addr'))[1].value, '$.sin_addr')))
    AS "dst_endpoint.ip",
  TRY_CAST(coalesce({_argument("dst_port")}, json_extract_string(
    list_filter(native.args, lambda each: each.name IN ('remote_addr', 'addr'))[1].value, '$.sin_port')) AS INTEGER)
    AS "dst_endpoint.port",
  {
    resources(
        ("_pod IS NOT NULL", resource(name="_pod", kind="'pods'", namespace="_namespace")),
        ("_path IS NOT NULL AND NOT _is_exec", resource(name="_path", kind="'file'")),
    )
} AS "resources"
"""
