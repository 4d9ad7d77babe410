"""Admission reviews as OCSF API Activity (class 6003), with the same principals as the Kubernetes audit log."""

from __future__ import annotations

from stratagem.sources._sql import CLUSTER_SCOPE, resource

STRUCTURE = """{
  "requestReceivedTimestamp": "VARCHAR",
  "request": {
    "uid": "VARCHAR", "operation": "VARCHAR", "subResource": "VARCHAR", "namespace": "VARCHAR", "name": "VARCHAR",
    "dryRun": "BOOLEAN", "kind": {"kind": "VARCHAR"},
    "resource": {"group": "VARCHAR", "version": "VARCHAR", "resource": "VARCHAR"},
    "userInfo": {"username": "VARCHAR", "uid": "VARCHAR", "groups": ["VARCHAR"]},
    "object": {"metadata": {"name": "VARCHAR", "uid": "VARCHAR"}}
  }
}"""

_R = "native.request"

PROJECTION = f"""
  iso_time(native.requestReceivedTimestamp) AS "time",
  native.requestReceivedTimestamp AS "metadata.original_time",
  6003 AS "class_uid",
  CASE {_R}.operation WHEN 'CREATE' THEN 1 WHEN 'UPDATE' THEN 3 WHEN 'DELETE' THEN 4 ELSE 99 END AS "activity_id",
  'unknown' AS "status",
  'kubernetes:' || {CLUSTER_SCOPE} || ':' || {_R}.userInfo.username AS "principal",
  'Kubernetes' AS "metadata.product.name",
  'Kubernetes' AS "metadata.product.vendor_name",
  'admission' AS "metadata.log_name",
  {_R}.userInfo.username AS "actor.user.name",
  {_R}.userInfo.uid AS "actor.user.uid",
  list_transform({_R}.userInfo.groups, lambda x: {{'name': x}}) AS "actor.user.groups",
  CASE WHEN {_R}.userInfo.username LIKE 'system:serviceaccount:%' THEN 4
    WHEN {_R}.userInfo.username LIKE 'system:%' THEN 3 WHEN {_R}.userInfo.username IS NOT NULL THEN 1 END
    AS "actor.user.type_id",
  lower({_R}.operation) AS "api.operation",
  {_R}.resource.version AS "api.version",
  {_R}.resource."group" AS "api.group.name",
  'kube-apiserver' AS "api.service.name",
  {_R}.uid AS "api.request.uid",
  CASE WHEN {_R}.dryRun THEN ['dry-run'] END AS "api.request.flags",
  [{
    resource(
        name=f"coalesce(nullif({_R}.name, ''), {_R}.object.metadata.name)",
        kind=f"concat_ws('/', {_R}.resource.resource, nullif({_R}.subResource, ''))",
        uid=f"{_R}.object.metadata.uid",
        namespace=f"{_R}.namespace",
        version=f"{_R}.resource.version",
    )
}] AS "resources"
"""
