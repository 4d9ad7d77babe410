"""Workspace activities as OCSF: Authentication 3002, Account Change 3001, Group Management 3006, API Activity 6003.

The class is that of the activity's first event.
"""

from __future__ import annotations

from stratagem.sources import _google
from stratagem.sources._sql import resource, resources
from stratagem.sources.google_workspace.activity import GROUPS, TARGETS

STRUCTURE = """{
  "id": {"time": "VARCHAR", "uniqueQualifier": "VARCHAR", "applicationName": "VARCHAR", "customerId": "VARCHAR"},
  "actor": {"email": "VARCHAR", "profileId": "VARCHAR", "callerType": "VARCHAR", "key": "VARCHAR"},
  "ipAddress": "VARCHAR", "ownerDomain": "VARCHAR", "networkInfo": {"regionCode": "VARCHAR", "ipAsn": ["BIGINT"]},
  "events": [{
    "type": "VARCHAR", "name": "VARCHAR",
    "parameters": [{"name": "VARCHAR", "value": "VARCHAR", "boolValue": "VARCHAR", "multiValue": ["VARCHAR"]}]
  }]
}"""


def _parameter(*names: str) -> str:
    """SQL of the first text that one of the events has under one of these names."""
    each = ", ".join(
        f"list_filter(_parameters, lambda one: lower(one.name) = '{name}' AND one.value <> '')[1].value"
        for name in names
    )
    return f"coalesce({each})" if len(names) > 1 else each


_READ = """
  coalesce(lower(nullif(native.actor.email, '')), nullif(native.actor.profileId, ''), nullif(native.actor.key, ''))
    AS _actor,
  native.id.applicationName AS _application,
  native.events[1].name AS _name,
  native.events[1].type AS _type,
  flatten(list_transform(native.events, lambda each: each.parameters)) AS _parameters,
  list_transform(native.events, lambda each: lower(each.name)) AS _names
"""
_JUDGED = f"""
  CASE WHEN _application NOT IN ('login', 'saml') OR _application IS NULL THEN 'unknown'
    WHEN list_has_any(_names, ['login_failure', 'samlloginfailed'])
      OR lower({_parameter("login_challenge_status")}) LIKE '%failed' THEN 'failure'
    WHEN list_contains(_names, 'login_success') THEN 'success' ELSE 'unknown' END AS _status,
  lower({_parameter(*TARGETS)}) AS _target,
  lower({_parameter(*GROUPS)}) AS _group,
  CASE WHEN _application IN ('login', 'saml') THEN 3002
    WHEN _application IN ('groups', 'groups_enterprise') OR (_application = 'admin' AND _type = 'GROUP_SETTINGS')
      THEN 3006
    WHEN _application = 'user_accounts' OR (_application = 'admin' AND _type = 'USER_SETTINGS') THEN 3001
    ELSE 6003 END AS _class,
  lower(_name) AS _event
"""
_ACTIVITY = """CASE _class
    WHEN 3002 THEN CASE WHEN _event LIKE 'login_%' OR _event LIKE 'saml%' THEN 1 WHEN _event = 'logout' THEN 2
      ELSE 99 END
    WHEN 3001 THEN CASE WHEN _event = 'create_user' THEN 1 WHEN _event IN ('unsuspend_user', 'undelete_user') THEN 2
      WHEN _event = 'password_edit' THEN 3 WHEN _event = 'change_password' THEN 4 WHEN _event = 'suspend_user' THEN 5
      WHEN _event = 'delete_user' THEN 6 WHEN _event IN ('2sv_enroll', 'titanium_enroll') THEN 10
      WHEN _event IN ('2sv_disable', 'titanium_unenroll') THEN 11 ELSE 99 END
    WHEN 3006 THEN CASE WHEN _event IN ('add_group_member', 'add_member', 'add_user', 'join') THEN 3
      WHEN _event IN ('remove_group_member', 'remove_member', 'remove_user') THEN 4 WHEN _event = 'delete_group' THEN 5
      WHEN _event = 'create_group' THEN 6 ELSE 99 END
    ELSE CASE WHEN regexp_matches(_event, '^(create|add|upload|assign|authorize|copy)') THEN 1
      WHEN regexp_matches(_event, '^(view|download|access|search|activity|preview|print|export)') THEN 2
      WHEN regexp_matches(_event, '^(change|edit|update|rename|move|enforce|allow|toggle|alter)') THEN 3
      WHEN regexp_matches(_event, '^(delete|remove|revoke|trash|unassign)') THEN 4 ELSE 99 END
    END"""

