"""Lines as OCSF Application Lifecycle (6002), activity other: OCSF has no class for an application's own words."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "log": "VARCHAR", "stream": "VARCHAR", "time": "VARCHAR", "severity": "VARCHAR", "uid": "VARCHAR",
  "kubernetes": {"cluster": "VARCHAR", "namespace_name": "VARCHAR", "pod_name": "VARCHAR",
    "container_name": "VARCHAR", "container_image": "VARCHAR", "docker_id": "VARCHAR", "host": "VARCHAR"}
}"""

_K = "native.kubernetes"

PROJECTION = f"""
  iso_time(native."time") AS "time",
  6002 AS "class_uid",
  99 AS "activity_id",
  CASE upper(native.severity) WHEN 'CRITICAL' THEN 5 WHEN 'ERROR' THEN 4 WHEN 'WARNING' THEN 3 ELSE 1 END
    AS "severity_id",
  native.severity AS "severity",
  rtrim(native.log, chr(10) || chr(13)) AS "message",
  {_K}.cluster AS "cluster",
  'Kubernetes' AS "metadata.product.name",
  'CNCF' AS "metadata.product.vendor_name",
  native.stream AS "metadata.log_name",
  native.uid AS "metadata.correlation_uid",
  native."time" AS "metadata.original_time",
  {_K}.host AS "device.hostname",
  {_K}.docker_id AS "process.container.uid",
  {_K}.container_name AS "process.container.name",
  {_K}.container_image AS "process.container.image.name",
  CASE WHEN {_K}.pod_name IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  {
    resources(
        (
            f"{_K}.pod_name IS NOT NULL",
            resource(name=f"{_K}.pod_name", kind="'Pod'", namespace=f"{_K}.namespace_name"),
        ),
        (f"{_K}.host IS NOT NULL", resource(name=f"{_K}.host", kind="'Node'")),
    )
} AS "resources"
"""
