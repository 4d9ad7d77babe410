"""Directory audits as OCSF: Account Change (3001), Group Management (3006), else Entity Management (3004)."""

from __future__ import annotations

from stratagem.sources.entra_signin.columns import TENANT

STRUCTURE = """{
  "time": "VARCHAR", "category": "VARCHAR", "operationName": "VARCHAR", "resultSignature": "VARCHAR",
  "resultType": "VARCHAR", "callerIpAddress": "VARCHAR", "correlationId": "VARCHAR", "tenantId": "VARCHAR",
  "resourceId": "VARCHAR",
  "properties": {
    "id": "VARCHAR", "category": "VARCHAR", "correlationId": "VARCHAR", "result": "VARCHAR", "resultReason": "VARCHAR",
    "activityDisplayName": "VARCHAR", "activityDateTime": "VARCHAR", "loggedByService": "VARCHAR",
    "operationType": "VARCHAR", "userAgent": "VARCHAR", "tenantId": "VARCHAR",
    "initiatedBy": {
      "user": {"id": "VARCHAR", "displayName": "VARCHAR", "userPrincipalName": "VARCHAR", "ipAddress": "VARCHAR"},
      "app": {"appId": "VARCHAR", "displayName": "VARCHAR", "servicePrincipalId": "VARCHAR"}
    },
    "targetResources": [{
      "id": "VARCHAR", "displayName": "VARCHAR", "type": "VARCHAR", "userPrincipalName": "VARCHAR",
      "modifiedProperties": [{"displayName": "VARCHAR", "oldValue": "VARCHAR", "newValue": "VARCHAR"}]
    }],
    "additionalDetails": [{"key": "VARCHAR", "value": "VARCHAR"}]
  }
}"""

_P = "native.properties"
_BY = f"{_P}.initiatedBy"
_USER = f"coalesce(nullif({_BY}.user.id, ''), nullif({_BY}.user.userPrincipalName, ''))"
_ACTOR = f"""coalesce(nullif({_BY}.user.id, ''), nullif({_BY}.app.servicePrincipalId, ''), nullif({_BY}.app.appId, ''),
    nullif({_BY}.app.displayName, ''), nullif({_BY}.user.userPrincipalName, ''))"""
_NAME = f"""coalesce(nullif({_BY}.user.userPrincipalName, ''), nullif({_BY}.user.displayName, ''),
    nullif({_BY}.app.displayName, ''))"""
_ACTIVITY_NAME = f"trim(coalesce(nullif({_P}.activityDisplayName, ''), native.operationName))"
_LOW = f"lower({_ACTIVITY_NAME})"
_RESULT = f"lower(coalesce(nullif({_P}.result, ''), native.resultSignature))"
_REFUSED = """regexp_matches(lower(native.properties.resultReason),
    'insufficient privileges|authorization_requestdenied|not authorized|accessdenied')"""
_STATUS = f"""CASE
    WHEN {_RESULT} IN ('success', 'succeeded') THEN 'success'
    WHEN {_REFUSED} THEN 'denied'
    WHEN {_RESULT} IN ('failure', 'failed', 'timeout', 'clienterror') THEN 'failure'
    ELSE 'unknown' END"""
_CLASS = f"""CASE {_P}.category WHEN 'UserManagement' THEN 3001 WHEN 'GroupManagement' THEN 3006 ELSE 3004 END"""
_ACCOUNT_ACTIVITY = f"""CASE
    WHEN {_LOW} IN ('add user', 'create user', 'invite external user') THEN 1
    WHEN {_LOW} = 'enable account' THEN 2
    WHEN {_LOW} LIKE 'change %password%' THEN 3
    WHEN {_LOW} LIKE 'reset %password%' THEN 4
    WHEN {_LOW} = 'disable account' THEN 5
    WHEN {_LOW} IN ('delete user', 'hard delete user') THEN 6
    WHEN {_LOW} LIKE 'user registered%security info' OR {_LOW} LIKE 'admin registered%security info' THEN 10
    WHEN {_LOW} LIKE '%deleted%security info' OR {_LOW} = 'disable strong authentication' THEN 11
    ELSE 99 END"""
_GROUP_ACTIVITY = f"""CASE
    WHEN {_LOW} LIKE 'add member to group%' THEN 3
    WHEN {_LOW} LIKE 'remove member from group%' THEN 4
    WHEN {_LOW} IN ('delete group', 'hard delete group') THEN 5
    WHEN {_LOW} IN ('add group', 'create group') THEN 6
    ELSE 99 END"""
_ENTITY_ACTIVITY = f"""CASE
    WHEN regexp_matches({_LOW}, '^add (member|eligible|scoped|app role|owner)|^(consent|update|change|set)') THEN 3
    WHEN regexp_matches({_LOW}, '^(add|create|register|invite)') THEN 1
    WHEN regexp_matches({_LOW}, '^(remove (member|eligible|owner|app role)|disable|enable)') THEN 3
    WHEN regexp_matches({_LOW}, '^(delete|hard delete|remove)') THEN 4
    WHEN regexp_matches({_LOW}, '^(read|get|list|download)') THEN 2
    ELSE 99 END"""


