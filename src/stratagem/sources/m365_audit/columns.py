"""Unified audit as OCSF: Authentication 3002, Account Change 3001, Group Management 3006, else API Activity 6003."""

from __future__ import annotations

from stratagem.sources._sql import without_port
from stratagem.sources.m365_audit.reading import FAILURES, GUID, SUCCESSES

STRUCTURE = """{
  "CreationTime": "VARCHAR", "Id": "VARCHAR", "Operation": "VARCHAR", "Workload": "VARCHAR", "RecordType": "VARCHAR",
  "OrganizationId": "VARCHAR", "OrganizationName": "VARCHAR", "UserId": "VARCHAR", "UserKey": "VARCHAR",
  "UserType": "VARCHAR", "Actor": [{"ID": "VARCHAR"}], "ActorIpAddress": "VARCHAR", "ClientIP": "VARCHAR",
  "ClientIPAddress": "VARCHAR", "ClientInfoString": "VARCHAR", "UserAgent": "VARCHAR", "ResultStatus": "VARCHAR",
  "ErrorNumber": "VARCHAR", "LogonError": "VARCHAR", "ObjectId": "VARCHAR", "MailboxOwnerUPN": "VARCHAR",
  "ApplicationId": "VARCHAR", "AppId": "VARCHAR", "ClientAppId": "VARCHAR", "SessionId": "VARCHAR",
  "CorrelationId": "VARCHAR", "InterSystemsId": "VARCHAR", "SiteUrl": "VARCHAR", "SourceFileName": "VARCHAR",
  "ExtendedProperties": [{"Name": "VARCHAR", "Value": "VARCHAR"}],
  "ModifiedProperties": [{"Name": "VARCHAR", "NewValue": "VARCHAR", "OldValue": "VARCHAR"}],
  "Target": [{"ID": "VARCHAR"}]
}"""


