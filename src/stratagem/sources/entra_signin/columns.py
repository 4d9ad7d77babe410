"""Sign-ins as OCSF Authentication (3002)."""

from __future__ import annotations

from stratagem.sources.entra_signin.outcome import DENIALS, INTERRUPTS

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "resultType": "VARCHAR",
  "resultDescription": "VARCHAR", "callerIpAddress": "VARCHAR", "correlationId": "VARCHAR", "tenantId": "VARCHAR",
  "resourceId": "VARCHAR", "location": "VARCHAR",
  "properties": {
    "id": "VARCHAR", "createdDateTime": "VARCHAR", "userPrincipalName": "VARCHAR", "userId": "VARCHAR",
    "userDisplayName": "VARCHAR", "userType": "VARCHAR", "appId": "VARCHAR", "appDisplayName": "VARCHAR",
    "servicePrincipalId": "VARCHAR", "servicePrincipalName": "VARCHAR", "servicePrincipalCredentialKeyId": "VARCHAR",
    "resourceDisplayName": "VARCHAR", "resourceId": "VARCHAR", "tenantId": "VARCHAR", "homeTenantId": "VARCHAR",
    "ipAddress": "VARCHAR", "autonomousSystemNumber": "BIGINT", "userAgent": "VARCHAR", "clientAppUsed": "VARCHAR",
    "authenticationProtocol": "VARCHAR", "authenticationRequirement": "VARCHAR", "tokenIssuerName": "VARCHAR",
    "originalRequestId": "VARCHAR", "uniqueTokenIdentifier": "VARCHAR", "sessionId": "VARCHAR",
    "riskLevelDuringSignIn": "VARCHAR", "isInteractive": "VARCHAR",
    "status": {"errorCode": "VARCHAR", "failureReason": "VARCHAR", "additionalDetails": "VARCHAR"},
    "location": {"city": "VARCHAR", "state": "VARCHAR", "countryOrRegion": "VARCHAR"},
    "deviceDetail": {
      "deviceId": "VARCHAR", "displayName": "VARCHAR", "operatingSystem": "VARCHAR", "isCompliant": "VARCHAR",
      "isManaged": "VARCHAR"
    }
  }
}"""

_P = "native.properties"
_CODE = f"""coalesce(TRY_CAST(nullif(native.resultType, '') AS BIGINT),
    TRY_CAST(nullif({_P}.status.errorCode, '') AS BIGINT))"""


def _numbers(codes: frozenset[int]) -> str:
    return ", ".join(str(code) for code in sorted(codes))


_STATUS = f"""CASE
    WHEN {_CODE} IS NULL OR {_CODE} IN ({_numbers(INTERRUPTS)}) THEN 'unknown'
    WHEN {_CODE} = 0 THEN 'success'
    WHEN {_CODE} IN ({_numbers(DENIALS)}) THEN 'denied'
    ELSE 'failure' END"""
TENANT = """lower(coalesce(nullif(native.tenantId, ''), nullif(native.properties.tenantId, ''),
    nullif(regexp_extract(native.resourceId, '(?i)^/tenants/([^/]+)', 1), '')))"""
_USER = f"nullif({_P}.userId, '')"
_ACTOR = f"coalesce({_USER}, nullif({_P}.servicePrincipalId, ''), nullif({_P}.appId, ''))"
_NAME = f"""CASE WHEN {_USER} IS NOT NULL THEN nullif({_P}.userPrincipalName, '')
    ELSE nullif({_P}.servicePrincipalName, '') END"""

PROJECTION = f"""
  coalesce(iso_time({_P}.createdDateTime), iso_time(native.time)) AS "time",
  3002 AS "class_uid",
  1 AS "activity_id",
  CASE {_STATUS} WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  {_STATUS} AS "status",
  coalesce(nullif(native.resultType, ''), {_P}.status.errorCode) AS "status_code",
  coalesce(nullif(native.resultDescription, ''), nullif({_P}.status.failureReason, '')) AS "status_detail",
  'entra:' || coalesce({TENANT}, label_tenant, '') || ':' || {_ACTOR} AS "principal",
  coalesce(nullif({_P}.sessionId, ''), nullif({_P}.uniqueTokenIdentifier, '')) AS "session",
  {TENANT} AS "tenant",
  {_P}.id AS "metadata.uid",
  'Microsoft Entra ID' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  native.operationName AS "metadata.event_code",
  coalesce(nullif({_P}.createdDateTime, ''), native.time) AS "metadata.original_time",
  coalesce(native.correlationId, {_P}.originalRequestId) AS "metadata.correlation_uid",
  {TENANT} AS "metadata.tenant_uid",
  {_ACTOR} AS "actor.user.uid",
  {_NAME} AS "actor.user.name",
  {_ACTOR} AS "user.uid",
  {_NAME} AS "user.name",
  nullif({_P}.userDisplayName, '') AS "user.full_name",
  coalesce(CASE WHEN {_USER} IS NOT NULL THEN {_P}.userType END, native.category) AS "user.type",
  CASE WHEN {_USER} IS NOT NULL THEN 1 WHEN nullif({_P}.servicePrincipalId, '') IS NOT NULL THEN 4 ELSE 0 END
    AS "user.type_id",
  {_P}.riskLevelDuringSignIn AS "user.risk_level",
  {_P}.homeTenantId AS "user.account.uid",
  {_P}.appDisplayName AS "actor.app_name",
  {_P}.appId AS "actor.app_uid",
  nullif({_P}.sessionId, '') AS "actor.session.uid",
  nullif({_P}.uniqueTokenIdentifier, '') AS "actor.session.uid_alt",
  nullif({_P}.servicePrincipalCredentialKeyId, '') AS "actor.session.credential_uid",
  nullif({_P}.tokenIssuerName, '') AS "actor.idp.name",
  {_P}.resourceDisplayName AS "service.name",
  {_P}.resourceId AS "service.uid",
  {_P}.authenticationProtocol AS "auth_protocol",
  nullif({_P}.clientAppUsed, '') AS "logon_type",
  {_P}.authenticationRequirement = 'multiFactorAuthentication' AS "is_mfa",
  ip_address(coalesce(nullif({_P}.ipAddress, ''), native.callerIpAddress)) AS "src_endpoint.ip",
  coalesce({_P}.location.countryOrRegion, native.location) AS "src_endpoint.location.country",
  {_P}.location.state AS "src_endpoint.location.region",
  {_P}.location.city AS "src_endpoint.location.city",
  {_P}.autonomousSystemNumber AS "src_endpoint.autonomous_system.number",
  nullif({_P}.deviceDetail.deviceId, '') AS "device.uid",
  nullif({_P}.deviceDetail.displayName, '') AS "device.name",
  nullif({_P}.deviceDetail.operatingSystem, '') AS "device.os.name",
  TRY_CAST(nullif({_P}.deviceDetail.isManaged, '') AS BOOLEAN) AS "device.is_managed",
  TRY_CAST(nullif({_P}.deviceDetail.isCompliant, '') AS BOOLEAN) AS "device.is_compliant",
  nullif({_P}.userAgent, '') AS "http_request.user_agent",
  'Azure' AS "cloud.provider",
  {TENANT} AS "cloud.org.uid"
"""
