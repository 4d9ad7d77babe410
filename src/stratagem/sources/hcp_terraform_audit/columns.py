"""Audit records as OCSF Entity Management (class 3004): everything that it logs is an entity of the organisation."""

from __future__ import annotations

from stratagem.sources._sql import resource

STRUCTURE = """{
  "id": "VARCHAR", "version": "VARCHAR", "timestamp": "VARCHAR",
  "auth": {"accessor_id": "VARCHAR", "description": "VARCHAR", "type": "VARCHAR", "impersonator_id": "VARCHAR",
    "organization_id": "VARCHAR"},
  "request": {"id": "VARCHAR"},
  "resource": {"id": "VARCHAR", "type": "VARCHAR", "action": "VARCHAR", "meta": "JSON"}
}"""

_SCOPE = "coalesce(native.auth.organization_id, label_tenant, '')"
_ACTOR = "coalesce(nullif(native.auth.accessor_id, ''), nullif(native.auth.description, ''))"

PROJECTION = f"""
  iso_time(native.timestamp) AS "time",
  native.timestamp AS "metadata.original_time",
  3004 AS "class_uid",
  CASE WHEN regexp_matches(native.resource.action, '^(create|add|upload)') THEN 1
    WHEN regexp_matches(native.resource.action, '^(read|show|index|download|list)') THEN 2
    WHEN regexp_matches(native.resource.action, '^(destroy|delete|remove|revoke)') THEN 4
    WHEN regexp_matches(native.resource.action, '^(update|apply|discard|cancel|lock|unlock|force|override)') THEN 3
    ELSE 99 END AS "activity_id",
  'terraform:' || {_SCOPE} || ':' || {_ACTOR} AS "principal",
  CASE WHEN nullif(native.auth.impersonator_id, '') IS NOT NULL
    THEN 'terraform:' || {_SCOPE} || ':' || native.auth.impersonator_id END AS "impersonator",
  native.auth.organization_id AS "tenant",
  'HCP Terraform' AS "metadata.product.name",
  'HashiCorp' AS "metadata.product.vendor_name",
  'audit-trail' AS "metadata.log_name",
  native.version AS "metadata.log_version",
  native.resource.type || '.' || native.resource.action AS "metadata.event_code",
  native.request.id AS "metadata.correlation_uid",
  native.auth.organization_id AS "metadata.tenant_uid",
  native.auth.accessor_id AS "actor.user.uid",
  native.auth.description AS "actor.user.name",
  native.auth.type AS "actor.user.type",
  CASE native.auth.type WHEN 'System' THEN 3 WHEN 'Client' THEN 1 ELSE 0 END AS "actor.user.type_id",
  native.resource.id AS "entity.uid",
  native.resource.type AS "entity.type",
  native.resource.meta::VARCHAR AS "entity.data",
  native.resource.type || '.' || native.resource.action AS "api.operation",
  'app.terraform.io' AS "api.service.name",
  native.request.id AS "api.request.uid",
  [{resource(name="native.resource.id", kind="native.resource.type", uid="native.resource.id")}] AS "resources"
"""
