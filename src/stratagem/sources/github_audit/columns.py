"""Audit records as OCSF: sign-ins (3002), accounts (3001), teams (3006), Git and API requests (6003), else 3004."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "@timestamp": "VARCHAR", "created_at": "VARCHAR", "at_sign_timestamp": "VARCHAR", "_document_id": "VARCHAR",
  "action": "VARCHAR", "actor": "VARCHAR", "actor_id": "VARCHAR", "actor_ip": "VARCHAR", "actor_is_bot": "BOOLEAN",
  "actor_location": {"country_code": "VARCHAR"}, "external_identity_nameid": "VARCHAR", "user": "VARCHAR",
  "user_id": "VARCHAR", "org": "JSON", "org_id": "JSON", "business": "VARCHAR", "business_id": "VARCHAR",
  "repo": "VARCHAR", "repository": "VARCHAR", "repo_id": "VARCHAR", "team": "VARCHAR", "name": "VARCHAR",
  "user_agent": "VARCHAR", "programmatic_access_type": "VARCHAR", "hashed_token": "VARCHAR", "token_id": "VARCHAR",
  "operation_type": "VARCHAR", "request_id": "VARCHAR", "conclusion": "VARCHAR", "message": "VARCHAR",
  "transport_protocol_name": "VARCHAR", "url_path": "VARCHAR", "request_method": "VARCHAR", "status_code": "VARCHAR",
  "data": "JSON"
}"""

_ENTITY_ACTIVITY = """CASE
    WHEN regexp_matches(_verb, '^(create|add|register|install|invite|generate|grant|access_granted|upload)') THEN 1
    WHEN regexp_matches(_verb, '^(destroy|delete|remove|uninstall|revoke|deregister)') THEN 4
    WHEN regexp_matches(_verb, 'enable') THEN 8
    WHEN regexp_matches(_verb, 'disable') THEN 9
    WHEN regexp_matches(_verb, '^(view|list|download|read|access)') THEN 2
    WHEN regexp_matches(_verb, 'update|change|edit|rename|transfer|set|policy_override|rejected|completed') THEN 3
    ELSE 99 END"""
_CLASS = """CASE
    WHEN native.action IN ('user.login', 'user.failed_login', 'user.logout', 'org.sso_response') THEN 3002
    WHEN _kind IN ('user', 'two_factor_authentication', 'account') THEN 3001
    WHEN _kind = 'team' AND contains(_verb, 'member') THEN 3006
    WHEN _kind IN ('git', 'api') THEN 6003
    ELSE 3004 END"""
_ACTIVITY = f"""CASE _class
    WHEN 3002 THEN CASE WHEN _verb = 'logout' THEN 2 ELSE 1 END
    WHEN 3001 THEN CASE _verb WHEN 'create' THEN 1 WHEN 'destroy' THEN 6 WHEN 'delete' THEN 6 WHEN 'suspend' THEN 5
      WHEN 'change_password' THEN 3 WHEN 'enabled' THEN 10 WHEN 'disabled' THEN 11 ELSE 99 END
    WHEN 3006 THEN CASE WHEN _verb LIKE 'add%' THEN 3 WHEN _verb LIKE 'remove%' THEN 4 ELSE 99 END
    WHEN 6003 THEN CASE WHEN _verb IN ('clone', 'fetch') THEN 2 WHEN _verb = 'push' THEN 3
      WHEN native.request_method IN ('GET', 'HEAD') THEN 2 ELSE 99 END
    ELSE {_ENTITY_ACTIVITY} END"""

PROJECTION = f"""
  split_part(native.action, '.', 1) AS _kind,
  split_part(native.action, '.', 2) AS _verb,
  CASE json_type(native.org) WHEN 'ARRAY' THEN json_extract_string(native.org, '$[0]')
    ELSE json_extract_string(native.org, '$') END AS _org,
  coalesce(nullif(native.repo, ''), nullif(native.repository, ''), json_extract_string(native.data, '$.repo')) AS _repo,
  coalesce(nullif(native.actor_id, ''), nullif(native.actor, '')) AS _actor,
  CASE WHEN native.action = 'user.failed_login' OR native.conclusion = 'failure' THEN 'failure'
    WHEN native.conclusion = 'success' THEN 'success' ELSE 'unknown' END AS _outcome
;
  {_CLASS} AS _class
;
  iso_time(coalesce(native."@timestamp", native.created_at, native.at_sign_timestamp)) AS "time",
  coalesce(native."@timestamp", native.created_at, native.at_sign_timestamp) AS "metadata.original_time",
  _class AS "class_uid",
  {_ACTIVITY} AS "activity_id",
  CASE _outcome WHEN 'success' THEN 1 WHEN 'failure' THEN 2 ELSE 0 END AS "status_id",
  _outcome AS "status",
  native.status_code AS "status_code",
  'github:' || coalesce(_org, nullif(native.business, ''), '') || ':' || _actor AS "principal",
  coalesce(native.hashed_token, native.token_id) AS "session",
  _org AS "account",
  nullif(native.business, '') AS "tenant",
  'GitHub' AS "metadata.product.name",
  'GitHub' AS "metadata.product.vendor_name",
  'audit' AS "metadata.log_name",
  native.action AS "metadata.event_code",
  native.request_id AS "metadata.correlation_uid",
  native.message AS "message",
  native.actor AS "actor.user.name",
  native.actor_id AS "actor.user.uid",
  native.external_identity_nameid AS "actor.user.uid_alt",
  CASE WHEN native.actor_is_bot OR native.actor LIKE '%[bot]' THEN 4 WHEN native.actor IS NOT NULL THEN 1 ELSE 0 END
    AS "actor.user.type_id",
  native.hashed_token AS "actor.session.credential_uid",
  native.programmatic_access_type AS "actor.app_name",
  native."user" AS "user.name",
  native.user_id AS "user.uid",
  CASE WHEN _kind = 'team' THEN native.team END AS "group.name",
  CASE WHEN _class = 3004 THEN coalesce(native.name, _repo, native.team, _org) END AS "entity.name",
  CASE WHEN _class = 3004 THEN _kind END AS "entity.type",
  ip_address(native.actor_ip) AS "src_endpoint.ip",
  native.actor_location.country_code AS "src_endpoint.location.country",
  native.action AS "api.operation",
  'github.com' AS "api.service.name",
  native.user_agent AS "http_request.user_agent",
  native.request_method AS "http_request.http_method",
  native.url_path AS "http_request.url.path",
  native.transport_protocol_name AS "auth_protocol",
  {resources(("_repo IS NOT NULL", resource(name="_repo", kind="'repository'", uid="native.repo_id", owner="_org")))}
    AS "resources"
"""
