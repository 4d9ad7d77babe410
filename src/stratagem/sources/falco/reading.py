"""What an alert says, beyond its own words: severity, container, pod, image, techniques, losses."""

from __future__ import annotations

import re
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import mapping, text, texts

PRIORITIES = ("Debug", "Informational", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency")
"""Least to most severe, as Falco spells them."""

_NONE = ("", "<NA>", "<N/A>")
_HOST = "host"
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?", re.IGNORECASE)


def field(record: Native, name: str) -> Any:
    """An output field, None where the rule does not name it or Falco had no value for it."""
    value = mapping(record.get("output_fields")).get(name)
    return None if isinstance(value, str) and value in _NONE else value


def severity(record: Native) -> int | None:
    priority = record.get("priority")
    return PRIORITIES.index(priority) if priority in PRIORITIES else None


def in_container(record: Native) -> bool | None:
    fields = mapping(record.get("output_fields"))
    if "container.id" not in fields:
        return None
    return text(field(record, "container.id")) not in (None, _HOST)


def drops(record: Native) -> int | None:
    """Falco writes the number as text or as a number."""
    try:
        return int(field(record, "n_drops"))
    except (TypeError, ValueError, OverflowError):
        return None


def techniques(record: Native) -> list[str] | None:
    return [tag.upper() for tag in texts(record.get("tags")) if _TECHNIQUE.fullmatch(tag)] or None


def pod(record: Native) -> str | None:
    name = text(field(record, "k8s.pod.name"))
    return f"{text(field(record, 'k8s.ns.name')) or ''}/{name}" if name else None


def image(record: Native) -> str | None:
    """`container.image`, else repository, tag and digest as one reference."""
    whole = text(field(record, "container.image"))
    if whole:
        return whole
    repository = text(field(record, "container.image.repository"))
    if repository is None:
        return None
    tag, digest = text(field(record, "container.image.tag")), text(field(record, "container.image.digest"))
    return repository + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def is_exec(record: Native) -> bool:
    """Is it about a program that was started."""
    return field(record, "evt.type") in ("execve", "execveat") and field(record, "proc.cmdline") is not None
