"""Audit events as OCSF: sign-ins (3002), users (3001), memberships (3006), else Entity Management (3004)."""

from __future__ import annotations

from stratagem.sources._sql import resource

_WORDS = (
    '"event_name": "VARCHAR", "author_name": "VARCHAR", "entity_path": "VARCHAR", "ip_address": "VARCHAR", '
    '"target_details": "VARCHAR", "target_type": "VARCHAR", "target_id": "VARCHAR", "change": "VARCHAR", '
    '"add": "VARCHAR", "remove": "VARCHAR", "failed_login": "VARCHAR", "custom_message": "VARCHAR", '
    '"from": "VARCHAR", "to": "VARCHAR"'
)
STRUCTURE = (
    '{"id": "VARCHAR", "created_at": "VARCHAR", "time": "VARCHAR", "severity": "VARCHAR", "author_id": "VARCHAR", '
    '"entity_id": "VARCHAR", "entity_type": "VARCHAR", "event_type": "VARCHAR", "correlation_id": "VARCHAR", '
    f'{_WORDS}, "details": {{{_WORDS}, "author_class": "VARCHAR"}}}}'
)


def _either(name: str) -> str:
    return f"coalesce(nullif(native.\"{name}\", ''), nullif(native.details.\"{name}\", ''))"


PROJECTION = f"""
  coalesce(native.created_at, native.time) AS _time,
  coalesce(nullif(nullif(native.event_type, ''), 'audit_operation'), {_either("event_name")},
    'change_' || {_either("change")}, 'add_' || {_either("add")}, 'remove_' || {_either("remove")},
    'failed_login_' || {_either("failed_login")}, {_either("custom_message")}, native.event_type) AS _event,
  {_either("target_details")} AS _target,
  {_either("entity_path")} AS _path
;
  lower(coalesce(_event, '')) AS _low,
  CASE WHEN regexp_matches(lower(coalesce(_event, '')), 'failed_login|login_failed|authenticat|sign_in|signed in')
      THEN 3002
    WHEN regexp_matches(lower(coalesce(_event, '')), 'member|user_access') THEN 3006
    WHEN {_either("target_type")} = 'User' AND native.entity_type = 'User' THEN 3001
    ELSE 3004 END AS _class
;
  iso_time(_time) AS "time",
  _time AS "metadata.original_time",
  _class AS "class_uid",
  CASE _class WHEN 3002 THEN 1
    WHEN 3006 THEN CASE WHEN regexp_matches(_low, 'add|create') THEN 3
      WHEN regexp_matches(_low, 'remove|destroy|delete') THEN 4 ELSE 99 END
    WHEN 3001 THEN CASE WHEN regexp_matches(_low, 'create|add') THEN 1 WHEN regexp_matches(_low, 'password') THEN 3
      WHEN regexp_matches(_low, 'block|deactivate') THEN 5 WHEN regexp_matches(_low, 'destroy|remove|delete') THEN 6
      ELSE 99 END
    ELSE CASE WHEN regexp_matches(_low, 'create|^add') THEN 1
      WHEN regexp_matches(_low, 'destroy|remove|delete|revoke') THEN 4
      WHEN regexp_matches(_low, 'update|change|^change_') THEN 3 ELSE 99 END END AS "activity_id",
  CASE WHEN contains(_low, 'fail') THEN 2 ELSE 0 END AS "status_id",
  'gitlab:' || coalesce(label_tenant, '') || ':' || coalesce(native.author_id, {_either("author_name")})
    AS "principal",
  'GitLab' AS "metadata.product.name",
  'GitLab' AS "metadata.product.vendor_name",
  'audit' AS "metadata.log_name",
  _event AS "metadata.event_code",
  native.correlation_id AS "metadata.correlation_uid",
  {_either("custom_message")} AS "message",
  native.author_id AS "actor.user.uid",
  {_either("author_name")} AS "actor.user.name",
  native.details.author_class AS "actor.user.type",
  CASE WHEN _class IN (3001, 3006) OR (_class = 3002 AND native.entity_type = 'User') THEN _target END AS "user.name",
  CASE WHEN _class = 3006 THEN native.entity_id END AS "group.uid",
  CASE WHEN _class = 3006 THEN coalesce(_path, native.entity_type) END AS "group.name",
  CASE WHEN _class = 3006 THEN native.entity_type END AS "group.type",
  CASE WHEN _class = 3004 THEN coalesce({_either("target_id")}, native.entity_id) END AS "entity.uid",
  CASE WHEN _class = 3004 THEN coalesce(_target, _path) END AS "entity.name",
  CASE WHEN _class = 3004 THEN coalesce({_either("target_type")}, native.entity_type) END AS "entity.type",
  CASE WHEN {_either("change")} IS NOT NULL THEN json_object('change', {_either("change")}, 'from', {_either("from")},
    'to', {_either("to")})::VARCHAR END AS "entity.data",
  ip_address({_either("ip_address")}) AS "src_endpoint.ip",
  _event AS "api.operation",
  'gitlab' AS "api.service.name",
  [{resource(name="coalesce(_path, _target)", kind="native.entity_type", uid="native.entity_id")}] AS "resources"
"""
