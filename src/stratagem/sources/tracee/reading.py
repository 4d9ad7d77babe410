"""What an event says: its arguments by name, path, container, pod, image, signature."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, objects, text, texts

EXECUTIONS = frozenset(("execve", "execveat", "sched_process_exec"))
_PATHS = ("pathname", "path", "file_path", "cmdpath", "syscall_pathname")


def arguments(record: Native) -> dict[str, Any] | None:
    found = {
        name: argument.get("value") for argument in objects(record.get("args")) if (name := text(argument.get("name")))
    }
    return found or None


def command_line(record: Native) -> str | None:
    return " ".join(texts((arguments(record) or {}).get("argv"))) or None


def path(record: Native) -> str | None:
    found = arguments(record) or {}
    return first_text(*(found.get(name) for name in _PATHS), at(record, "executable", "path"))


def container(record: Native) -> str | None:
    return first_text(at(record, "container", "id"), record.get("containerId"))


def pod(record: Native) -> str | None:
    name = first_text(at(record, "kubernetes", "podName"), record.get("podName"))
    space = first_text(at(record, "kubernetes", "podNamespace"), record.get("podNamespace"))
    return f"{space or ''}/{name}" if name else None


def image(record: Native) -> str | None:
    name = first_text(at(record, "container", "image"), record.get("containerImage"))
    digest = text(at(record, "container", "imageDigest"))
    return f"{name}@{digest}" if name and digest and digest.startswith("sha256:") and "@" not in name else name


def is_signature(record: Native) -> bool | None:
    return True if signature(record) else None


def signature(record: Native) -> str | None:
    return text(at(record, "metadata", "Properties", "signatureID"))


def destination_ip(record: Native) -> str | None:
    found = arguments(record) or {}
    return first_text(found.get("dst"), at(found.get("remote_addr"), "sin_addr"), at(found.get("addr"), "sin_addr"))


def is_exec(record: Native) -> bool:
    name = record.get("eventName")
    return isinstance(name, str) and name in EXECUTIONS
