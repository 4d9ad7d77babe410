"""Changes as OCSF Entity Management (3004), operational records as API Activity (6003)."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources
from stratagem.sources.entra_signin.columns import TENANT

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "resultType": "VARCHAR",
  "resultDescription": "VARCHAR", "correlationId": "VARCHAR", "identity": "VARCHAR", "tenantId": "VARCHAR",
  "resourceId": "VARCHAR",
  "properties": {
    "AuditEventId": "VARCHAR", "tenantId": "VARCHAR", "AADTenantId": "VARCHAR", "Category": "VARCHAR",
    "Actor": {"UPN": "VARCHAR", "ObjectId": "VARCHAR", "Application": "VARCHAR", "ApplicationName": "VARCHAR"},
    "TargetDisplayNames": ["VARCHAR"], "TargetObjectIds": ["VARCHAR"],
    "IntuneDeviceId": "VARCHAR", "IntuneUserId": "VARCHAR", "AADDeviceId": "VARCHAR", "DeviceName": "VARCHAR",
    "DeviceHostName": "VARCHAR", "DeviceOperatingSystem": "VARCHAR", "Os": "VARCHAR", "AlertDisplayName": "VARCHAR",
    "AlertType": "VARCHAR", "FailureReason": "VARCHAR", "UserName": "VARCHAR"
  }
}"""

_P = "native.properties"
_A = f"{_P}.Actor"

PROJECTION = f"""
  coalesce({TENANT}, lower({_P}.AADTenantId)) AS _tenant,
  native.category = 'AuditLogs' AS _is_change,
  coalesce(nullif({_A}.ObjectId, ''), nullif({_A}.Application, ''), nullif({_P}.IntuneUserId, '')) AS _actor,
  coalesce(nullif({_A}.UPN, ''), nullif({_A}.ApplicationName, ''), nullif(native.identity, ''), {_P}.UserName) AS _name,
  lower(split_part(native.operationName, ' ', 1)) AS _verb,
  nullif(nullif({_P}.TargetDisplayNames[1], '<null>'), '') AS _target
;
  iso_time(native."time") AS "time",
  CASE WHEN _is_change THEN 3004 ELSE 6003 END AS "class_uid",
  CASE WHEN NOT _is_change THEN 99 WHEN starts_with(_verb, 'create') THEN 1 WHEN starts_with(_verb, 'patch') THEN 3
    WHEN starts_with(_verb, 'delete') THEN 4 ELSE 99 END AS "activity_id",
  CASE lower(native.resultType) WHEN 'success' THEN 1 WHEN 'failure' THEN 2 WHEN 'fail' THEN 2 ELSE 0 END
    AS "status_id",
  lower(native.resultType) AS "status",
  coalesce({_P}.FailureReason, native.resultDescription) AS "status_detail",
  coalesce({_P}.AlertDisplayName, native.operationName) AS "message",
  'entra:' || coalesce(_tenant, label_tenant, '') || ':' || _actor AS "principal",
  _tenant AS "tenant",
  'Microsoft Intune' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  coalesce({_P}.AlertType, native.operationName) AS "metadata.event_code",
  native."time" AS "metadata.original_time",
  native.correlationId AS "metadata.correlation_uid",
  _tenant AS "metadata.tenant_uid",
  _actor AS "actor.user.uid",
  _name AS "actor.user.name",
  nullif({_A}.ApplicationName, '') AS "actor.app_name",
  nullif({_A}.Application, '') AS "actor.app_uid",
  coalesce({_P}.AADDeviceId, {_P}.IntuneDeviceId) AS "device.uid",
  {_P}.DeviceName AS "device.name",
  {_P}.DeviceHostName AS "device.hostname",
  coalesce({_P}.DeviceOperatingSystem, {_P}.Os) AS "device.os.name",
  native.operationName AS "api.operation",
  'Microsoft Intune' AS "api.service.name",
  {_P}.TargetObjectIds[1] AS "entity.uid",
  _target AS "entity.name",
  nullif(split_part(native.operationName, ' ', -1), '') AS "entity.type",
  'Azure' AS "cloud.provider",
  _tenant AS "cloud.org.uid",
  {
    resources(
        (
            f"{_P}.TargetObjectIds[1] IS NOT NULL OR _target IS NOT NULL",
            resource(uid=f"{_P}.TargetObjectIds[1]", name="_target", kind="split_part(native.operationName, ' ', -1)"),
        )
    )
} AS "resources"
"""
