"""Requests to a vault as OCSF API Activity (6003)."""

from __future__ import annotations

from stratagem.sources._sql import filled, resource, resources, without_port
from stratagem.sources.azure_key_vault import request

STRUCTURE = f"""{{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "operationVersion": "VARCHAR",
  "resourceId": "VARCHAR", "resultType": "VARCHAR", "resultSignature": "VARCHAR", "resultDescription": "VARCHAR",
  "callerIpAddress": "VARCHAR", "correlationId": "VARCHAR", "tenantId": "VARCHAR", "location": "VARCHAR",
  "identity": {{"claim": {{
    "oid": "VARCHAR", "{request.OBJECT_ID}": "VARCHAR", "appid": "VARCHAR", "upn": "VARCHAR",
    "{request.UPN}": "VARCHAR", "unique_name": "VARCHAR", "{request.NAME}": "VARCHAR", "ipaddr": "VARCHAR",
    "uti": "VARCHAR"
  }}}},
  "properties": {{
    "id": "VARCHAR", "clientInfo": "VARCHAR", "httpStatusCode": "VARCHAR", "requestUri": "VARCHAR",
    "entity": "VARCHAR", "subnetId": "VARCHAR"
  }}
}}"""

_P = "native.properties"
_CLAIM = "native.identity.claim"
_NAMES = [f'{_CLAIM}."{name}"' for name in ("upn", request.UPN, "unique_name", request.NAME)]
_ID = "^https?://[^/]+/(?:deleted)?(secrets|keys|certificates|storage)/([^/?#]+)(?:/([^/?#]+))?"

_READ = f"""
  lower({filled(f"{_CLAIM}.oid", f'{_CLAIM}."{request.OBJECT_ID}"', f"{_CLAIM}.appid")}) AS _actor,
  {filled(*_NAMES)} AS _name,
  TRY_CAST({_P}.httpStatusCode AS INTEGER) AS _code,
  lower({filled("native.tenantId")}) AS _tenant,
  lower({filled("native.resourceId", f"{_P}.entity")}) AS _vault,
  nullif(lower(regexp_extract({_P}.id, '{_ID}', 1)), '') AS _kind,
  nullif(regexp_extract({_P}.id, '{_ID}', 2), '') AS _item,
  nullif(regexp_extract({_P}.id, '{_ID}', 3), '') AS _version
"""
_JUDGED = """
  CASE WHEN _code IS NULL THEN CASE lower(native.resultType) WHEN 'success' THEN 'success' WHEN 'failed' THEN 'failure'
      WHEN 'failure' THEN 'failure' ELSE 'unknown' END
    WHEN _code < 400 THEN 'success'
    WHEN _code = 401 AND _actor IS NULL THEN 'unknown'
    WHEN _code IN (401, 403) THEN 'denied' ELSE 'failure' END AS _status,
  nullif(regexp_extract(_vault, '^/subscriptions/([^/]+)', 1), '') AS _subscription
"""
_RESOURCES = resources(
    (
        "_item IS NOT NULL",
        resource(
            uid=f"{_P}.id",
            name="_item",
            kind="_kind",
            version="_version",
            namespace="split_part(_vault, '/', 9)",
            owner_uid="_subscription",
        ),
    ),
    (
        "_vault IS NOT NULL",
        resource(
            uid="_vault",
            name="split_part(_vault, '/', 9)",
            kind="'microsoft.keyvault/' || split_part(_vault, '/', 8)",
            group="nullif(regexp_extract(_vault, '/resourcegroups/([^/]+)', 1), '')",
            owner_uid="_subscription",
        ),
    ),
)

PROJECTION = f"""{_READ}
;
{_JUDGED}
;
  iso_time(native.time) AS "time",
  6003 AS "class_uid",
  CASE WHEN regexp_matches(native.operationName, '(Create|Import|Set|Restore|Put)$') THEN 1
    WHEN regexp_matches(native.operationName, '(Get|List|ListVersions|ListDeleted|Backup)$') THEN 2
    WHEN regexp_matches(native.operationName, '(Update|Patch|Recover)$') THEN 3
    WHEN regexp_matches(native.operationName, '(Delete|Purge)$') THEN 4 ELSE 99 END AS "activity_id",
  CASE _status WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  _status AS "status",
  {filled(f"{_P}.httpStatusCode", "native.resultType")} AS "status_code",
  {filled("native.resultDescription", "native.resultSignature")} AS "status_detail",
  'entra:' || coalesce(_tenant, label_tenant, '') || ':' || _actor AS "principal",
  nullif({_CLAIM}.uti, '') AS "session",
  _subscription AS "account",
  _tenant AS "tenant",
  'Azure Key Vault' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  'Microsoft.KeyVault' AS "metadata.log_provider",
  native.time AS "metadata.original_time",
  nullif(native.correlationId, '') AS "metadata.correlation_uid",
  _tenant AS "metadata.tenant_uid",
  _actor AS "actor.user.uid",
  _name AS "actor.user.name",
  CASE WHEN _name IS NOT NULL THEN 1 WHEN _actor IS NOT NULL THEN 4 ELSE 0 END AS "actor.user.type_id",
  nullif({_CLAIM}.appid, '') AS "actor.app_uid",
  nullif({_CLAIM}.uti, '') AS "actor.session.uid_alt",
  ip_address({without_port(filled("native.callerIpAddress", f"{_CLAIM}.ipaddr"))}) AS "src_endpoint.ip",
  native.operationName AS "api.operation",
  nullif(native.operationVersion, '') AS "api.version",
  'Microsoft.KeyVault' AS "api.service.name",
  nullif(native.correlationId, '') AS "api.request.uid",
  _code AS "api.response.code",
  CASE WHEN _code >= 400 THEN nullif(native.resultSignature, '') END AS "api.response.error",
  CASE WHEN _code >= 400 THEN nullif(native.resultDescription, '') END AS "api.response.error_message",
  nullif({_P}.clientInfo, '') AS "http_request.user_agent",
  nullif({_P}.requestUri, '') AS "http_request.url.url_string",
  nullif(lower(regexp_extract({_P}.requestUri, '^https?://([^/?#]*)', 1)), '') AS "http_request.url.hostname",
  'Azure' AS "cloud.provider",
  nullif(native.location, '') AS "cloud.region",
  _subscription AS "cloud.account.uid",
  _tenant AS "cloud.org.uid",
  {_RESOURCES} AS "resources"
"""
