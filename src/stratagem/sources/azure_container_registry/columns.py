"""Pulls and pushes as OCSF API Activity (6003), logins as Authentication (3002)."""

from __future__ import annotations

from stratagem.sources._sql import filled, resource, resources, without_port
from stratagem.sources.azure_container_registry.caller import ANONYMOUS, GUID

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "resourceId": "VARCHAR",
  "resultType": "VARCHAR", "resultDescription": "VARCHAR", "callerIpAddress": "VARCHAR", "correlationId": "VARCHAR",
  "identity": "VARCHAR", "location": "VARCHAR", "tenantId": "VARCHAR",
  "properties": {
    "loginServer": "VARCHAR", "repository": "VARCHAR", "tag": "VARCHAR", "digest": "VARCHAR", "mediaType": "VARCHAR",
    "artifactType": "VARCHAR", "userAgent": "VARCHAR", "userTenantId": "VARCHAR", "jwtId": "VARCHAR",
    "identity": "VARCHAR", "callerIpAddress": "VARCHAR"
  }
}"""

_P = "native.properties"

_READ = f"""
  nullif({filled("native.identity", f"{_P}.identity")}, '00000000-0000-0000-0000-000000000000') AS _identity,
  lower(nullif({_P}.loginServer, '')) AS _server,
  lower(native.operationName) AS _operation,
  nullif(native.resultType, '') AS _result,
  lower({filled("native.tenantId")}) AS _tenant,
  lower(nullif(native.resourceId, '')) AS _registry,
  {_P}.repository || coalesce(':' || nullif({_P}.tag, ''), '') || coalesce('@' || nullif({_P}.digest, ''), '') AS _image
"""
_JUDGED = f"""
  CASE WHEN regexp_full_match(_result, '[1-5][0-9]{{2}}') THEN _result::INTEGER
    WHEN regexp_full_match(native.resultDescription, '[1-5][0-9]{{2}}') THEN native.resultDescription::INTEGER
    END AS _code,
  contains(_identity, '@') OR regexp_full_match(_identity, '{GUID}') AS _is_directory,
  nullif(regexp_extract(_registry, '^/subscriptions/([^/]+)', 1), '') AS _subscription
"""
_DECIDED = f"""
  CASE WHEN _code IS NULL THEN CASE WHEN lower(_result) IN ('success', 'succeeded') THEN 'success'
      WHEN lower(_result) = 'failed' THEN 'failure' ELSE 'unknown' END
    WHEN _code < 400 THEN 'success' WHEN _code IN (401, 403) THEN 'denied' ELSE 'failure' END AS _status,
  CASE WHEN _identity IS NULL THEN '{ANONYMOUS}' WHEN _is_directory THEN lower(_identity) ELSE _identity END AS _actor
"""
_RESOURCES = resources(
    (
        "_image IS NOT NULL AND _image <> ''",
        resource(
            uid="coalesce(_server || '/', '') || _image",
            name=f"{_P}.repository",
            kind="coalesce(nullif(native.properties.mediaType, ''), 'image')",
            namespace="_server",
            version=filled(f"{_P}.tag", f"{_P}.digest"),
            owner_uid="_subscription",
        ),
    ),
    (
        "_registry IS NOT NULL",
        resource(
            uid="_registry",
            name="split_part(_registry, '/', -1)",
            kind="'microsoft.containerregistry/registries'",
            region="nullif(native.location, '')",
            group="nullif(regexp_extract(_registry, '/resourcegroups/([^/]+)', 1), '')",
            owner_uid="_subscription",
        ),
    ),
)

PROJECTION = f"""{_READ}
;
{_JUDGED}
;
{_DECIDED}
;
  iso_time(native.time) AS "time",
  CASE _operation WHEN 'login' THEN 3002 ELSE 6003 END AS "class_uid",
  CASE _operation WHEN 'login' THEN 1 WHEN 'push' THEN 1 WHEN 'import' THEN 1 WHEN 'pull' THEN 2 WHEN 'delete' THEN 4
    WHEN 'purge' THEN 4 WHEN 'untag' THEN 3 ELSE 99 END AS "activity_id",
  CASE _status WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  _status AS "status",
  coalesce(_code::VARCHAR, _result) AS "status_code",
  nullif(native.resultDescription, '') AS "status_detail",
  CASE WHEN _is_directory
      THEN 'entra:' || coalesce(lower(nullif({_P}.userTenantId, '')), _tenant, label_tenant, '') || ':' || _actor
    ELSE 'acr:' || coalesce(_server, '') || ':' || _actor END AS "principal",
  nullif({_P}.jwtId, '') AS "session",
  _subscription AS "account",
  _tenant AS "tenant",
  'Azure Container Registry' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  'Microsoft.ContainerRegistry' AS "metadata.log_provider",
  native.time AS "metadata.original_time",
  nullif(native.correlationId, '') AS "metadata.correlation_uid",
  _tenant AS "metadata.tenant_uid",
  _actor AS "actor.user.uid",
  CASE WHEN contains(_identity, '@') OR NOT _is_directory THEN _identity END AS "actor.user.name",
  CASE WHEN contains(_identity, '@') THEN 1 WHEN _identity IS NULL THEN 0 ELSE 99 END AS "actor.user.type_id",
  lower(nullif({_P}.userTenantId, '')) AS "actor.user.account.uid",
  nullif({_P}.jwtId, '') AS "actor.session.uid_alt",
  CASE WHEN _operation = 'login' THEN _actor END AS "user.uid",
  CASE WHEN _operation = 'login' THEN _server END AS "service.name",
  ip_address({without_port(filled("native.callerIpAddress", f"{_P}.callerIpAddress"))}) AS "src_endpoint.ip",
  native.operationName AS "api.operation",
  coalesce(_server, 'Microsoft.ContainerRegistry') AS "api.service.name",
  nullif(native.correlationId, '') AS "api.request.uid",
  _code AS "api.response.code",
  CASE WHEN _code >= 400 THEN nullif(native.resultDescription, '') END AS "api.response.error_message",
  nullif({_P}.userAgent, '') AS "http_request.user_agent",
  'Azure' AS "cloud.provider",
  nullif(native.location, '') AS "cloud.region",
  _subscription AS "cloud.account.uid",
  _tenant AS "cloud.org.uid",
  {_RESOURCES} AS "resources"
"""
