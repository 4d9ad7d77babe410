"""An alert as OCSF Detection Finding (class 2004): the rule is the analytic, process and container stand beside it.

An alert of the Kubernetes audit source names who called the API server, and that is its principal. The users of system
calls are the operating system's, and give none.
"""

from __future__ import annotations

from stratagem.sources._sql import CLUSTER_SCOPE, last_part, resource, resources

_NAMES = (
    *("evt.type", "user.name", "user.uid", "user.loginuid", "container.id", "container.name", "container.type"),
    *("container.image", "container.image.id", "container.image.repository", "container.image.tag"),
    *("container.image.digest", "k8s.ns.name", "k8s.pod.name", "k8s.pod.id", "k8s.pod.uid"),
    *("proc.name", "proc.cmdline", "proc.exepath", "proc.exe", "proc.pid", "proc.vpid", "proc.cwd"),
    *("proc.pname", "proc.pcmdline", "proc.pexepath", "proc.ppid", "proc.aname[2]"),
    *("fd.name", "fd.cip", "fd.cport", "fd.sip", "fd.sport", "fd.rip", "fd.rport", "fd.l4proto"),
    *("ka.verb", "ka.user.name", "ka.target.name", "ka.target.namespace", "ka.target.resource"),
    *("ka.target.subresource", "ka.uri", "ka.response.code", "ka.useragent", "ka.sourceips"),
)

STRUCTURE = (
    '{"time": "VARCHAR", "rule": "VARCHAR", "priority": "VARCHAR", "source": "VARCHAR", "output": "VARCHAR", '
    '"hostname": "VARCHAR", "uuid": "VARCHAR", "tags": ["VARCHAR"], "output_fields": {'
    + ", ".join(f'"{name}": "VARCHAR"' for name in _NAMES)
    + "}}"
)


def _f(name: str) -> str:
    value = f'native.output_fields."{name}"'
    return f"CASE WHEN {value} NOT IN ('', '<NA>', 'null') THEN {value} END"


_IMAGE = f"coalesce({_f('container.image.repository')}, {_f('container.image')})"
_IN_CONTAINER = "_container IS NOT NULL"
_RESOURCE = "concat_ws('/', _ka_resource, _ka_subresource)"

PROJECTION = f"""
  nullif({_f("container.id")}, 'host') AS _container,
  {_f("k8s.ns.name")} AS _namespace,
  {_f("k8s.pod.name")} AS _pod,
  {_f("fd.name")} AS _file,
  {_f("ka.verb")} AS _verb,
  {_f("ka.user.name")} AS _ka_user,
  {_f("ka.target.resource")} AS _ka_resource,
  {_f("ka.target.subresource")} AS _ka_subresource,
  {_f("user.name")} AS _user,
  coalesce({_f("proc.exepath")}, {_f("proc.exe")}) AS _path,
  {_f("proc.pexepath")} AS _parent_path
;
  iso_time(native.time) AS "time",
  native.time AS "metadata.original_time",
  2004 AS "class_uid",
  1 AS "activity_id",
  CASE native.priority WHEN 'Emergency' THEN 6 WHEN 'Alert' THEN 5 WHEN 'Critical' THEN 5 WHEN 'Error' THEN 4
    WHEN 'Warning' THEN 3 WHEN 'Notice' THEN 2 ELSE 1 END AS "severity_id",
  native.priority AS "severity",
  'Falco' AS "metadata.product.name",
  'Falco' AS "metadata.product.vendor_name",
  native.source AS "metadata.log_name",
  {_f("evt.type")} AS "metadata.event_code",
  native.output AS "message",
  event_uid AS "finding_info.uid",
  native.rule AS "finding_info.title",
  native.output AS "finding_info.desc",
  native.tags AS "finding_info.types",
  native.rule AS "finding_info.analytic.name",
  CASE WHEN _ka_user IS NOT NULL THEN 'kubernetes:' || {CLUSTER_SCOPE} || ':' || _ka_user END
    AS "principal",
  coalesce(_ka_user, _user) AS "actor.user.name",
  {_f("user.uid")} AS "actor.user.uid",
  native.hostname AS "device.hostname",
  TRY_CAST({_f("proc.pid")} AS BIGINT) AS "process.pid",
  TRY_CAST({_f("proc.vpid")} AS BIGINT) AS "process.namespace_pid",
  {_f("proc.name")} AS "process.name",
  {_f("proc.cmdline")} AS "process.cmd_line",
  _path AS "process.path",
  {_f("proc.cwd")} AS "process.working_directory",
  CASE WHEN _ka_user IS NULL THEN _user END AS "process.user.name",
  {_f("user.uid")} AS "process.user.uid",
  _container AS "process.container.uid",
  CASE WHEN {_IN_CONTAINER} THEN {_f("container.name")} END AS "process.container.name",
  {_f("container.type")} AS "process.container.runtime",
  CASE WHEN _pod IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  coalesce({_f("container.image.digest")}, {_f("container.image.id")}) AS "process.container.image.uid",
  {_IMAGE} AS "process.container.image.name",
  {_f("container.image.tag")} AS "process.container.image.tag",
  coalesce({_f("proc.pname")}, {last_part("_parent_path")}) AS "process.parent_process.name",
  TRY_CAST({_f("proc.ppid")} AS BIGINT) AS "process.parent_process.pid",
  {_f("proc.pcmdline")} AS "process.parent_process.cmd_line",
  _parent_path AS "process.parent_process.path",
  ip_address({_f("fd.cip")}) AS "src_endpoint.ip",
  TRY_CAST({_f("fd.cport")} AS INTEGER) AS "src_endpoint.port",
  ip_address(coalesce({_f("fd.sip")}, {_f("fd.rip")})) AS "dst_endpoint.ip",
  TRY_CAST(coalesce({_f("fd.sport")}, {_f("fd.rport")}) AS INTEGER) AS "dst_endpoint.port",
  {_f("fd.l4proto")} AS "connection_info.protocol_name",
  _verb AS "api.operation",
  TRY_CAST({_f("ka.response.code")} AS INTEGER) AS "api.response.code",
  {_f("ka.useragent")} AS "http_request.user_agent",
  split_part({_f("ka.uri")}, '?', 1) AS "http_request.url.path",
  {
    resources(
        ("_pod IS NOT NULL", resource(name="_pod", kind="'pods'", namespace="_namespace", uid=_f("k8s.pod.uid"))),
        (
            "_ka_resource IS NOT NULL",
            resource(name=_f("ka.target.name"), kind=_RESOURCE, namespace=_f("ka.target.namespace")),
        ),
        ("_file LIKE '/%'", resource(name="_file", kind="'file'")),
    )
} AS "resources"
"""
