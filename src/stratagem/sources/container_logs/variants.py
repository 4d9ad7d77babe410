"""How the line of a container comes, by collector, and how each is brought to Fluent Bit's form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from stratagem.sources import _google
from stratagem.sources._contract import Native
from stratagem.sources._envelopes import strip_prefix
from stratagem.sources._text import at, first_text, text

KIND, KINDS = "log-type", "container"
_STRUCTURED = ("message", "msg", "log", "MESSAGE")
"""Members of a `jsonPayload` that hold the line."""
_OTHERS = frozenset({"kind", "apiVersion", "rule", "eventName", "eventId", "connection", "auditID", "output_fields"})
"""Members of payloads that are records of other logs."""


def is_plain(line: Any) -> bool:
    """Is it a line of text, and no JSON object, bare or behind the prefix of a log?"""
    if not isinstance(line, str) or line.lstrip()[:1] == "{":
        return False
    head = line[:600]
    return "{" not in head or strip_prefix(head.encode(errors="replace"))[:1] != b"{"


def variant_of(record: Native) -> Callable[[Native], dict[str, Any]] | None:
    """How the record is read; None where it is no container's line."""
    if is_plain(record.get("log")):
        if isinstance(record.get("kubernetes"), Mapping) and text(at(record, "kubernetes", "pod_name")):
            return _fluent_bit
        if set(record) <= {"log", "stream", "time", "attrs"} and "stream" in record:
            return dict
    if str(at(record, "resource", "type")).startswith("k8s_") and "logName" in record and _entry(record):
        return _gke
    if is_plain(record.get("LogMessage")) and "PodName" in record and "ContainerName" in record:
        return _container_log_v2
    return None


def _entry(record: Native) -> str | None:
    """The line of a LogEntry: its text, or the message of a payload that is no record of another log."""
    line = record.get("textPayload")
    if line is None:
        payload = record.get("jsonPayload")
        if not isinstance(payload, Mapping) or not _OTHERS.isdisjoint(payload):
            return None
        if payload.get("SYSLOG_IDENTIFIER") == "containerd":
            return None
        line = first_text(*(payload.get(name) for name in _STRUCTURED))
    return line if isinstance(line, str) and line and is_plain(line) else None


def _filled(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", {})}


def _fluent_bit(record: Native) -> dict[str, Any]:
    made = dict(record)
    made["time"] = record.get("time", record.get("@timestamp", record.get("date")))
    return made


def _gke(record: Native) -> dict[str, Any]:
    """A LogEntry of Cloud Logging; of the structured payload the members beside the message are kept."""
    entry = _google.entry_of(record)
    told = at(entry, "resource", "labels")
    project, place, name = (text(at(told, key)) for key in ("project_id", "location", "cluster_name"))
    cluster = f"projects/{project}/locations/{place}/clusters/{name}" if project and place and name else name
    kubernetes = _filled(
        cluster=cluster,
        namespace_name=at(told, "namespace_name"),
        pod_name=at(told, "pod_name"),
        container_name=at(told, "container_name"),
        host=first_text(at(told, "node_name"), at(entry, "labels", "compute.googleapis.com/resource_name")),
    )
    log = (text(entry.get("logName")) or "").rpartition("/")[2]
    return _filled(
        log=_entry(entry) or _entry(record),
        stream=log,
        time=entry.get("timestamp"),
        severity=entry.get("severity"),
        uid=entry.get("insertId"),
        kubernetes=kubernetes,
        fields=entry.get("jsonPayload"),
    )


def _container_log_v2(row: Native) -> dict[str, Any]:
    """A row of Container Insights."""
    kubernetes = _filled(
        cluster=row.get("_ResourceId"),
        namespace_name=row.get("PodNamespace"),
        pod_name=row.get("PodName"),
        container_name=row.get("ContainerName"),
        docker_id=row.get("ContainerId"),
        host=row.get("Computer"),
    )
    return _filled(
        log=row.get("LogMessage"),
        stream=row.get("LogSource"),
        time=row.get("TimeGenerated"),
        severity=row.get("LogLevel"),
        kubernetes=kubernetes,
    )
