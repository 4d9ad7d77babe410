"""System log events as OCSF: sign-ins (3002), accounts (3001), groups (3006), privileges and settings (3004)."""

from __future__ import annotations

from stratagem.sources._sql import resource

STRUCTURE = """{
  "published": "VARCHAR", "uuid": "VARCHAR", "eventType": "VARCHAR", "version": "VARCHAR", "severity": "VARCHAR",
  "displayMessage": "VARCHAR", "legacyEventType": "VARCHAR",
  "actor": {"id": "VARCHAR", "type": "VARCHAR", "alternateId": "VARCHAR", "displayName": "VARCHAR"},
  "client": {
    "ipAddress": "VARCHAR", "zone": "VARCHAR", "device": "VARCHAR", "id": "VARCHAR",
    "userAgent": {"rawUserAgent": "VARCHAR", "os": "VARCHAR"},
    "geographicalContext": {"city": "VARCHAR", "state": "VARCHAR", "country": "VARCHAR"}
  },
  "device": {"id": "VARCHAR", "name": "VARCHAR", "managed": "BOOLEAN"},
  "outcome": {"result": "VARCHAR", "reason": "VARCHAR"},
  "authenticationContext": {"externalSessionId": "VARCHAR", "authenticationProvider": "VARCHAR",
    "credentialType": "VARCHAR"},
  "securityContext": {"asNumber": "BIGINT", "asOrg": "VARCHAR", "isp": "VARCHAR", "domain": "VARCHAR",
    "isProxy": "BOOLEAN"},
  "debugContext": {"debugData": {"requestUri": "VARCHAR", "behaviors": "VARCHAR", "risk": "VARCHAR"}},
  "transaction": {"id": "VARCHAR", "type": "VARCHAR"},
  "request": {"ipChain": [{"ip": "VARCHAR"}]},
  "target": [{"id": "VARCHAR", "type": "VARCHAR", "alternateId": "VARCHAR", "displayName": "VARCHAR"}]
}"""

_OUTCOME = """CASE upper(native.outcome.result)
    WHEN 'SUCCESS' THEN 'success' WHEN 'ALLOW' THEN 'success' WHEN 'FAILURE' THEN 'failure'
    WHEN 'ABANDONED' THEN 'failure' WHEN 'DENY' THEN 'denied' WHEN 'RATE_LIMIT' THEN 'denied' ELSE 'unknown' END"""
_CLASS = """CASE
    WHEN native.eventType LIKE 'user.session.%' OR native.eventType LIKE 'user.authentication.%'
      OR native.eventType LIKE 'app.oauth2.token.grant%' THEN 3002
    WHEN native.eventType LIKE 'group.user_membership.%' OR native.eventType LIKE 'group.lifecycle.%' THEN 3006
    WHEN native.eventType LIKE 'user.lifecycle.%' OR native.eventType LIKE 'user.account.%'
      OR native.eventType LIKE 'user.mfa.factor.%' OR native.eventType LIKE 'user.credential.%' THEN 3001
    ELSE 3004 END"""
_ACTIVITY = """CASE _class
    WHEN 3002 THEN CASE WHEN native.eventType LIKE '%.end' THEN 2 ELSE 1 END
    WHEN 3006 THEN CASE WHEN native.eventType LIKE '%membership.add' THEN 3
      WHEN native.eventType LIKE '%membership.remove' THEN 4 WHEN native.eventType LIKE '%lifecycle.delete' THEN 5
      WHEN native.eventType LIKE '%lifecycle.create' THEN 6 ELSE 99 END
    WHEN 3001 THEN CASE WHEN native.eventType LIKE '%lifecycle.create' THEN 1
      WHEN native.eventType LIKE '%lifecycle.activate' OR native.eventType LIKE '%unlock%' THEN 2
      WHEN native.eventType LIKE '%update_password' THEN 3 WHEN native.eventType LIKE '%reset_password' THEN 4
      WHEN native.eventType LIKE '%deactivate' AND native.eventType LIKE 'user.lifecycle%' THEN 5
      WHEN native.eventType LIKE '%lifecycle.suspend' THEN 5 WHEN native.eventType LIKE '%lifecycle.delete%' THEN 6
      WHEN native.eventType LIKE '%account.lock' THEN 9 WHEN native.eventType LIKE '%mfa.factor.activate' THEN 10
      WHEN native.eventType LIKE '%mfa.factor.deactivate' THEN 11 ELSE 99 END
    ELSE CASE WHEN regexp_matches(native.eventType, '[.](create|grant|add)[a-z_]*$') THEN 1
      WHEN regexp_matches(native.eventType, '[.](delete|revoke|remove)[a-z_]*$') THEN 4
      WHEN regexp_matches(native.eventType, '[.]activate$') THEN 10
      WHEN regexp_matches(native.eventType, '[.]deactivate$') THEN 11
      WHEN regexp_matches(native.eventType, '[.](update|change)[a-z_]*$') THEN 3 ELSE 99 END END"""


