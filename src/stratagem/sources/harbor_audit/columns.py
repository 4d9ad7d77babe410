"""Audit records as OCSF: sign-ins (3002), users (3001), else API Activity (6003)."""

from __future__ import annotations

from stratagem.sources._sql import resource

STRUCTURE = """{
  "id": "VARCHAR", "username": "VARCHAR", "resource": "VARCHAR", "resource_type": "VARCHAR", "operation": "VARCHAR",
  "op_time": "VARCHAR", "operation_description": "VARCHAR", "operation_result": "BOOLEAN", "client_address": "VARCHAR"
}"""

PROJECTION = f"""
  CASE WHEN native.operation IN ('login', 'logout') THEN 3002 WHEN native.resource_type = 'user' THEN 3001 ELSE 6003 END
    AS _class,
  nullif(native.username, '') AS _user
;
  iso_time(native.op_time) AS "time",
  native.op_time AS "metadata.original_time",
  _class AS "class_uid",
  CASE _class WHEN 3002 THEN CASE native.operation WHEN 'login' THEN 1 ELSE 2 END
    WHEN 3001 THEN CASE native.operation WHEN 'create' THEN 1 WHEN 'delete' THEN 6 ELSE 99 END
    ELSE CASE native.operation WHEN 'create' THEN 1 WHEN 'pull' THEN 2 WHEN 'read' THEN 2 WHEN 'update' THEN 3
      WHEN 'delete' THEN 4 ELSE 99 END END AS "activity_id",
  CASE native.operation_result WHEN true THEN 1 WHEN false THEN 2 ELSE 0 END AS "status_id",
  CASE native.operation_result WHEN true THEN 'success' WHEN false THEN 'failure' ELSE 'unknown' END AS "status",
  'registry:' || coalesce(label_account, label_tenant, '') || ':' || _user AS "principal",
  'Harbor' AS "metadata.product.name",
  'Harbor' AS "metadata.product.vendor_name",
  'audit' AS "metadata.log_name",
  native.resource_type || '.' || native.operation AS "metadata.event_code",
  native.operation_description AS "message",
  _user AS "actor.user.name",
  CASE WHEN _user LIKE 'robot$%' THEN 4 WHEN _user IS NOT NULL THEN 1 END AS "actor.user.type_id",
  CASE WHEN _class = 3001 THEN native.resource WHEN _class = 3002 THEN _user END AS "user.name",
  CASE WHEN _class = 3002 THEN 'harbor' END AS "service.name",
  ip_address(native.client_address) AS "src_endpoint.ip",
  native.operation AS "api.operation",
  'harbor' AS "api.service.name",
  [{resource(name="native.resource", kind="native.resource_type")}] AS "resources"
"""
