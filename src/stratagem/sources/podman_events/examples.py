"""Podman events of our own making: a container's life, an image, a failed pull, the newer times, the journal."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_CONTAINER = "0a1b2c3d" * 8
_IMAGE = "registry.example.com/prod/web:1.4.2"


def _event(kind: str, status: str, second: int, identity: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "ID": identity,
        "Image": _IMAGE if kind == "container" else "",
        "Name": name,
        "Status": status,
        "Time": f"2026-11-20T11:00:{second:02}.123456789+01:00",
        "Type": kind,
        "Attributes": {"containers": "web"} if kind == "container" else None,
        **more,
    }


RECORDS = {
    "container_created": _event("container", "create", 1, _CONTAINER, "web"),
    "exec": _event("container", "exec", 2, _CONTAINER, "web"),
    "container_died": _event("container", "died", 3, _CONTAINER, "web", ContainerExitCode=137),
    "image_pushed": _event("image", "push", 4, "ab" * 32, "registry.example.com/prod/web@sha256:" + "ab" * 32),
    "pull_failed": _event("image", "pull-error", 5, "", "registry.example.com/prod/none", Error="manifest unknown"),
    "newer_times": _event("image", "remove", 6, "ab" * 32, _IMAGE, time=1795168806, timeNano=1795168806123456789),
}
"""Name -> canonical record."""

_JOURNAL = {
    "SYSLOG_IDENTIFIER": "podman",
    "_HOSTNAME": "host-1",
    "_UID": "1000",
    "PODMAN_EVENT": "create",
    "PODMAN_TYPE": "container",
    "PODMAN_TIME": "2026-11-20T11:00:07.123456789+01:00",
    "PODMAN_NAME": "web",
    "PODMAN_ID": _CONTAINER,
    "PODMAN_IMAGE": _IMAGE,
    "MESSAGE": "container create",
    "__REALTIME_TIMESTAMP": "1795168807123456",
}

EXAMPLES = (
    Example(name="events_as_json", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="journal", raw=dump(_JOURNAL)),
)
