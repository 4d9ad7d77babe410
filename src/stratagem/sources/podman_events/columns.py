"""Events as OCSF API Activity (class 6003). The journal names host and user, nothing else names an actor."""

from __future__ import annotations

from stratagem.sources._sql import resource, resources

STRUCTURE = """{
  "Time": "VARCHAR", "timeNano": "VARCHAR", "Type": "VARCHAR", "Status": "VARCHAR", "ID": "VARCHAR",
  "Name": "VARCHAR", "Image": "VARCHAR", "ContainerExitCode": "INTEGER", "PodID": "VARCHAR", "Network": "VARCHAR",
  "Error": "VARCHAR", "_HOSTNAME": "VARCHAR", "_UID": "VARCHAR"
}"""

# The names of a DuckDB structure do not differ by case, so `time` is read beside it.
_TIME = "coalesce(native.timeNano, native.Time, json_extract_string(raw, '$.time'))"

PROJECTION = f"""
  iso_time({_TIME}) AS "time",
  {_TIME} AS "metadata.original_time",
  6003 AS "class_uid",
  CASE WHEN native.Status IN ('create', 'pull', 'build', 'commit', 'import', 'loadFromArchive') THEN 1
    WHEN native.Status IN ('export', 'save', 'push') THEN 2
    WHEN native.Status IN ('remove', 'prune', 'untag') THEN 4
    WHEN native.Status IN ('start', 'stop', 'kill', 'died', 'pause', 'unpause', 'restart', 'rename', 'tag', 'update',
      'connect', 'disconnect', 'mount', 'unmount', 'init', 'restore') THEN 3
    ELSE 99 END AS "activity_id",
  CASE WHEN native.Status LIKE '%error' THEN 2 ELSE 0 END AS "status_id",
  nullif(native.Error, '') AS "status_detail",
  'Podman' AS "metadata.product.name",
  'Podman' AS "metadata.product.vendor_name",
  native.Type AS "metadata.log_name",
  native.Status AS "metadata.event_code",
  native._HOSTNAME AS "device.hostname",
  native._UID AS "actor.user.uid",
  native.ContainerExitCode AS "exit_code",
  native.Type || '.' || native.Status AS "api.operation",
  'podman' AS "api.service.name",
  CASE WHEN native.Type = 'container' THEN native.ID END AS "process.container.uid",
  CASE WHEN native.Type = 'container' THEN native.Name END AS "process.container.name",
  CASE WHEN native.Type = 'container' THEN 'podman' END AS "process.container.runtime",
  CASE WHEN native.Type = 'image' THEN native.Name ELSE nullif(native.Image, '') END
    AS "process.container.image.name",
  {
    resources(
        (
            "coalesce(native.ID, native.Name) IS NOT NULL",
            resource(name="coalesce(native.Name, native.ID)", kind="native.Type", uid="native.ID"),
        )
    )
} AS "resources"
"""
