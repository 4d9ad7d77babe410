"""Graph requests, of Microsoft Graph and of its predecessor, as OCSF API Activity (6003)."""

from __future__ import annotations

from stratagem.sources.entra_signin.columns import TENANT

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "resultSignature": "VARCHAR",
  "callerIpAddress": "VARCHAR", "correlationId": "VARCHAR", "tenantId": "VARCHAR", "resourceId": "VARCHAR",
  "location": "VARCHAR",
  "properties": {
    "requestId": "VARCHAR", "operationId": "VARCHAR", "requestMethod": "VARCHAR", "requestUri": "VARCHAR",
    "responseStatusCode": "VARCHAR", "apiVersion": "VARCHAR", "appId": "VARCHAR", "userId": "VARCHAR",
    "servicePrincipalId": "VARCHAR", "ipAddress": "VARCHAR", "userAgent": "VARCHAR", "signInActivityId": "VARCHAR",
    "sessionId": "VARCHAR", "c_Sid": "VARCHAR", "tokenIssuedAt": "VARCHAR", "identityProvider": "VARCHAR",
    "timeGenerated": "VARCHAR", "tenantId": "VARCHAR", "callerIpAddress": "VARCHAR"
  }
}"""

_P = "native.properties"
_CODE = f"""coalesce(TRY_CAST({_P}.responseStatusCode AS INTEGER),
    CASE WHEN regexp_full_match(native.resultSignature, '[0-9]{{3}}') THEN native.resultSignature::INTEGER END)"""
_STATUS = f"""CASE
    WHEN {_CODE} IS NULL THEN 'unknown' WHEN {_CODE} < 400 THEN 'success'
    WHEN {_CODE} IN (401, 403) THEN 'denied' ELSE 'failure' END"""
_USER = f"nullif({_P}.userId, '')"
_ACTOR = f"coalesce({_USER}, nullif({_P}.servicePrincipalId, ''), nullif({_P}.appId, ''))"
_URI = f"replace({_P}.requestUri, '\\u0026', '&')"
_WRITTEN = f"regexp_extract({_URI}, '^(?:https?://[^/?#]*)?([^?#]*)', 1)"
_PATH = f"CASE WHEN contains({_WRITTEN}, '//') THEN regexp_replace({_WRITTEN}, '/+', '/', 'g') ELSE {_WRITTEN} END"


def projection(product: str, host: str, sign_in: str) -> str:
    """The SELECT list; `host` is the API's, `sign_in` the SQL of the sign-in's `uniqueTokenIdentifier`."""
    return f"""
  coalesce(iso_time(native.time), iso_time({_P}.timeGenerated)) AS "time",
  6003 AS "class_uid",
  CASE upper({_P}.requestMethod) WHEN 'GET' THEN 2 WHEN 'HEAD' THEN 2 WHEN 'POST' THEN 1 WHEN 'PUT' THEN 3
    WHEN 'PATCH' THEN 3 WHEN 'DELETE' THEN 4 ELSE 99 END AS "activity_id",
  CASE {_STATUS} WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  {_STATUS} AS "status",
  coalesce({_P}.responseStatusCode, nullif(native.resultSignature, '')) AS "status_code",
  'entra:' || coalesce({TENANT}, label_tenant, '') || ':' || {_ACTOR} AS "principal",
  coalesce(nullif({_P}.sessionId, ''), nullif({_P}.c_Sid, ''), {sign_in}) AS "session",
  {TENANT} AS "tenant",
  {_P}.requestId AS "metadata.uid",
  '{product}' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  coalesce(nullif(native.time, ''), {_P}.timeGenerated) AS "metadata.original_time",
  coalesce({_P}.operationId, native.correlationId) AS "metadata.correlation_uid",
  {TENANT} AS "metadata.tenant_uid",
  {_ACTOR} AS "actor.user.uid",
  CASE WHEN {_USER} IS NOT NULL THEN 1 WHEN nullif({_P}.servicePrincipalId, '') IS NOT NULL THEN 4 ELSE 0 END
    AS "actor.user.type_id",
  {_P}.appId AS "actor.app_uid",
  coalesce(nullif({_P}.sessionId, ''), nullif({_P}.c_Sid, '')) AS "actor.session.uid",
  {sign_in} AS "actor.session.uid_alt",
  iso_time(nullif({_P}.tokenIssuedAt, '')) AS "actor.session.created_time",
  nullif({_P}.identityProvider, '') AS "actor.session.issuer",
  upper({_P}.requestMethod) || ' ' || {_PATH} AS "api.operation",
  {_P}.apiVersion AS "api.version",
  '{host}' AS "api.service.name",
  {_P}.requestId AS "api.request.uid",
  {_CODE} AS "api.response.code",
  ip_address(coalesce(nullif({_P}.ipAddress, ''), nullif({_P}.callerIpAddress, ''), native.callerIpAddress))
    AS "src_endpoint.ip",
  nullif({_P}.userAgent, '') AS "http_request.user_agent",
  upper({_P}.requestMethod) AS "http_request.http_method",
  {_P}.requestId AS "http_request.uid",
  {_URI} AS "http_request.url.url_string",
  {_PATH} AS "http_request.url.path",
  nullif(regexp_extract({_URI}, '\\?([^#]*)', 1), '') AS "http_request.url.query_string",
  nullif(lower(regexp_extract({_URI}, '^https?://([^/?#]*)', 1)), '') AS "http_request.url.hostname",
  'Azure' AS "cloud.provider",
  {TENANT} AS "cloud.org.uid"
"""


SIGN_IN = f"nullif({_P}.signInActivityId, '')"

PROJECTION = projection("Microsoft Graph", "graph.microsoft.com", SIGN_IN)
