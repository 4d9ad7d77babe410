"""Process Activity (class 1007) for most, Network Activity (4001) for connections.

`process` is the process that the event is about. Its parent started it: of a start, the parent is the acting process,
of anything else the process itself is.
"""

from __future__ import annotations

from stratagem.sources._sql import last_part, resource, resources
from stratagem.sources.tetragon.reading import KINDS

_IMAGE = '{"id": "VARCHAR", "name": "VARCHAR"}'
_CONTAINER = f'{{"id": "VARCHAR", "name": "VARCHAR", "pid": "BIGINT", "image": {_IMAGE}}}'
_POD = f'{{"namespace": "VARCHAR", "name": "VARCHAR", "container": {_CONTAINER}}}'
_PROCESS = (
    '{"exec_id": "VARCHAR", "pid": "BIGINT", "uid": "VARCHAR", "cwd": "VARCHAR", "binary": "VARCHAR", '
    '"arguments": "VARCHAR", "start_time": "VARCHAR", "docker": "VARCHAR", "user": {"name": "VARCHAR"}, '
    f'"pod": {_POD}}}'
)
_SOCKET = '{"saddr": "VARCHAR", "sport": "INTEGER", "daddr": "VARCHAR", "dport": "INTEGER", "protocol": "VARCHAR"}'
_BODY = (
    f'{{"process": {_PROCESS}, "parent": {_PROCESS}, "function_name": "VARCHAR", "event": "VARCHAR", '
    '"symbol": "VARCHAR", "policy_name": "VARCHAR", "signal": "VARCHAR", "status": "INTEGER", "action": "VARCHAR", '
    '"source_ip": "VARCHAR", "source_port": "INTEGER", "destination_ip": "VARCHAR", "destination_port": "INTEGER", '
    '"protocol": "VARCHAR", "ip": "VARCHAR", "port": "INTEGER", '
    f'"args": [{{"file_arg": {{"path": "VARCHAR"}}, "path_arg": {{"path": "VARCHAR"}}, "sock_arg": {_SOCKET}}}]}}'
)

STRUCTURE = (
    '{"time": "VARCHAR", "node_name": "VARCHAR", "cluster_name": "VARCHAR", '
    '"rate_limit_info": {"number_of_dropped_process_events": "VARCHAR"}, '
    + ", ".join(f'"{kind}": "JSON"' for kind in KINDS)
    + "}"
)
"""The kinds stay JSON: all have one body, and it is read once."""


def _process(path: str, said: str) -> str:
    """The columns of one process."""
    return f"""
  {said}.pid AS "{path}.pid",
  {said}.exec_id AS "{path}.uid",
  {last_part(f"{said}.binary")} AS "{path}.name",
  {said}.binary AS "{path}.path",
  concat_ws(' ', {said}.binary, nullif({said}.arguments, '')) AS "{path}.cmd_line",
  {said}.cwd AS "{path}.working_directory",
  iso_time({said}.start_time) AS "{path}.created_time",
  {said}.uid AS "{path}.user.uid",
  {said}."user".name AS "{path}.user.name","""


_KIND = "CASE " + " ".join(f"WHEN native.{kind} IS NOT NULL THEN '{kind.partition('_')[2]}'" for kind in KINDS) + " END"
_IS_CONNECTION = "_sock IS NOT NULL OR _kind IN ('connect', 'close', 'listen', 'accept')"

PROJECTION = f"""
  {_KIND} AS _kind,
  coalesce({", ".join(f"native.{kind}" for kind in KINDS)}) AS _json
;
  json_transform(_json, '{_BODY}') AS _b
;
  _b.process AS _p,
  _b.parent AS _q,
  _b.process.pod AS _pod,
  nullif(_b.args, []) AS _args,
  list_filter(_b.args, lambda each: each.sock_arg IS NOT NULL)[1].sock_arg AS _sock,
  list_filter(list_transform(_b.args, lambda each: coalesce(each.file_arg.path, each.path_arg.path)),
    lambda each: each IS NOT NULL)[1] AS _file,
  coalesce(_b.function_name, _b.event, _b.symbol) AS _hook
;
  iso_time(native.time) AS "time",
  native.time AS "metadata.original_time",
  native.cluster_name AS "cluster",
  CASE WHEN {_IS_CONNECTION} THEN 4001 ELSE 1007 END AS "class_uid",
  CASE WHEN _kind IN ('exec', 'connect', 'accept') THEN 1 WHEN _kind IN ('exit', 'close') THEN 2
    WHEN _kind = 'listen' THEN 7 WHEN _hook = 'tcp_connect' THEN 1 WHEN _hook = 'tcp_close' THEN 2 ELSE 99 END
    AS "activity_id",
  'Tetragon' AS "metadata.product.name",
  'Cilium' AS "metadata.product.vendor_name",
  'process_' || _kind AS "metadata.log_name",
  _hook AS "metadata.event_code",
  _b.policy_name AS "policy.name",
  CASE WHEN _kind IS NULL
    THEN native.rate_limit_info.number_of_dropped_process_events || ' process events dropped by the rate limit' END
    AS "message",
  _b.status AS "exit_code",
  nullif(_b.signal, '') AS "status_detail",
  native.node_name AS "device.hostname",
  {_process("process", "_p")}
  {_process("process.parent_process", "_q")}
  CASE WHEN _kind = 'exec' THEN _q.pid ELSE _p.pid END AS "actor.process.pid",
  CASE WHEN _kind = 'exec' THEN _q.exec_id ELSE _p.exec_id END AS "actor.process.uid",
  {last_part("CASE WHEN _kind = 'exec' THEN _q.binary ELSE _p.binary END")} AS "actor.process.name",
  CASE WHEN _kind = 'exec' THEN _q.binary ELSE _p.binary END AS "actor.process.path",
  coalesce(regexp_extract(_pod.container.id, '[^/]+$'), _p.docker) AS "process.container.uid",
  nullif(regexp_extract(_pod.container.id, '^([a-z-]+)://', 1), '') AS "process.container.runtime",
  _pod.container.name AS "process.container.name",
  _pod.container.pid AS "process.namespace_pid",
  CASE WHEN _pod.name IS NOT NULL THEN 'Kubernetes' END AS "process.container.orchestrator",
  nullif(regexp_extract(_pod.container.image.id, 'sha256:[0-9a-f]+$'), '') AS "process.container.image.uid",
  _pod.container.image.name AS "process.container.image.name",
  ip_address(coalesce(_b.source_ip, _b.ip, _sock.saddr)) AS "src_endpoint.ip",
  coalesce(_b.source_port, _b.port, _sock.sport) AS "src_endpoint.port",
  ip_address(coalesce(_b.destination_ip, _sock.daddr)) AS "dst_endpoint.ip",
  coalesce(_b.destination_port, _sock.dport) AS "dst_endpoint.port",
  lower(replace(coalesce(_b.protocol, _sock.protocol), 'IPPROTO_', '')) AS "connection_info.protocol_name",
  {
    resources(
        ("_pod.name IS NOT NULL", resource(name="_pod.name", kind="'pods'", namespace="_pod.namespace")),
        ("_file IS NOT NULL", resource(name="_file", kind="'file'")),
    )
} AS "resources"
"""