def _target(kind: str) -> str:
    return f"list_filter(native.target, lambda each: each.type = '{kind}')[1]"


PROJECTION = f"""
  {_CLASS} AS _class,
  {_OUTCOME} AS _outcome,
  {_target("User")} AS _user,
  {_target("UserGroup")} AS _group,
  {_target("AppInstance")} AS _app
;
  iso_time(native.published) AS "time",
  native.published AS "metadata.original_time",
  _class AS "class_uid",
  {_ACTIVITY} AS "activity_id",
  CASE native.severity WHEN 'ERROR' THEN 4 WHEN 'WARN' THEN 3 ELSE 1 END AS "severity_id",
  native.severity AS "severity",
  CASE _outcome WHEN 'success' THEN 1 WHEN 'unknown' THEN 0 ELSE 2 END AS "status_id",
  _outcome AS "status",
  native.outcome.result AS "status_code",
  native.outcome.reason AS "status_detail",
  native.displayMessage AS "message",
  'okta:' || coalesce(label_tenant, '') || ':' || native.actor.id AS "principal",
  native.authenticationContext.externalSessionId AS "session",
  'Okta' AS "metadata.product.name",
  'Okta' AS "metadata.product.vendor_name",
  'system' AS "metadata.log_name",
  native.version AS "metadata.log_version",
  native.eventType AS "metadata.event_code",
  native.transaction.id AS "metadata.correlation_uid",
  native.actor.id AS "actor.user.uid",
  native.actor.alternateId AS "actor.user.name",
  native.actor.displayName AS "actor.user.full_name",
  native.actor.type AS "actor.user.type",
  CASE native.actor.type WHEN 'User' THEN 1 WHEN 'SystemPrincipal' THEN 3 WHEN 'PublicClientApp' THEN 4
    WHEN 'AppInstance' THEN 4 ELSE 0 END AS "actor.user.type_id",
  native.authenticationContext.externalSessionId AS "actor.session.uid",
  native.client.id AS "actor.app_uid",
  CASE WHEN _class = 3002 AND _user IS NULL THEN native.actor.id ELSE _user.id END AS "user.uid",
  CASE WHEN _class = 3002 AND _user IS NULL THEN native.actor.alternateId ELSE _user.alternateId END AS "user.name",
  _group.id AS "group.uid",
  _group.displayName AS "group.name",
  CASE WHEN _class = 3004 THEN native.target[1].id END AS "entity.uid",
  CASE WHEN _class = 3004 THEN native.target[1].displayName END AS "entity.name",
  CASE WHEN _class = 3004 THEN native.target[1].type END AS "entity.type",
  CASE WHEN _class = 3002 THEN _app.displayName END AS "service.name",
  CASE WHEN _class = 3002 THEN _app.id END AS "service.uid",
  ip_address(native.client.ipAddress) AS "src_endpoint.ip",
  native.client.geographicalContext.country AS "src_endpoint.location.country",
  native.client.geographicalContext.state AS "src_endpoint.location.region",
  native.client.geographicalContext.city AS "src_endpoint.location.city",
  native.securityContext.asNumber AS "src_endpoint.autonomous_system.number",
  native.securityContext.asOrg AS "src_endpoint.autonomous_system.name",
  native.device.id AS "device.uid",
  native.device.name AS "device.name",
  native.device.managed AS "device.is_managed",
  native.client.userAgent.rawUserAgent AS "http_request.user_agent",
  native.debugContext.debugData.requestUri AS "http_request.url.path",
  native.eventType AS "api.operation",
  'okta' AS "api.service.name",
  list_transform(native.target, lambda each: {
    resource(name="coalesce(each.displayName, each.alternateId)", kind="each.type", uid="each.id")
}) AS "resources"
"""
