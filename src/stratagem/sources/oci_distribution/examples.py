"""Notifications of our own making: a push of manifest and blob, a pull, a deletion, a stranger's pull."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def _event(action: str, number: int, target: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": f"44444444-0000-4000-8000-0000000000{number:02}",
        "timestamp": f"2026-11-20T10:00:{number:02}.123456789Z",
        "action": action,
        "target": {"repository": "prod/web", **target},
        "request": {
            "id": f"55555555-0000-4000-8000-0000000000{number:02}",
            "addr": "203.0.113.7:40112",
            "host": "registry.example.com",
            "method": {"push": "PUT", "pull": "GET", "delete": "DELETE", "mount": "POST"}[action],
            "useragent": "docker/27.3.1 go/go1.22.7 kernel/6.8.0 os/linux arch/amd64",
        },
        "actor": {"name": "ci-bot"},
        "source": {"addr": "registry-0:5000", "instanceID": "66666666-0000-4000-8000-000000000001"},
        **more,
    }


_IMAGE = {"mediaType": _MANIFEST, "digest": "sha256:" + "ab" * 32, "size": 708, "length": 708, "tag": "1.4.2"}
RECORDS = {
    "push": _event("push", 1, _IMAGE),
    "push_of_a_layer": _event("push", 2, {"mediaType": _LAYER, "digest": "sha256:" + "cd" * 32, "size": 1024}),
    "pull_without_a_name": _event("pull", 3, _IMAGE, actor={}),
    "delete": _event("delete", 4, {"digest": "sha256:" + "ab" * 32}, actor={"name": "dev-bob"}),
    "mount": _event("mount", 5, {"mediaType": _LAYER, "digest": "sha256:" + "cd" * 32, "fromRepository": "base/os"}),
}
"""Name -> canonical record."""

EXAMPLES = (
    Example(name="envelope", raw=dump({"events": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
)