_RESOURCES = resources(
    (
        f"{_parameter('doc_id')} IS NOT NULL",
        resource(
            uid=_parameter("doc_id"),
            name=_parameter("doc_title"),
            kind=f"coalesce({_parameter('doc_type')}, 'document')",
            owner=_parameter("owner"),
        ),
    ),
    (
        "_class = 6003 AND _target IS NOT NULL",
        resource(uid="_target", name="_target", kind="'user'"),
    ),
    (
        f"{_parameter('client_id')} IS NOT NULL",
        resource(uid=_parameter("client_id"), name=_parameter("app_name"), kind="'oauth_client'"),
    ),
)

PROJECTION = f"""{_READ}
;
{_JUDGED}
;
  iso_time(native.id.time) AS "time",
  _class AS "class_uid",
  {_ACTIVITY} AS "activity_id",
  CASE _status WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  _status AS "status",
  {_parameter("login_failure_type")} AS "status_detail",
  {_google.principal_sql("_actor")} AS "principal",
  native.id.customerId AS "tenant",
  'Google Workspace' AS "metadata.product.name",
  'Google' AS "metadata.product.vendor_name",
  _application AS "metadata.log_name",
  _type AS "metadata.event_code",
  native.id.time AS "metadata.original_time",
  native.id.customerId AS "metadata.tenant_uid",
  _actor AS "actor.user.uid",
  nullif(native.actor.email, '') AS "actor.user.name",
  nullif(native.actor.email, '') AS "actor.user.email_addr",
  nullif(native.actor.profileId, '') AS "actor.user.uid_alt",
  nullif(native.actor.callerType, '') AS "actor.user.type",
  CASE WHEN native.actor.callerType = 'KEY' THEN 4 WHEN nullif(native.actor.email, '') IS NOT NULL THEN 1 ELSE 0 END
    AS "actor.user.type_id",
  CASE WHEN _application = 'token' THEN {_parameter("client_id")} END AS "actor.app_uid",
  CASE WHEN _application = 'token' THEN {_parameter("app_name")} END AS "actor.app_name",
  CASE _class WHEN 3002 THEN _actor WHEN 6003 THEN NULL ELSE coalesce(_target, CASE WHEN _class = 3001 THEN _actor END)
    END AS "user.uid",
  CASE _class WHEN 3002 THEN nullif(native.actor.email, '') WHEN 6003 THEN NULL
    ELSE coalesce(_target, CASE WHEN _class = 3001 THEN nullif(native.actor.email, '') END) END AS "user.name",
  CASE WHEN _class = 3006 THEN _group END AS "group.uid",
  CASE WHEN _class = 3006 THEN _group END AS "group.name",
  CASE WHEN _class = 3002 THEN coalesce({_parameter("application_name")}, 'Google Workspace') END AS "service.name",
  {_parameter("login_type")} AS "logon_type",
  ip_address(native.ipAddress) AS "src_endpoint.ip",
  native.networkInfo.regionCode AS "src_endpoint.location.country",
  native.networkInfo.ipAsn[1] AS "src_endpoint.autonomous_system.number",
  _name AS "api.operation",
  _application AS "api.service.name",
  'GCP' AS "cloud.provider",
  native.id.customerId AS "cloud.org.uid",
  nullif(native.ownerDomain, '') AS "cloud.org.name",
  {_RESOURCES} AS "resources"
"""
