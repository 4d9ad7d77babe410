"""Docker events of our own making: a container's life, an exec, an image built and pushed, a network, the old form."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_CONTAINER = "0a1b2c3d" * 8
_START = 1795168800


def _event(kind: str, action: str, second: int, actor: str, **attributes: Any) -> dict[str, Any]:
    """A complete event, with what the legacy members repeat."""
    seconds = _START + second
    legacy = {"status": action, "id": actor, "from": attributes.get("image", "")} if kind == "container" else {}
    return {
        **legacy,
        "Type": kind,
        "Action": action,
        "Actor": {"ID": actor, "Attributes": attributes},
        "scope": "local",
        "time": seconds,
        "timeNano": seconds * 10**9 + 123456789,
    }


_WEB = {"image": "registry.example.com/prod/web:1.4.2", "name": "web"}
RECORDS = {
    "container_created": _event("container", "create", 1, _CONTAINER, **_WEB),
    "exec_created": _event("container", "exec_create: /bin/sh -c id", 2, _CONTAINER, **_WEB, execID="EXAMPLEexec"),
    "exec_started": _event("container", "exec_start: /bin/sh -c id", 3, _CONTAINER, **_WEB, execID="EXAMPLEexec"),
    "container_died": _event("container", "die", 4, _CONTAINER, **_WEB, exitCode="137"),
    "image_built": _event(
        "image", "build", 5, "sha256:" + "ab" * 32, name="registry.example.com/prod/web@sha256:" + "ab" * 32
    ),
    "network_connected": _event("network", "connect", 6, "0b" * 32, container=_CONTAINER, name="bridge", type="bridge"),
    "pod_container": _event(
        "container",
        "start",
        7,
        _CONTAINER,
        **_WEB,
        **{"io.kubernetes.pod.name": "web-1", "io.kubernetes.pod.namespace": "prod"},
    ),
}
"""Name -> canonical record."""

_FLAT = {"status": "start", "id": _CONTAINER, "from": _WEB["image"], "time": _START, "timeNano": _START * 10**9}

EXAMPLES = (
    Example(name="events_as_json", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="before_1_10", raw=dump(_FLAT)),
    Example(name="without_nanoseconds", raw=dump({k: v for k, v in RECORDS["image_built"].items() if k != "timeNano"})),
)
