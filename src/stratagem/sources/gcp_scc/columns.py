"""Findings as OCSF: misconfigurations 2003, vulnerabilities 2002, else Detection Finding (2004)."""

from __future__ import annotations

from stratagem.sources._google import principal_sql
from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "finding": {
    "name": "VARCHAR", "category": "VARCHAR", "description": "VARCHAR", "state": "VARCHAR", "mute": "VARCHAR",
    "severity": "VARCHAR", "findingClass": "VARCHAR", "eventTime": "VARCHAR", "createTime": "VARCHAR",
    "resourceName": "VARCHAR", "externalUri": "VARCHAR", "parentDisplayName": "VARCHAR",
    "access": {"principalEmail": "VARCHAR", "principalSubject": "VARCHAR", "callerIp": "VARCHAR",
      "callerIpGeo": {"regionCode": "VARCHAR"}, "userAgentFamily": "VARCHAR", "serviceName": "VARCHAR",
      "methodName": "VARCHAR", "serviceAccountKeyName": "VARCHAR"},
    "indicator": {"ipAddresses": ["VARCHAR"], "domains": ["VARCHAR"]},
    "mitreAttack": {"primaryTactic": "VARCHAR", "primaryTechniques": ["VARCHAR"]},
    "kubernetes": {"pods": [{"ns": "VARCHAR", "name": "VARCHAR"}]},
    "containers": [{"name": "VARCHAR", "uri": "VARCHAR", "imageId": "VARCHAR"}],
    "processes": [{"name": "VARCHAR", "binary": {"path": "VARCHAR"}, "args": ["VARCHAR"]}]
  },
  "resource": {"name": "VARCHAR", "displayName": "VARCHAR", "type": "VARCHAR", "projectDisplayName": "VARCHAR",
    "project_display_name": "VARCHAR", "projectName": "VARCHAR", "location": "VARCHAR"}
}"""

_F, _R = "native.finding", "native.resource"
_SHARED = f"""
  coalesce(nullif({_F}.access.principalEmail, ''), nullif({_F}.access.principalSubject, '')) AS _actor,
  coalesce({_R}.projectDisplayName, {_R}.project_display_name,
    nullif(regexp_extract(coalesce({_R}.projectName, {_F}.resourceName), '/projects/([^/]+)', 1), '')) AS _project,
  {_F}.state = 'INACTIVE' AS _is_closed,
  {_F}.processes[1] AS _process,
  {_F}.containers[1] AS _container,
  {_F}.kubernetes.pods[1] AS _pod
"""

PROJECTION = f"""{_SHARED}
;
  coalesce(iso_time({_F}.eventTime), iso_time({_F}.createTime)) AS "time",
  CASE {_F}.findingClass WHEN 'MISCONFIGURATION' THEN 2003 WHEN 'POSTURE_VIOLATION' THEN 2003
    WHEN 'VULNERABILITY' THEN 2002 ELSE 2004 END AS "class_uid",
  CASE WHEN _is_closed THEN 3 WHEN {_F}.eventTime > {_F}.createTime THEN 2 ELSE 1 END AS "activity_id",
  CASE {_F}.severity WHEN 'CRITICAL' THEN 5 WHEN 'HIGH' THEN 4 WHEN 'MEDIUM' THEN 3 WHEN 'LOW' THEN 2 ELSE 0 END
    AS "severity_id",
  {_F}.severity AS "severity",
  CASE WHEN _is_closed THEN 4 WHEN {_F}.mute = 'MUTED' THEN 3 ELSE 1 END AS "status_id",
  {_F}.state AS "status",
  {_F}.mute AS "status_detail",
  {_F}.category AS "message",
  {principal_sql("_actor")} AS "principal",
  _project AS "account",
  {_R}.location AS "region",
  'Security Command Center' AS "metadata.product.name",
  'Google' AS "metadata.product.vendor_name",
  {_F}.parentDisplayName AS "metadata.log_provider",
  {_F}.category AS "metadata.event_code",
  {_F}.eventTime AS "metadata.original_time",
  {_F}.name AS "metadata.correlation_uid",
  _actor AS "actor.user.name",
  _actor AS "actor.user.uid",
  {_F}.access.principalEmail AS "actor.user.email_addr",
  {_F}.access.serviceAccountKeyName AS "actor.session.credential_uid",
  coalesce(ip_address({_F}.access.callerIp), ip_address({_F}.indicator.ipAddresses[1])) AS "src_endpoint.ip",
  {_F}.access.callerIpGeo.regionCode AS "src_endpoint.location.country",
  lower({_F}.indicator.domains[1]) AS "query.hostname",
  {_F}.access.methodName AS "api.operation",
  {_F}.access.serviceName AS "api.service.name",
  {_F}.access.userAgentFamily AS "http_request.user_agent",
  _process.name AS "process.name",
  _process.binary.path AS "process.path",
  array_to_string(_process.args, ' ') AS "process.cmd_line",
  _container.name AS "process.container.name",
  _container.uri AS "process.container.image.name",
  _container.imageId AS "process.container.image.uid",
  'GCP' AS "cloud.provider",
  {_R}.location AS "cloud.region",
  _project AS "cloud.account.uid",
  {_F}.name AS "finding_info.uid",
  {_F}.category AS "finding_info.title",
  {_F}.description AS "finding_info.desc",
  coalesce({_F}.mitreAttack.primaryTechniques,
    CASE WHEN {_F}.findingClass IS NOT NULL THEN [{_F}.findingClass] END) AS "finding_info.types",
  iso_time({_F}.createTime) AS "finding_info.created_time",
  iso_time({_F}.eventTime) AS "finding_info.modified_time",
  {_F}.externalUri AS "finding_info.src_url",
  {_F}.category AS "finding_info.analytic.name",
  {
    resources(
        (
            f"coalesce({_R}.name, {_F}.resourceName) IS NOT NULL",
            resource(
                uid=f"coalesce({_R}.name, {_F}.resourceName)",
                name=f"{_R}.displayName",
                kind=f"{_R}.type",
                region=f"{_R}.location",
            ),
        ),
        ("_pod.name IS NOT NULL", resource(name="_pod.name", kind="'Pod'", namespace="_pod.ns")),
    )
} AS "resources"
"""
