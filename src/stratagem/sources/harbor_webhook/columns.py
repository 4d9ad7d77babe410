"""Webhooks as OCSF API Activity (class 6003)."""

from __future__ import annotations

from stratagem.sources._sql import resource

STRUCTURE = """{
  "type": "VARCHAR", "occur_at": "VARCHAR", "operator": "VARCHAR", "requestid": "VARCHAR", "id": "VARCHAR",
  "event_data": {
    "resources": [{"digest": "VARCHAR", "tag": "VARCHAR", "resource_url": "VARCHAR"}],
    "repository": {"name": "VARCHAR", "namespace": "VARCHAR", "repo_full_name": "VARCHAR", "repo_type": "VARCHAR"}
  }
}"""

_REPOSITORY = "native.event_data.repository"
_HOST = "split_part(native.event_data.resources[1].resource_url, '/', 1)"

PROJECTION = f"""
  nullif({_HOST}, '') AS _host,
  nullif(native.operator, '') AS _operator
;
  iso_time(native.occur_at) AS "time",
  native.occur_at AS "metadata.original_time",
  6003 AS "class_uid",
  CASE native.type WHEN 'PUSH_ARTIFACT' THEN 1 WHEN 'PULL_ARTIFACT' THEN 2 WHEN 'DELETE_ARTIFACT' THEN 4 ELSE 99 END
    AS "activity_id",
  CASE WHEN native.type IN ('PUSH_ARTIFACT', 'PULL_ARTIFACT', 'DELETE_ARTIFACT', 'SCANNING_COMPLETED') THEN 1
    WHEN native.type IN ('SCANNING_FAILED', 'QUOTA_EXCEED') THEN 2 ELSE 0 END AS "status_id",
  'registry:' || coalesce(_host, '') || ':' || _operator AS "principal",
  'Harbor' AS "metadata.product.name",
  'Harbor' AS "metadata.product.vendor_name",
  'webhook' AS "metadata.log_name",
  native.type AS "metadata.event_code",
  native.requestid AS "metadata.correlation_uid",
  _operator AS "actor.user.name",
  CASE WHEN _operator LIKE 'robot$%' THEN 4 WHEN _operator IS NOT NULL THEN 1 END AS "actor.user.type_id",
  _host AS "dst_endpoint.hostname",
  lower(native.type) AS "api.operation",
  'harbor' AS "api.service.name",
  coalesce(list_transform(native.event_data.resources, lambda each: {
    resource(
        name=f"{_REPOSITORY}.repo_full_name",
        kind="'repository'",
        uid="each.digest",
        version="each.tag",
        owner=f"{_REPOSITORY}.namespace",
    )
}), []) AS "resources"
"""
