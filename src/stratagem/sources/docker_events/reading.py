"""What an event says: action and command, container, image, pod."""

from __future__ import annotations

from stratagem.sources._contract import Native
from stratagem.sources._text import at, first_text, mapping, text

_POD = "io.kubernetes.pod.name"
_NAMESPACE = "io.kubernetes.pod.namespace"


def action(record: Native) -> str | None:
    said = text(record.get("Action"))
    return said.partition(":")[0] if said else None


def command(record: Native) -> str | None:
    """What follows the colon of an exec; `health_status: healthy` has none."""
    name, _, rest = (text(record.get("Action")) or "").partition(": ")
    return rest if name in ("exec_create", "exec_start") and rest else None


def is_exec(record: Native) -> bool:
    return (text(record.get("Action")) or "").startswith("exec_start: ")


def container(record: Native) -> str | None:
    if record.get("Type") == "container":
        return text(at(record, "Actor", "ID"))
    return text(at(record, "Actor", "Attributes", "container"))


def image(record: Native) -> str | None:
    """The container's image, or the image that the event is about."""
    attributes = mapping(at(record, "Actor", "Attributes"))
    if record.get("Type") == "image":
        return first_text(attributes.get("name"), at(record, "Actor", "ID"))
    return first_text(attributes.get("image"), record.get("from"))


def pod(record: Native) -> str | None:
    attributes = mapping(at(record, "Actor", "Attributes"))
    name = text(attributes.get(_POD))
    return f"{text(attributes.get(_NAMESPACE)) or ''}/{name}" if name else None
