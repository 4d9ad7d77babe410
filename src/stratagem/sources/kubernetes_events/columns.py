"""Events as OCSF Application Lifecycle (class 6002). There is no actor, so there is no principal."""

from __future__ import annotations

from stratagem.sources._sql import resource

STRUCTURE = """{
  "metadata": {"name": "VARCHAR", "namespace": "VARCHAR", "uid": "VARCHAR", "creationTimestamp": "VARCHAR"},
  "involvedObject": {"kind": "VARCHAR", "namespace": "VARCHAR", "name": "VARCHAR", "uid": "VARCHAR",
    "apiVersion": "VARCHAR", "fieldPath": "VARCHAR"},
  "reason": "VARCHAR", "message": "VARCHAR", "type": "VARCHAR", "count": "VARCHAR", "action": "VARCHAR",
  "source": {"component": "VARCHAR", "host": "VARCHAR"}, "reportingComponent": "VARCHAR",
  "reportingInstance": "VARCHAR", "firstTimestamp": "VARCHAR", "lastTimestamp": "VARCHAR", "eventTime": "VARCHAR"
}"""

_TIME = "coalesce(native.lastTimestamp, native.eventTime, native.firstTimestamp, native.metadata.creationTimestamp)"
_ABOUT = "native.involvedObject"
_CONTAINER = f"nullif(regexp_extract({_ABOUT}.fieldPath, 'ontainers[{{]([^}}]+)[}}]', 1), '')"
_IMAGE = """nullif(regexp_extract(native.message, '\\b[iI]mage "([^"\\s]+)"', 1), '')"""

PROJECTION = f"""
  iso_time({_TIME}) AS "time",
  {_TIME} AS "metadata.original_time",
  iso_time(native.firstTimestamp) AS "start_time",
  6002 AS "class_uid",
  CASE WHEN native.reason IN ('Created', 'SuccessfulCreate', 'Scheduled') THEN 1
    WHEN native.reason IN ('SuccessfulDelete', 'Evicted') THEN 2
    WHEN native.reason = 'Started' THEN 3
    WHEN native.reason IN ('Killing', 'Completed') THEN 4
    WHEN native.reason = 'BackOff' THEN 5
    WHEN native.reason IN ('ScalingReplicaSet', 'Pulled', 'Pulling') THEN 8
    ELSE 99 END AS "activity_id",
  CASE native.type WHEN 'Warning' THEN 2 ELSE 1 END AS "severity_id",
  native.type AS "severity",
  native.message AS "message",
  'Kubernetes' AS "metadata.product.name",
  'Kubernetes' AS "metadata.product.vendor_name",
  'events' AS "metadata.log_name",
  native.reason AS "metadata.event_code",
  coalesce(nullif(native.source.component, ''), nullif(native.reportingComponent, '')) AS "metadata.log_provider",
  nullif(native.source.host, '') AS "device.hostname",
  {_CONTAINER} AS "process.container.name",
  CASE WHEN {_CONTAINER} IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  {_IMAGE} AS "process.container.image.name",
  json_object('count', native."count", 'action', native."action")::VARCHAR AS "unmapped",
  [{
    resource(
        name=f"{_ABOUT}.name",
        kind=f"{_ABOUT}.kind",
        uid=f"{_ABOUT}.uid",
        namespace=f"{_ABOUT}.namespace",
        version=f"{_ABOUT}.apiVersion",
    )
}] AS "resources"
"""
