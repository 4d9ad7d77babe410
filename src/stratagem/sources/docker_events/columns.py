"""Events as OCSF API Activity (class 6003), and an exec as Process Activity (1007). Nobody is named as the actor."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources

_POD = '"io.kubernetes.pod.name": "VARCHAR", "io.kubernetes.pod.namespace": "VARCHAR"'
STRUCTURE = f"""{{
  "Type": "VARCHAR", "Action": "VARCHAR", "scope": "VARCHAR", "time": "VARCHAR", "timeNano": "VARCHAR",
  "Actor": {{"ID": "VARCHAR", "Attributes": {{"name": "VARCHAR", "image": "VARCHAR", "container": "VARCHAR",
    "exitCode": "INTEGER", "signal": "VARCHAR", "execID": "VARCHAR", {_POD}}}}}
}}"""

PROJECTION = f"""
  coalesce(native.timeNano, native.time) AS _time,
  split_part(native.Action, ':', 1) AS _action,
  CASE WHEN native.Action LIKE 'exec_%: %' THEN substr(native.Action, strpos(native.Action, ': ') + 2) END AS _command,
  native.Actor.Attributes AS _a
;
  _command IS NOT NULL AND _action IN ('exec_create', 'exec_start') AS _is_exec,
  CASE WHEN native.Type = 'container' THEN native.Actor.ID ELSE _a.container END AS _container,
  CASE WHEN native.Type = 'image' THEN coalesce(_a.name, native.Actor.ID) ELSE _a.image END AS _image,
  _a."io.kubernetes.pod.name" AS _pod,
  _a."io.kubernetes.pod.namespace" AS _namespace
;
  iso_time(_time) AS "time",
  _time AS "metadata.original_time",
  CASE WHEN _is_exec THEN 1007 ELSE 6003 END AS "class_uid",
  CASE WHEN _action = 'exec_start' THEN 1 WHEN _is_exec THEN 99
    WHEN _action IN ('create', 'build', 'commit', 'import', 'load', 'pull', 'install') THEN 1
    WHEN _action IN ('export', 'archive-path', 'save', 'push', 'top') THEN 2
    WHEN _action IN ('destroy', 'delete', 'remove', 'prune', 'untag') THEN 4
    WHEN _action IN ('tag', 'rename', 'update', 'start', 'stop', 'kill', 'die', 'pause', 'unpause', 'restart',
      'connect', 'disconnect', 'mount', 'unmount', 'extract-to-dir', 'reload') THEN 3
    ELSE 99 END AS "activity_id",
  'Docker' AS "metadata.product.name",
  'Docker' AS "metadata.product.vendor_name",
  native.Type AS "metadata.log_name",
  _action AS "metadata.event_code",
  _a.exitCode AS "exit_code",
  native.Type || '.' || _action AS "api.operation",
  'dockerd' AS "api.service.name",
  _command AS "process.cmd_line",
  CASE WHEN _is_exec THEN _a.execID END AS "process.uid",
  _container AS "process.container.uid",
  CASE WHEN native.Type = 'container' THEN _a.name END AS "process.container.name",
  CASE WHEN _container IS NOT NULL THEN 'docker' END AS "process.container.runtime",
  CASE WHEN _pod IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  _image AS "process.container.image.name",
  {
    resources(
        (
            "native.Actor.ID IS NOT NULL",
            resource(name="coalesce(_a.name, native.Actor.ID)", kind="native.Type", uid="native.Actor.ID"),
        ),
        ("_pod IS NOT NULL", resource(name="_pod", kind="'pods'", namespace="_namespace")),
    )
} AS "resources"
"""
