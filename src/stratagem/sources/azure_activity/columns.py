"""Azure operations as OCSF API Activity (6003)."""

from __future__ import annotations

from stratagem.sources._sql import filled, resource, resources, without_port
from stratagem.sources.azure_activity import request

STRUCTURE = f"""{{
  "time": "VARCHAR", "resourceId": "VARCHAR", "operationName": "VARCHAR", "category": "VARCHAR",
  "resultType": "VARCHAR", "resultSignature": "VARCHAR", "resultDescription": "VARCHAR", "description": "VARCHAR",
  "callerIpAddress": "VARCHAR", "correlationId": "VARCHAR", "caller": "VARCHAR", "location": "VARCHAR",
  "tenantId": "VARCHAR", "subscriptionId": "VARCHAR", "eventDataId": "VARCHAR", "operationId": "VARCHAR",
  "hierarchy": "VARCHAR",
  "identity": {{
    "claims": {{
      "{request.OBJECT_ID}": "VARCHAR", "oid": "VARCHAR", "{request.UPN}": "VARCHAR", "upn": "VARCHAR",
      "{request.NAME}": "VARCHAR", "{request.MAIL}": "VARCHAR", "name": "VARCHAR", "appid": "VARCHAR",
      "ipaddr": "VARCHAR", "idtyp": "VARCHAR", "uti": "VARCHAR"
    }},
    "authorization": {{"scope": "VARCHAR", "evidence": {{"principalType": "VARCHAR"}}}}
  }},
  "httpRequest": {{"clientRequestId": "VARCHAR", "clientIpAddress": "VARCHAR"}},
  "properties": {{
    "statusCode": "VARCHAR", "statusMessage": "VARCHAR", "entity": "VARCHAR", "hierarchy": "VARCHAR"
  }}
}}"""

_CLAIMS = "native.identity.claims"
_EVIDENCE = "native.identity.authorization.evidence"


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_NAMES = [f'{_CLAIMS}."{name}"' for name in (request.UPN, "upn", request.NAME, request.MAIL, "name")]

_READ = f"""
  lower(native.operationName) AS _operation,
  lower(native.resultType) AS _result,
  lower({filled("native.resourceId", "native.properties.entity")}) AS _resource,
  lower({filled(f'{_CLAIMS}."{request.OBJECT_ID}"', f"{_CLAIMS}.oid")}) AS _object_id,
  coalesce({filled(*_NAMES)}, CASE WHEN contains(native.caller, '@') THEN native.caller END) AS _name,
  lower({filled("native.tenantId")}) AS _tenant,
  lower(coalesce({filled(f"{_EVIDENCE}.principalType", f"{_CLAIMS}.idtyp")}, '')) AS _kind,
  list_has_any(
    string_split(lower(coalesce(native.properties.statusCode, '')), '.')
      || string_split(lower(coalesce(native.resultSignature, '')), '.'),
    [{_words(request.DENIALS)}]) OR contains(native.properties.statusMessage, 'AuthorizationFailed') AS _refused
"""
_JUDGED = f"""
  CASE WHEN _result IN ({_words(request.SUCCESSES)}) THEN 'success'
    WHEN _result NOT IN ({_words(request.FAILURES)}) OR _result IS NULL THEN 'unknown'
    WHEN coalesce(_refused, false) THEN 'denied' ELSE 'failure' END AS _status,
  coalesce(_object_id, nullif(native.caller, ''), _name, nullif({_CLAIMS}.appid, '')) AS _actor,
  coalesce(nullif(regexp_extract(_resource, '^/subscriptions/([^/]+)', 1), ''),
    nullif(lower(native.subscriptionId), '')) AS _subscription
"""

_RESOURCE = resource(
    uid="_resource",
    name="split_part(_resource, '/', -1)",
    kind="regexp_replace(_operation, '(/[^/]+/action|/[^/]+)$', '')",
    region="nullif(native.location, '')",
    group="nullif(regexp_extract(_resource, '/resourcegroups/([^/]+)', 1), '')",
    owner_uid="_subscription",
)
_RESOURCES = resources(("_resource IS NOT NULL", _RESOURCE))

PROJECTION = f"""{_READ}
;
{_JUDGED}
;
  iso_time(native.time) AS "time",
  6003 AS "class_uid",
  CASE WHEN _operation LIKE '%/write' THEN CASE native.properties.statusCode WHEN 'Created' THEN 1 ELSE 3 END
    WHEN _operation LIKE '%/delete' THEN 4
    WHEN _operation LIKE '%/read' OR regexp_matches(_operation, '/list[a-z]*/action$') THEN 2
    ELSE 99 END AS "activity_id",
  CASE _status WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  _status AS "status",
  {filled("native.properties.statusCode", "native.resultSignature", "native.resultType")} AS "status_code",
  {filled("native.resultDescription", "native.properties.statusMessage", "native.description")} AS "status_detail",
  'entra:' || coalesce(_tenant, label_tenant, '') || ':' || _actor AS "principal",
  nullif({_CLAIMS}.uti, '') AS "session",
  _subscription AS "account",
  _tenant AS "tenant",
  nullif(native.eventDataId, '') AS "metadata.uid",
  'Azure Activity Log' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  split_part(native.operationName, '/', 1) AS "metadata.log_provider",
  native.resultType AS "metadata.event_code",
  native.time AS "metadata.original_time",
  coalesce(nullif(native.correlationId, ''), nullif(native.operationId, '')) AS "metadata.correlation_uid",
  _tenant AS "metadata.tenant_uid",
  _actor AS "actor.user.uid",
  _name AS "actor.user.name",
  CASE WHEN _kind IN ('app', 'serviceprincipal') THEN 4 WHEN contains(_name, '@') OR _kind = 'user' THEN 1
    WHEN nullif({_CLAIMS}.appid, '') IS NOT NULL THEN 4 ELSE 0 END AS "actor.user.type_id",
  nullif({_CLAIMS}.appid, '') AS "actor.app_uid",
  nullif({_CLAIMS}.uti, '') AS "actor.session.uid_alt",
  ip_address({
    without_port(filled("native.callerIpAddress", f"{_CLAIMS}.ipaddr", "native.httpRequest.clientIpAddress"))
})
    AS "src_endpoint.ip",
  _operation AS "api.operation",
  split_part(native.operationName, '/', 1) AS "api.service.name",
  nullif(native.httpRequest.clientRequestId, '') AS "api.request.uid",
  CASE WHEN _status IN ('denied', 'failure') THEN {filled("native.properties.statusCode", "native.resultSignature")} END
    AS "api.response.error",
  nullif(native.properties.statusMessage, '') AS "api.response.error_message",
  'Azure' AS "cloud.provider",
  nullif(native.location, '') AS "cloud.region",
  _subscription AS "cloud.account.uid",
  _tenant AS "cloud.org.uid",
  {_RESOURCES} AS "resources"
"""
