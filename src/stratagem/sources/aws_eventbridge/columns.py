"""Image and task events as OCSF: pushes as API Activity (6003), scans and findings as Vulnerability Finding (2002)."""

from __future__ import annotations

STRUCTURE = """{
  "id": "VARCHAR", "source": "VARCHAR", "detail-type": "VARCHAR", "account": "VARCHAR", "region": "VARCHAR",
  "time": "VARCHAR", "resources": ["VARCHAR"],
  "detail": {
    "repository-name": "VARCHAR", "image-tag": "VARCHAR", "image-digest": "VARCHAR", "action-type": "VARCHAR",
    "result": "VARCHAR", "scan-status": "VARCHAR", "finding-severity-counts": "JSON",
    "findingArn": "VARCHAR", "title": "VARCHAR", "description": "VARCHAR", "severity": "VARCHAR", "status": "VARCHAR",
    "type": "VARCHAR", "firstObservedAt": "VARCHAR", "lastObservedAt": "VARCHAR", "updatedAt": "VARCHAR",
    "packageVulnerabilityDetails": {"vulnerabilityId": "VARCHAR", "sourceUrl": "VARCHAR"},
    "clusterArn": "VARCHAR", "taskArn": "VARCHAR", "taskDefinitionArn": "VARCHAR", "lastStatus": "VARCHAR",
    "group": "VARCHAR", "startedBy": "VARCHAR", "stoppedReason": "VARCHAR"
  }
}"""

_D = "native.detail"
_SHARED = f"""
  native."detail-type" AS _kind,
  native."detail-type" IN ('ECR Image Scan', 'Inspector2 Finding', 'Inspector2 Scan') AS _is_scan,
  native."detail-type" = 'ECS Task State Change' AS _is_task,
  coalesce({_D}.severity, CASE
    WHEN TRY_CAST({_D}."finding-severity-counts" ->> 'CRITICAL' AS INTEGER) > 0 THEN 'CRITICAL'
    WHEN TRY_CAST({_D}."finding-severity-counts" ->> 'HIGH' AS INTEGER) > 0 THEN 'HIGH'
    WHEN TRY_CAST({_D}."finding-severity-counts" ->> 'MEDIUM' AS INTEGER) > 0 THEN 'MEDIUM'
    WHEN TRY_CAST({_D}."finding-severity-counts" ->> 'LOW' AS INTEGER) > 0 THEN 'LOW' END) AS _severity,
  coalesce({_D}.result, {_D}."scan-status", {_D}.status, {_D}.lastStatus) AS _status
"""


def _moment(name: str) -> str:
    """A time of Inspector: ISO 8601, or as its console writes it."""
    return f"""coalesce(iso_time({_D}.{name}),
    try_strptime({_D}.{name}, '%b %d, %Y, %I:%M:%S %p')::TIMESTAMPTZ)"""


def _resource(uid: str, name: str, kind: str, version: str = "NULL::VARCHAR") -> str:
    return f"""CASE WHEN {uid} IS NOT NULL THEN {{
      'uid': {uid}, 'name': {name}, 'type': {kind}, 'namespace': NULL::VARCHAR, 'region': native.region,
      'version': {version}, 'group': {{'name': NULL::VARCHAR, 'uid': NULL::VARCHAR}},
      'owner': {{'uid': native.account, 'name': NULL::VARCHAR}}}} END"""


_RESOURCES = ",\n    ".join(
    (
        _resource(
            f"""coalesce({_D}."image-digest", {_D}."repository-name")""",
            f"""concat_ws(':', {_D}."repository-name", {_D}."image-tag")""",
            "'container image'",
            f"""{_D}."image-tag\"""",
        ),
        _resource(f"{_D}.taskArn", f'{_D}."group"', "'ECS task'", f"{_D}.taskDefinitionArn"),
        _resource(
            f"""CASE WHEN {_D}."repository-name" IS NULL AND {_D}.taskArn IS NULL THEN native.resources[1] END""",
            "NULL::VARCHAR",
            "native.source",
        ),
    )
)

PROJECTION = f"""{_SHARED}
;
  iso_time(native.time) AS "time",
  CASE WHEN _is_scan THEN 2002 ELSE 6003 END AS "class_uid",
  CASE
    WHEN _is_scan THEN CASE WHEN {_D}.status = 'CLOSED' THEN 3 ELSE 1 END
    WHEN {_D}."action-type" = 'PUSH' THEN 1 WHEN {_D}."action-type" = 'DELETE' THEN 4
    WHEN _is_task THEN 3 ELSE 99 END AS "activity_id",
  CASE _severity WHEN 'CRITICAL' THEN 5 WHEN 'HIGH' THEN 4 WHEN 'MEDIUM' THEN 3 WHEN 'LOW' THEN 2 ELSE 1 END
    AS "severity_id",
  _severity AS "severity",
  CASE WHEN _status IN ('FAILURE', 'FAILED') THEN 2 WHEN _status IS NULL THEN 0 ELSE 1 END AS "status_id",
  _status AS "status",
  {_D}.stoppedReason AS "status_detail",
  native.account AS "account",
  native.region AS "region",
  native.id AS "metadata.uid",
  'EventBridge' AS "metadata.product.name",
  'AWS' AS "metadata.product.vendor_name",
  native.source AS "metadata.log_provider",
  _kind AS "metadata.event_code",
  native.time AS "metadata.original_time",
  CASE WHEN NOT _is_scan THEN coalesce({_D}."action-type", _kind) END AS "api.operation",
  CASE WHEN NOT _is_scan THEN replace(native.source, 'aws.', '') || '.amazonaws.com' END AS "api.service.name",
  'AWS' AS "cloud.provider",
  native.region AS "cloud.region",
  native.account AS "cloud.account.uid",
  CASE WHEN _is_scan THEN coalesce({_D}.findingArn, native.id) END AS "finding_info.uid",
  CASE WHEN _is_scan THEN coalesce({_D}.title, _kind) END AS "finding_info.title",
  {_D}.description AS "finding_info.desc",
  CASE WHEN _is_scan THEN [coalesce({_D}.type, _kind)] END AS "finding_info.types",
  {_moment("firstObservedAt")} AS "finding_info.first_seen_time",
  {_moment("lastObservedAt")} AS "finding_info.last_seen_time",
  {_D}.packageVulnerabilityDetails.sourceUrl AS "finding_info.src_url",
  {_D}.packageVulnerabilityDetails.vulnerabilityId AS "finding_info.analytic.uid",
  {_D}."finding-severity-counts"::VARCHAR AS "unmapped",
  nullif(list_filter([{_RESOURCES}], lambda each: each IS NOT NULL), []) AS "resources"
"""
