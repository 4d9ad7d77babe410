"""Lines as OCSF Application Lifecycle (class 6002): sandboxes and containers that start and stop. There is no actor."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "time": "VARCHAR", "level": "VARCHAR", "msg": "VARCHAR", "node": "VARCHAR", "engine": "VARCHAR", "error": "VARCHAR"
}"""

_M = "native.msg"


def _found(pattern: str) -> str:
    """The group of a pattern in the line."""
    return f"nullif(regexp_extract({_M}, '{pattern}', 1), '')"


_CONTAINER = _found('(?:[Cc]ontainer(?: id)?(?: for)?|returns container id) "([0-9a-f]{12,64})"')
_SANDBOX = _found('(?:sandbox(?: id)?|PodSandbox(?: for)?) "([0-9a-f]{12,64})"')
_POD = _found("PodSandboxMetadata[{]Name:([^,}]+)")
_NAMESPACE = _found("PodSandboxMetadata[{][^}]*Namespace:([^,}]+)")
_NAME = _found("ContainerMetadata[{]Name:([^,}]+)")
_IMAGE = _found(
    '(?:PullImage|ImageCreate event|ImageUpdate event|RemoveImage)(?: name:| [{]Name:)? ?"?([^",[:space:]}]+)'
)

PROJECTION = f"""
  {_CONTAINER} AS _container,
  {_SANDBOX} AS _sandbox,
  {_POD} AS _pod,
  {_NAMESPACE} AS _namespace,
  native.level IN ('error', 'fatal') OR contains({_M}, ' failed') AS _failed
;
  iso_time(native.time) AS "time",
  native.time AS "metadata.original_time",
  6002 AS "class_uid",
  CASE WHEN regexp_matches({_M}, '^(RunPodSandbox|StartContainer|starting)') THEN 3
    WHEN regexp_matches({_M}, '^(StopPodSandbox|StopContainer|Kill|TaskExit|shim disconnected)') THEN 4
    WHEN regexp_matches({_M}, '^(CreateContainer|PullImage|ImageCreate)') THEN 1
    WHEN regexp_matches({_M}, '^(RemovePodSandbox|RemoveContainer|ImageDelete|RemoveImage)') THEN 2
    ELSE 99 END AS "activity_id",
  CASE native.level WHEN 'fatal' THEN 5 WHEN 'error' THEN 3 WHEN 'warning' THEN 2 WHEN 'warn' THEN 2 ELSE 1 END
    AS "severity_id",
  native.level AS "severity",
  CASE WHEN _failed THEN 2 ELSE 0 END AS "status_id",
  native.error AS "status_detail",
  {_M} AS "message",
  coalesce(native.engine, 'containerd') AS "metadata.product.name",
  'CNCF' AS "metadata.product.vendor_name",
  'log' AS "metadata.log_name",
  native.node AS "device.hostname",
  _container AS "process.container.uid",
  {_NAME} AS "process.container.name",
  CASE WHEN _container IS NOT NULL THEN coalesce(native.engine, 'containerd') END AS "process.container.runtime",
  CASE WHEN _pod IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  {_IMAGE} AS "process.container.image.name",
  {
    resources(
        ("_pod IS NOT NULL", resource(name="_pod", kind="'pods'", namespace="_namespace")),
        ("_sandbox IS NOT NULL", resource(name="_sandbox", kind="'sandbox'", uid="_sandbox")),
        ("_container IS NOT NULL", resource(name="_container", kind="'container'", uid="_container")),
    )
} AS "resources"
"""