def _target(kind: str) -> str:
    return f"list_filter({_P}.targetResources, lambda each: lower(each.type) = '{kind}')[1]"


def _modified(name: str) -> str:
    """The plain text of a modified property of any target; the old value where there is no new one."""
    every = f"flatten(list_transform({_P}.targetResources, lambda each: coalesce(each.modifiedProperties, [])))"
    one = f"list_filter({every}, lambda each: each.displayName = '{name}')[1]"
    return f"""coalesce(nullif(trim(replace({one}.newValue, '"', '')), ''),
        nullif(trim(replace({one}.oldValue, '"', '')), ''))"""


_GROUP_NAME = f"coalesce({_modified('Group.DisplayName')}, {_target('group')}.displayName)"
_GROUP_ID = f"coalesce({_modified('Group.ObjectID')}, {_target('group')}.id)"
_FIRST = f"{_P}.targetResources[1]"
_SUBJECT = f"{_target('user')}"
_AGENT = f"list_filter({_P}.additionalDetails, lambda each: each.key = 'User-Agent')[1].value"

PROJECTION = f"""
  coalesce(iso_time({_P}.activityDateTime), iso_time(native.time)) AS "time",
  {_CLASS} AS "class_uid",
  CASE {_CLASS} WHEN 3001 THEN {_ACCOUNT_ACTIVITY} WHEN 3006 THEN {_GROUP_ACTIVITY} ELSE {_ENTITY_ACTIVITY} END
    AS "activity_id",
  CASE {_STATUS} WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  {_STATUS} AS "status",
  nullif(native.resultType, '') AS "status_code",
  nullif({_P}.resultReason, '') AS "status_detail",
  'entra:' || coalesce({TENANT}, label_tenant, '') || ':' || {_ACTOR} AS "principal",
  {TENANT} AS "tenant",
  {_P}.id AS "metadata.uid",
  'Microsoft Entra ID' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.category AS "metadata.log_name",
  {_P}.loggedByService AS "metadata.log_provider",
  {_P}.category AS "metadata.event_code",
  coalesce(nullif({_P}.activityDateTime, ''), native.time) AS "metadata.original_time",
  coalesce(nullif(native.correlationId, ''), {_P}.correlationId) AS "metadata.correlation_uid",
  {TENANT} AS "metadata.tenant_uid",
  {_ACTOR} AS "actor.user.uid",
  {_NAME} AS "actor.user.name",
  CASE WHEN {_USER} IS NOT NULL THEN 1 WHEN {_BY}.app IS NOT NULL THEN 4 ELSE 0 END AS "actor.user.type_id",
  CASE WHEN {_USER} IS NULL THEN {_BY}.app.displayName END AS "actor.app_name",
  CASE WHEN {_USER} IS NULL THEN {_BY}.app.appId END AS "actor.app_uid",
  {_SUBJECT}.id AS "user.uid",
  {_SUBJECT}.userPrincipalName AS "user.name",
  {_SUBJECT}.displayName AS "user.full_name",
  CASE WHEN {_P}.category = 'GroupManagement' THEN {_GROUP_ID} END AS "group.uid",
  CASE WHEN {_P}.category = 'GroupManagement' THEN {_GROUP_NAME} END AS "group.name",
  CASE WHEN {_P}.category = 'RoleManagement'
    THEN coalesce({_modified("Role.ObjectID")}, {_target("role")}.id) ELSE {_FIRST}.id END AS "entity.uid",
  CASE WHEN {_P}.category = 'RoleManagement'
    THEN coalesce({_modified("Role.DisplayName")}, {_target("role")}.displayName)
    ELSE {_FIRST}.displayName END AS "entity.name",
  CASE WHEN {_P}.category = 'RoleManagement' THEN 'Role' ELSE {_FIRST}.type END AS "entity.type",
  to_json({_P}.targetResources)::VARCHAR AS "entity.data",
  ip_address(coalesce(nullif({_BY}.user.ipAddress, ''), native.callerIpAddress)) AS "src_endpoint.ip",
  {_ACTIVITY_NAME} AS "api.operation",
  {_P}.loggedByService AS "api.service.name",
  coalesce(nullif({_AGENT}, ''), nullif({_P}.userAgent, '')) AS "http_request.user_agent",
  'Azure' AS "cloud.provider",
  {TENANT} AS "cloud.org.uid",
  list_transform({_P}.targetResources, lambda each: {{
    'uid': each.id, 'name': coalesce(each.displayName, each.userPrincipalName), 'type': each.type,
    'namespace': NULL::VARCHAR, 'region': NULL::VARCHAR, 'version': NULL::VARCHAR,
    'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}}, 'owner': {{'uid': NULL::VARCHAR, 'name': NULL::VARCHAR}}
  }}) AS "resources"
"""
