"""Requests as OCSF HTTP Activity (4002)."""

from __future__ import annotations

from stratagem.sources._http import activity, status, status_id
from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "method": "VARCHAR", "path": "VARCHAR", "controller": "VARCHAR", "action": "VARCHAR", "route": "VARCHAR",
  "status": "INTEGER", "host": "VARCHAR", "remote_ip": "VARCHAR", "ua": "VARCHAR", "user_id": "VARCHAR",
  "username": "VARCHAR", "meta.user": "VARCHAR", "meta.user_id": "VARCHAR", "meta.project": "VARCHAR",
  "meta.remote_ip": "VARCHAR", "token_id": "VARCHAR", "token_type": "VARCHAR", "correlation_id": "VARCHAR",
  "time": "VARCHAR", "severity": "VARCHAR", "duration_s": "DOUBLE", "exception.message": "VARCHAR"
}"""

PROJECTION = f"""
  coalesce(native.username, native."meta.user") AS _user,
  coalesce(native.user_id, native."meta.user_id") AS _user_id
;
  iso_time(native."time") AS "time",
  4002 AS "class_uid",
  {activity("native.method")} AS "activity_id",
  {status_id("native.status")} AS "status_id",
  {status("native.status")} AS "status",
  native.status::VARCHAR AS "status_code",
  native."exception.message" AS "status_detail",
  native.severity AS "severity",
  'gitlab:' || coalesce(label_tenant, '') || ':' || coalesce(_user_id, _user) AS "principal",
  native.token_id AS "session",
  'GitLab' AS "metadata.product.name",
  'GitLab' AS "metadata.product.vendor_name",
  CASE WHEN native.route IS NOT NULL THEN 'api_json' ELSE 'production_json' END AS "metadata.log_name",
  native."time" AS "metadata.original_time",
  native.correlation_id AS "metadata.correlation_uid",
  _user AS "actor.user.name",
  _user_id AS "actor.user.uid",
  native.token_id AS "actor.session.credential_uid",
  ip_address(coalesce(native.remote_ip, native."meta.remote_ip")) AS "src_endpoint.ip",
  native.host AS "dst_endpoint.hostname",
  coalesce(native.route, native.controller || '#' || native.action) AS "api.operation",
  'gitlab' AS "api.service.name",
  native.status AS "api.response.code",
  upper(native.method) AS "http_request.http_method",
  native.ua AS "http_request.user_agent",
  native.correlation_id AS "http_request.uid",
  native.path AS "http_request.url.path",
  native.host AS "http_request.url.hostname",
  native.status AS "http_response.code",
  CAST(round(native.duration_s * 1000) AS BIGINT) AS "http_response.latency",
  {resources(('native."meta.project" IS NOT NULL', resource(name='native."meta.project"', kind="'Project'")))}
    AS "resources"
"""