def _words(words: frozenset[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


_OBJECT_ID = f"^(?:User_|ServicePrincipal_)?({GUID})(?:@.*)?$"
_ACTOR_ID = f"list_filter(native.Actor, lambda each: regexp_matches(each.ID, '{_OBJECT_ID}'))[1].ID"
_IS_SYSTEM = r"(starts_with(native.UserId, 'NT AUTHORITY\SYSTEM') OR starts_with(native.UserId, 'NT SERVICE\'))"
_ACTOR = f"""CASE
    WHEN {_ACTOR_ID} IS NOT NULL THEN lower(regexp_extract({_ACTOR_ID}, '{_OBJECT_ID}', 1))
    WHEN {_IS_SYSTEM} THEN native.UserId
    WHEN regexp_matches(native.UserKey, '{_OBJECT_ID}') THEN lower(regexp_extract(native.UserKey, '{_OBJECT_ID}', 1))
    ELSE lower(nullif(native.UserId, '')) END"""
_TENANT = "lower(nullif(native.OrganizationId, ''))"
_SIGN_IN = "native.Operation IN ('UserLoggedIn', 'UserLoginFailed')"
_STATUS = f"""CASE
    WHEN native.Operation = 'UserLoginFailed'
        THEN CASE WHEN contains(native.LogonError, 'ConditionalAccess') THEN 'denied' ELSE 'failure' END
    WHEN lower(native.ResultStatus) IN ({_words(SUCCESSES)}) THEN 'success'
    WHEN lower(native.ResultStatus) IN ({_words(FAILURES)}) THEN 'failure'
    ELSE 'unknown' END"""
_DIRECTORY = "native.Workload = 'AzureActiveDirectory'"
_OPERATION = "lower(regexp_replace(native.Operation, '[.[:space:]]+$', ''))"
_CLASS = f"""CASE
    WHEN {_SIGN_IN} THEN 3002
    WHEN {_DIRECTORY} AND {_OPERATION} IN ('add user', 'delete user', 'reset user password', 'change user password',
        'disable account', 'enable account') THEN 3001
    WHEN {_DIRECTORY} AND regexp_matches({_OPERATION}, '(^| )group$') THEN 3006
    ELSE 6003 END"""
_ACTIVITY = f"""CASE {_CLASS}
    WHEN 3002 THEN 1
    WHEN 3001 THEN CASE {_OPERATION} WHEN 'add user' THEN 1 WHEN 'enable account' THEN 2
        WHEN 'change user password' THEN 3 WHEN 'reset user password' THEN 4 WHEN 'disable account' THEN 5 ELSE 6 END
    WHEN 3006 THEN CASE {_OPERATION} WHEN 'add member to group' THEN 3 WHEN 'remove member from group' THEN 4
        WHEN 'delete group' THEN 5 WHEN 'add group' THEN 6 ELSE 99 END
    ELSE CASE
        WHEN regexp_matches({_OPERATION}, '^(new-|create|add|install-|fileuploaded|invite)') THEN 1
        WHEN regexp_matches({_OPERATION}, '^(get-|search|list|read)|(accessed|viewed|downloaded)$') THEN 2
        WHEN regexp_matches({_OPERATION}, '^(set-|update|enable|disable|change|move|reset)|(modified|updated)$') THEN 3
        WHEN regexp_matches({_OPERATION}, '^(remove-|delete|remove|softdelete|harddelete)|(deleted|recycled)$') THEN 4
        ELSE 99 END
    END"""
_RAW_IP = "coalesce(nullif(native.ClientIPAddress, ''), nullif(native.ClientIP, ''), nullif(native.ActorIpAddress, ''))"
_IP = without_port(_RAW_IP)
_AGENT = "list_filter(native.ExtendedProperties, lambda each: each.Name = 'UserAgent')[1].Value"


def _changed_to(name: str) -> str:
    one = f"list_filter(native.ModifiedProperties, lambda each: each.Name = '{name}')[1]"
    return f"""coalesce(nullif(trim(replace({one}.NewValue, '"', '')), ''),
        nullif(trim(replace({one}.OldValue, '"', '')), ''))"""


PROJECTION = f"""
  iso_time(native.CreationTime) AS "time",
  {_CLASS} AS "class_uid",
  {_ACTIVITY} AS "activity_id",
  CASE {_STATUS} WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  {_STATUS} AS "status",
  coalesce(nullif(native.ErrorNumber, ''), native.ResultStatus) AS "status_code",
  native.LogonError AS "status_detail",
  'entra:' || coalesce({_TENANT}, label_tenant, '') || ':' || {_ACTOR} AS "principal",
  nullif(native.SessionId, '') AS "session",
  {_TENANT} AS "tenant",
  native.Id AS "metadata.uid",
  'Microsoft 365' AS "metadata.product.name",
  'Microsoft' AS "metadata.product.vendor_name",
  native.Workload AS "metadata.log_name",
  native.RecordType AS "metadata.event_code",
  native.CreationTime AS "metadata.original_time",
  coalesce(nullif(native.CorrelationId, ''), nullif(native.InterSystemsId, '')) AS "metadata.correlation_uid",
  {_TENANT} AS "metadata.tenant_uid",
  {_ACTOR} AS "actor.user.uid",
  native.UserId AS "actor.user.name",
  nullif(native.UserKey, '') AS "actor.user.uid_alt",
  native.UserType AS "actor.user.type",
  CASE native.UserType WHEN '0' THEN 1 WHEN '2' THEN 2 WHEN '3' THEN 3 WHEN '4' THEN 3 WHEN '5' THEN 4 WHEN '6' THEN 4
    WHEN 'Regular' THEN 1 WHEN 'Admin' THEN 2 WHEN 'System' THEN 3 ELSE 0 END AS "actor.user.type_id",
  coalesce(nullif(native.AppId, ''), nullif(native.ClientAppId, ''), nullif(native.ApplicationId, ''))
    AS "actor.app_uid",
  nullif(native.SessionId, '') AS "actor.session.uid",
  CASE WHEN {_SIGN_IN} THEN {_ACTOR} WHEN {_CLASS} = 3001 THEN native.ObjectId END AS "user.uid",
  CASE WHEN {_SIGN_IN} THEN native.UserId END AS "user.name",
  CASE WHEN {_CLASS} = 3006 THEN {_changed_to("Group.ObjectID")} END AS "group.uid",
  CASE WHEN {_CLASS} = 3006 THEN {_changed_to("Group.DisplayName")} END AS "group.name",
  CASE WHEN {_SIGN_IN} THEN native.ApplicationId END AS "service.uid",
  ip_address({_IP}) AS "src_endpoint.ip",
  native.Operation AS "api.operation",
  native.Workload AS "api.service.name",
  native.LogonError AS "api.response.error",
  coalesce(nullif(native.UserAgent, ''), nullif({_AGENT}, ''), nullif(native.ClientInfoString, ''))
    AS "http_request.user_agent",
  'Azure' AS "cloud.provider",
  {_TENANT} AS "cloud.org.uid",
  nullif(native.OrganizationName, '') AS "cloud.org.name",
  CASE WHEN nullif(native.ObjectId, '') IS NOT NULL THEN [{{
    'uid': native.ObjectId, 'name': coalesce(native.SourceFileName, native.MailboxOwnerUPN), 'type': native.Workload,
    'namespace': native.SiteUrl, 'region': NULL::VARCHAR, 'version': NULL::VARCHAR,
    'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}}, 'owner': {{'uid': NULL::VARCHAR, 'name': NULL::VARCHAR}}
  }}] END AS "resources"
"""
