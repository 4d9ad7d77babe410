"""Risk detections, and changed states of users and service principals, as OCSF Detection Finding (2004)."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources
from stratagem.sources.entra_signin.columns import TENANT

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "callerIpAddress": "VARCHAR",
  "correlationId": "VARCHAR", "tenantId": "VARCHAR", "resourceId": "VARCHAR",
  "properties": {
    "id": "VARCHAR", "requestId": "VARCHAR", "correlationId": "VARCHAR", "tenantId": "VARCHAR",
    "riskEventType": "VARCHAR", "riskLevel": "VARCHAR", "riskState": "VARCHAR", "riskDetail": "VARCHAR",
    "riskLastUpdatedDateTime": "VARCHAR", "source": "VARCHAR", "detectionTimingType": "VARCHAR", "activity": "VARCHAR",
    "activityDateTime": "VARCHAR", "detectedDateTime": "VARCHAR", "lastUpdatedDateTime": "VARCHAR",
    "ipAddress": "VARCHAR", "userId": "VARCHAR", "userDisplayName": "VARCHAR", "userPrincipalName": "VARCHAR",
    "appId": "VARCHAR", "servicePrincipalId": "VARCHAR", "servicePrincipalDisplayName": "VARCHAR",
    "displayName": "VARCHAR",
    "location": {"city": "VARCHAR", "state": "VARCHAR", "countryOrRegion": "VARCHAR"}
  }
}"""

_P = "native.properties"
_SHARED = f"""
  native.category LIKE '%RiskEvents' AS _is_detection,
  native.category IN ('ServicePrincipalRiskEvents', 'RiskyServicePrincipals') AS _is_application,
  coalesce(nullif({_P}.userId, ''), nullif({_P}.servicePrincipalId, ''),
    CASE WHEN native.category NOT LIKE '%RiskEvents' THEN nullif({_P}.id, '') END) AS _actor,
  coalesce(nullif({_P}.userPrincipalName, ''), nullif({_P}.servicePrincipalDisplayName, ''),
    nullif({_P}.displayName, '')) AS _name,
  {TENANT} AS _tenant
"""

PROJECTION = f"""{_SHARED}
;
  coalesce(iso_time({_P}.detectedDateTime), iso_time({_P}.riskLastUpdatedDateTime), iso_time(native.time)) AS "time",
  iso_time({_P}.activityDateTime) AS "start_time",
  2004 AS "class_uid",
  CASE WHEN {_P}.riskState IN ('remediated', 'dismissed', 'confirmedSafe') THEN 3
    WHEN NOT _is_detection OR {_P}.lastUpdatedDateTime > {_P}.detectedDateTime THEN 2 ELSE 1 END AS "activity_id",
  CASE {_P}.riskLevel WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN 2 WHEN 'none' THEN 1 ELSE 0 END
    AS "severity_id",
  {_P}.riskLevel AS "severity",
  CASE WHEN {_P}.riskState IN ('remediated', 'dismissed', 'confirmedSafe') THEN 4
    WHEN {_P}.riskState IN ('atRisk', 'confirmedCompromised') THEN 1 ELSE 0 END AS "status_id",
  {_P}.riskState AS "status",
  {_P}.riskDetail AS "status_detail",
  coalesce({_P}.riskEventType, native.operationName) AS "message",
  'entra:' || coalesce(_tenant, label_tenant, '') || ':' || _actor AS "principal",
  _tenant AS "tenant",
  'Microsoft Entra ID Protection' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  {_P}.source AS "metadata.log_provider",
  {_P}.riskEventType AS "metadata.event_code",
  coalesce({_P}.detectedDateTime, {_P}.riskLastUpdatedDateTime, native.time) AS "metadata.original_time",
  coalesce({_P}.correlationId, native.correlationId) AS "metadata.correlation_uid",
  _tenant AS "metadata.tenant_uid",
  _actor AS "actor.user.uid",
  _name AS "actor.user.name",
  _actor AS "user.uid",
  _name AS "user.name",
  nullif({_P}.userDisplayName, '') AS "user.full_name",
  CASE WHEN _is_application THEN 4 ELSE 1 END AS "user.type_id",
  {_P}.riskLevel AS "user.risk_level",
  nullif({_P}.appId, '') AS "actor.app_uid",
  nullif({_P}.requestId, '') AS "api.request.uid",
  ip_address(coalesce(nullif({_P}.ipAddress, ''), native.callerIpAddress)) AS "src_endpoint.ip",
  {_P}.location.countryOrRegion AS "src_endpoint.location.country",
  {_P}.location.state AS "src_endpoint.location.region",
  {_P}.location.city AS "src_endpoint.location.city",
  'Azure' AS "cloud.provider",
  _tenant AS "cloud.org.uid",
  {_P}.id AS "finding_info.uid",
  coalesce({_P}.riskEventType, native.operationName) AS "finding_info.title",
  CASE WHEN {_P}.riskEventType IS NOT NULL THEN [{_P}.riskEventType] END AS "finding_info.types",
  iso_time({_P}.detectedDateTime) AS "finding_info.created_time",
  coalesce(iso_time({_P}.lastUpdatedDateTime), iso_time({_P}.riskLastUpdatedDateTime))
    AS "finding_info.modified_time",
  iso_time({_P}.activityDateTime) AS "finding_info.first_seen_time",
  {_P}.detectionTimingType AS "finding_info.analytic.name",
  {
    resources(
        (
            "_actor IS NOT NULL",
            resource(
                uid="_actor", name="_name", kind="CASE WHEN _is_application THEN 'ServicePrincipal' ELSE 'User' END"
            ),
        )
    )
} AS "resources"
"""
