"""What an event says, whatever its kind: process, parent, pod, image, hook, arguments, signs of an escape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, mapping, objects, text, texts

KINDS = tuple(
    f"process_{kind}"
    for kind in (
        *("exec", "exit", "kprobe", "tracepoint", "uprobe", "lsm", "loader", "usdt"),
        *("connect", "close", "listen", "accept"),  # of the enterprise edition
    )
)
_KINDS = frozenset(KINDS)
_CONNECTING = frozenset({"tcp_connect", "security_socket_connect", "__x64_sys_connect", "udp_sendmsg"})
"""Functions that a policy hooks to see connections."""
_SOCKETS = ("sock_arg", "sockaddr_arg", "skb_arg")


def kind_of(record: Native) -> str | None:
    """The member that names the kind."""
    return next((name for name in record if name in _KINDS), None)


def body(record: Native) -> Mapping[str, Any]:
    kind = kind_of(record)
    return mapping(record[kind]) if kind else {}


def type_of(record: Native) -> str | None:
    kind = kind_of(record)
    return kind.removeprefix("process_") if kind else None


def process(record: Native) -> Mapping[str, Any] | None:
    return mapping(body(record).get("process")) or None


def parent(record: Native) -> Mapping[str, Any] | None:
    return mapping(body(record).get("parent")) or None


def _command_line(found: Mapping[str, Any] | None) -> str | None:
    binary = text(found.get("binary")) if found else None
    if found is None or binary is None:
        return None
    arguments = text(found.get("arguments"))
    return f"{binary} {arguments}" if arguments else binary


def command_line(record: Native) -> str | None:
    return _command_line(process(record))


def parent_command_line(record: Native) -> str | None:
    return _command_line(parent(record))


def function(record: Native) -> str | None:
    told = body(record)
    return first_text(told.get("function_name"), told.get("event"), told.get("symbol"), told.get("path"))


def pod(record: Native) -> str | None:
    found = mapping((process(record) or {}).get("pod"))
    name = text(found.get("name"))
    return f"{text(found.get('namespace')) or ''}/{name}" if name else None


def image(record: Native) -> str | None:
    """The image's reference; from its id where it has no name."""
    found = at(process(record), "pod", "container", "image")
    whole = text(at(found, "id"))
    named = text(at(found, "name"))
    digest = whole.partition("@")[2] if whole else ""
    if named:
        return f"{named}@{digest}" if digest.startswith("sha256:") and "@" not in named else named
    return whole.removeprefix("docker-pullable://") if whole else None


def in_container(record: Native) -> bool | None:
    found = process(record)
    return bool(found.get("pod") or found.get("docker")) if found else None


def host_namespaces(record: Native) -> list[str] | None:
    """Absent where the sensor does not tell namespaces, and for processes outside pods, which are always the host's."""
    found = process(record) or {}
    if not found.get("pod"):
        return None
    namespaces = mapping(found.get("ns"))
    return [name for name, told in namespaces.items() if at(told, "is_host") is True] or None


def capabilities(record: Native) -> list[str] | None:
    """Tetragon writes DAC_OVERRIDE without the prefix that the others have."""
    found = process(record) or {}
    effective = texts(at(found, "cap", "effective") or at(found, "process_credentials", "caps", "effective"))
    return [name if name.startswith("CAP_") else f"CAP_{name}" for name in effective] or None


def _arguments(record: Native, *names: str) -> Iterator[Any]:
    return (value[name] for value in objects(body(record).get("args")) for name in names if name in value)


def files(record: Native) -> list[str] | None:
    found = _arguments(record, "file_arg", "path_arg", "linux_binprm_arg")
    return [path for value in found if (path := text(at(value, "path")))] or None


def strings(record: Native) -> list[str] | None:
    found = _arguments(record, "string_arg", "module_arg")
    return [told for value in found if (told := first_text(value, at(value, "name")))] or None


def _destination(record: Native, argument: tuple[str, ...], member: str) -> Any:
    told = body(record).get(member)
    if told is not None:
        return told
    return next(
        (at(value, name) for value in _arguments(record, *_SOCKETS) for name in argument if at(value, name)), None
    )


def destination_ip(record: Native) -> str | None:
    return text(_destination(record, ("daddr", "addr"), "destination_ip"))


def destination_port(record: Native) -> int | None:
    port = _destination(record, ("dport", "port"), "destination_port")
    return port if isinstance(port, int) and not isinstance(port, bool) else None


def is_exec(record: Native) -> bool:
    return kind_of(record) == "process_exec"


def is_connection(record: Native) -> bool:
    kind = kind_of(record)
    return kind == "process_connect" or (kind == "process_kprobe" and function(record) in _CONNECTING)
