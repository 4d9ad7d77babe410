"""Google API calls as OCSF API Activity (6003)."""

from __future__ import annotations

from stratagem.sources import _google
from stratagem.sources._sql import filled, last_part, resource, resources

STRUCTURE = """{
  "insertId": "VARCHAR", "logName": "VARCHAR", "timestamp": "VARCHAR", "severity": "VARCHAR",
  "resource": {"type": "VARCHAR", "labels": {"project_id": "VARCHAR", "location": "VARCHAR", "zone": "VARCHAR",
    "cluster_name": "VARCHAR"}},
  "operation": {"id": "VARCHAR", "first": "VARCHAR", "last": "VARCHAR"},
  "protoPayload": {
    "serviceName": "VARCHAR", "methodName": "VARCHAR", "resourceName": "VARCHAR",
    "status": {"code": "VARCHAR", "message": "VARCHAR"},
    "authenticationInfo": {
      "principalEmail": "VARCHAR", "principalSubject": "VARCHAR", "serviceAccountKeyName": "VARCHAR",
      "serviceAccountDelegationInfo": [{
        "firstPartyPrincipal": {"principalEmail": "VARCHAR"}, "principalSubject": "VARCHAR"
      }]
    },
    "requestMetadata": {
      "callerIp": "VARCHAR", "callerSuppliedUserAgent": "VARCHAR",
      "requestAttributes": {"reason": "VARCHAR"}
    }
  }
}"""

READS = (
    "get list search aggregatedlist query head test view read download serve fetch lookup check batchget analyze "
    "catalog"
)
CREATES = "create insert generate import upload putmanifest finishupload start run sign"
DELETES = "delete remove purge destroy undeploy"
UPDATES = "update patch set add enable disable replace modify move undelete attach detach resize stop reset"
"""How the last word of a method begins."""


def _begins(words: str) -> str:
    return f"regexp_matches(_verb, '^(?:docker-)?(?:{'|'.join(words.split())})')"


_P = "native.protoPayload"
_AUTH = f"{_P}.authenticationInfo"
_SUBJECT_KIND = f"^({'|'.join(_google.SUBJECT_KINDS)})"
_STEP = f"{_AUTH}.serviceAccountDelegationInfo[1]"


def _subject(text: str) -> str:
    return f"nullif(regexp_replace({text}, '{_SUBJECT_KIND}', ''), '')"


_READ = f"""
  coalesce(lower(nullif({_AUTH}.principalEmail, '')), {_subject(f"{_AUTH}.principalSubject")}) AS _actor,
  coalesce(lower(nullif({_STEP}.firstPartyPrincipal.principalEmail, '')), {_subject(f"{_STEP}.principalSubject")})
    AS _first,
  coalesce(TRY_CAST({_P}.status.code AS INTEGER),
    CASE WHEN nullif({_P}.status.message, '') IS NOT NULL THEN 2 ELSE 0 END) AS _code,
  coalesce(nullif(native.resource.labels.project_id, ''),
    nullif(regexp_extract(native.logName, '^projects/([^/]+)/', 1), '')) AS _project,
  nullif(regexp_extract(native.logName, '^organizations/([^/]+)/', 1), '') AS _organisation,
  {filled("native.resource.labels.location", "native.resource.labels.zone")} AS _place,
  lower(split_part({_P}.methodName, '.', -1)) AS _verb,
  {_P}.requestMetadata.callerIp AS _ip
"""
_JUDGED = """
  CASE WHEN _code = 0 THEN 'success' WHEN _code IN (7, 16) THEN 'denied' ELSE 'failure' END AS _status
"""
_RESOURCES = resources(
    (
        f"nullif({_P}.resourceName, '') IS NOT NULL",
        resource(
            uid=f"{_P}.resourceName",
            name=last_part(f"{_P}.resourceName"),
            kind="coalesce(native.resource.type, native.protoPayload.serviceName)",
            region="_place",
            owner_uid="_project",
        ),
    ),
)

PROJECTION = f"""{_READ}
;
{_JUDGED}
;
  iso_time(native.timestamp) AS "time",
  6003 AS "class_uid",
  CASE WHEN {_begins(READS)} THEN 2 WHEN {_begins(CREATES)} THEN 1 WHEN {_begins(DELETES)} THEN 4
    WHEN {_begins(UPDATES)} THEN 3
    ELSE 99 END AS "activity_id",
  CASE _status WHEN 'success' THEN 1 ELSE 2 END AS "status_id",
  _status AS "status",
  _code::VARCHAR AS "status_code",
  nullif({_P}.status.message, '') AS "status_detail",
  {_google.principal_sql("_actor")} AS "principal",
  CASE WHEN _first <> _actor THEN {_google.principal_sql("_first")} END AS "impersonator",
  _project AS "account",
  _organisation AS "tenant",
  _place AS "region",
  CASE WHEN native.resource.type = 'gke_cluster' AND native.resource.labels.cluster_name IS NOT NULL THEN
    'projects/' || _project || '/locations/' || _place || '/clusters/' || native.resource.labels.cluster_name END
    AS "cluster",
  'Cloud Audit Logs' AS "metadata.product.name",
  'Google' AS "metadata.product.vendor_name",
  split_part(replace(regexp_replace(native.logName, '^.*/logs/', ''), '%2F', '/'), '/', -1) AS "metadata.log_name",
  {_P}.serviceName AS "metadata.log_provider",
  native.severity AS "metadata.event_code",
  native.timestamp AS "metadata.original_time",
  nullif(native.operation.id, '') AS "metadata.correlation_uid",
  _actor AS "actor.user.uid",
  CASE WHEN contains(_actor, '@') THEN _actor END AS "actor.user.name",
  CASE WHEN contains(_actor, '@') AND NOT contains(_actor, '[') THEN _actor END AS "actor.user.email_addr",
  CASE WHEN _actor IS NULL THEN 0 WHEN contains(_actor, 'gserviceaccount.com') OR NOT contains(_actor, '@')
    OR contains(_actor, '[') THEN 4 ELSE 1 END AS "actor.user.type_id",
  {last_part(f"{_AUTH}.serviceAccountKeyName")} AS "actor.session.credential_uid",
  ip_address(_ip) AS "src_endpoint.ip",
  CASE WHEN ip_address(_ip) IS NULL THEN nullif(_ip, '') END AS "src_endpoint.svc_name",
  {_P}.methodName AS "api.operation",
  {_P}.serviceName AS "api.service.name",
  nullif(native.operation.id, '') AS "api.request.uid",
  _code AS "api.response.code",
  nullif({_P}.status.message, '') AS "api.response.error_message",
  nullif({_P}.requestMetadata.callerSuppliedUserAgent, '') AS "http_request.user_agent",
  'GCP' AS "cloud.provider",
  _place AS "cloud.region",
  _project AS "cloud.account.uid",
  _organisation AS "cloud.org.uid",
  {_RESOURCES} AS "resources"
"""
