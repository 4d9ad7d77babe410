"""Notifications as OCSF API Activity (class 6003)."""

from __future__ import annotations

from stratagem.sources._sql import resource

STRUCTURE = """{
  "id": "VARCHAR", "timestamp": "VARCHAR", "action": "VARCHAR",
  "target": {"mediaType": "VARCHAR", "digest": "VARCHAR", "repository": "VARCHAR", "tag": "VARCHAR", "url": "VARCHAR"},
  "request": {"id": "VARCHAR", "addr": "VARCHAR", "host": "VARCHAR", "method": "VARCHAR", "useragent": "VARCHAR"},
  "actor": {"name": "VARCHAR"}, "source": {"addr": "VARCHAR", "instanceID": "VARCHAR"}
}"""

_HOST = "coalesce(nullif(native.request.host, ''), native.source.addr)"
_ACTOR = "nullif(native.actor.name, '')"
_IP = """CASE WHEN native.request.addr LIKE '[%' THEN regexp_extract(native.request.addr, '^[[]([^]]+)', 1)
    ELSE regexp_replace(native.request.addr, '^([0-9.]+):[0-9]+$', '\\1') END"""

PROJECTION = f"""
  iso_time(native.timestamp) AS "time",
  native.timestamp AS "metadata.original_time",
  6003 AS "class_uid",
  CASE native.action WHEN 'push' THEN 1 WHEN 'mount' THEN 1 WHEN 'pull' THEN 2 WHEN 'delete' THEN 4 ELSE 99 END
    AS "activity_id",
  1 AS "status_id",
  'success' AS "status",
  'Distribution' AS "metadata.product.name",
  'CNCF' AS "metadata.product.vendor_name",
  'notifications' AS "metadata.log_name",
  native.target.mediaType AS "metadata.event_code",
  native.request.id AS "metadata.correlation_uid",
  'registry:' || coalesce({_HOST}, '') || ':' || {_ACTOR} AS "principal",
  {_ACTOR} AS "actor.user.name",
  CASE WHEN {_ACTOR} IS NOT NULL THEN 0 END AS "actor.user.type_id",
  ip_address({_IP}) AS "src_endpoint.ip",
  {_HOST} AS "dst_endpoint.hostname",
  native.action AS "api.operation",
  'registry' AS "api.service.name",
  native.request.id AS "api.request.uid",
  native.request.useragent AS "http_request.user_agent",
  upper(native.request.method) AS "http_request.http_method",
  native.target.url AS "http_request.url.url_string",
  [{
    resource(
        name="native.target.repository",
        kind="'repository'",
        uid="native.target.digest",
        version="native.target.tag",
    )
}] AS "resources"
"""
