"""The fields of registry notifications in words."""

from __future__ import annotations

FIELDS = {
    "id": "Id of the event.",
    "timestamp": "When it happened.",
    "action": "pull, push, mount or delete.",
    "target.mediaType": "Media type of the blob or manifest.",
    "target.digest": "Digest.",
    "target.size": "Bytes.",
    "target.repository": "Repository.",
    "target.tag": "Tag.",
    "target.url": "Where it can be pulled.",
    "target.fromRepository": "Repository that a blob was mounted from.",
    "request.id": "Id of the request.",
    "request.addr": "Client's address and port.",
    "request.host": "Host that was asked.",
    "request.method": "HTTP method.",
    "request.useragent": "User agent.",
    "actor.name": "Who asked.",
    "source.addr": "Registry's host and port.",
    "source.instanceID": "Registry's process.",
}

ALIASES: dict[str, tuple[str, ...]] = {"repository": ("target.repository",), "useragent": ("request.useragent",)}
