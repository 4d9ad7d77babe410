"""Lines of container engines: where they stand, how they are written, and what they say."""

from __future__ import annotations

import re
from typing import Any

from stratagem.sources._contract import NO_LABELS, Labels, Native
from stratagem.sources._text import at, first_text, text

ENGINES = frozenset(("containerd", "dockerd", "docker", "crio"))
_OPERATIONS = (
    *("RunPodSandbox", "StopPodSandbox", "RemovePodSandbox", "TearDown", "Forcibly", "SandboxChanged"),
    *("CreateContainer", "StartContainer", "StopContainer", "RemoveContainer", "Kill container", "ExecSync", "Exec"),
    *("PullImage", "ImageCreate", "ImageUpdate", "ImageDelete", "RemoveImage", "stop pulling image"),
    *("shim disconnected", "cleaning up dead shim", "cleanup warnings", "received exit event", "TaskExit", "TaskOOM"),
    *("starting containerd", "containerd successfully booted", "API listen on", "Daemon has completed"),
)
"""How the lines about pods, containers and images begin."""
_BEGINNINGS = tuple(_OPERATIONS)
_PAIR = re.compile(r'([A-Za-z_][\w.-]*)=("(?:[^"\\]|\\.)*"|\S*)')
_ID = r'\\?"([0-9a-f]{12,64})\\?"'
_CONTAINER = re.compile(rf"(?:[Cc]ontainer(?: id)?(?: for)?|returns container id) {_ID}")
_SANDBOX = re.compile(rf"(?:sandbox(?: id)?|PodSandbox(?: for)?) {_ID}")
_POD = re.compile(r"PodSandboxMetadata\{Name:([^,}]+),Uid:[^,}]*,Namespace:([^,}]+)")
_NAME = re.compile(r"ContainerMetadata\{Name:([^,}]+)")
_IMAGE = re.compile(
    r'(?:PullImage|ImageCreate event|ImageUpdate event|RemoveImage)(?: name:| \{Name:)? ?\\?"?([^"\\,\s}]+)'
)


def is_engine_s(message: object) -> bool:
    return isinstance(message, str) and message.startswith(_BEGINNINGS)


def journal(record: Native) -> Native | None:
    """The journal entry of an engine: bare, or under `jsonPayload` of a log entry; None where it is none."""
    payload = record.get("jsonPayload")
    entry = payload if isinstance(payload, dict) else record
    said = entry.get("SYSLOG_IDENTIFIER")
    is_one = isinstance(said, str) and said in ENGINES and isinstance(entry.get("MESSAGE"), str)
    return entry if is_one else None


def from_text(entry: Native, record: Native) -> dict[str, Any] | None:
    """A journal entry's line as JSON. Lines that are no `key=value` text are the message as a whole."""
    line = str(entry["MESSAGE"])
    pairs = {name: _unquoted(value) for name, value in _PAIR.findall(line)} if "msg=" in line else {}
    message = pairs.pop("msg", line).strip()
    if not message:
        return None
    when = first_text(pairs.pop("time", None), record.get("timestamp")) or _microseconds(entry)
    node = first_text(entry.get("_HOSTNAME"), at(record, "resource", "labels", "node_name"))
    made = {
        "time": when,
        "level": pairs.pop("level", "info"),
        "msg": message,
        **pairs,
        "engine": entry["SYSLOG_IDENTIFIER"],
    }
    return {**made, "node": node} if node else made


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1])


def _microseconds(entry: Native) -> int | None:
    said = text(entry.get("__REALTIME_TIMESTAMP"))
    return int(said) if said and said.isascii() and said.isdigit() else None


def labels(record: Native) -> Labels:
    """The cluster's full name as the Kubernetes audit log of GKE gives it."""
    told = at(record, "resource", "labels")
    project, place, name = (text(at(told, key)) for key in ("project_id", "location", "cluster_name"))
    if name is None:
        return NO_LABELS
    cluster = f"projects/{project}/locations/{place}/clusters/{name}" if project and place else name
    return Labels(cluster=cluster, account=project, region=place)


def _message(record: Native) -> str:
    return text(record.get("msg")) or ""


def operation(record: Native) -> str | None:
    said = _message(record)
    return next((name for name in _OPERATIONS if said.startswith(name)), None)


def _first(pattern: re.Pattern[str], record: Native) -> str | None:
    found = pattern.search(_message(record))
    return found[1] if found else None


def container(record: Native) -> str | None:
    return _first(_CONTAINER, record)


def sandbox(record: Native) -> str | None:
    return _first(_SANDBOX, record)


def pod(record: Native) -> str | None:
    found = _POD.search(_message(record))
    return f"{found[2]}/{found[1]}" if found else None


def container_name(record: Native) -> str | None:
    return _first(_NAME, record)


def image(record: Native) -> str | None:
    return _first(_IMAGE, record)


def failed(record: Native) -> bool:
    level = text(record.get("level")) or ""
    return level in ("error", "fatal") or " failed" in _message(record)
