"""The fields of Docker events in words."""

from __future__ import annotations

FIELDS = {
    "Type": "container, image, volume, network, daemon, plugin, builder, ...",
    "Action": "create, start, die, exec_create: <command>, pull, push, tag, build, ...",
    "Actor.ID": "Id of what it happened to.",
    "Actor.Attributes.name": "Name of it.",
    "Actor.Attributes.image": "Image of a container.",
    "Actor.Attributes.exitCode": "Exit code of a container that died.",
    "Actor.Attributes.signal": "Signal that was sent.",
    "Actor.Attributes.execID": "Id of an exec.",
    "Actor.Attributes.container": "Container of a network's or volume's event.",
    "scope": "local or swarm.",
    "time": "Seconds since 1970.",
    "timeNano": "Nanoseconds since 1970.",
    "status": "The action, in the old form.",
    "id": "The id, in the old form.",
    "from": "The image, in the old form.",
}

ALIASES: dict[str, tuple[str, ...]] = {
    "commandline": ("docker.command",),
    "container.id": ("docker.container",),
}
