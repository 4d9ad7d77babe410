"""The fields of Podman events in words."""

from __future__ import annotations

FIELDS = {
    "Time": "When it happened, with the host's offset.",
    "time": "The same as seconds since 1970, in newer versions.",
    "timeNano": "The same as nanoseconds since 1970, in newer versions.",
    "Type": "container, pod, image, artifact, system, volume, secret, network or machine.",
    "Status": "create, start, exec, died, remove, pull, push, tag, build, ...",
    "ID": "Id of what it happened to.",
    "Name": "Name of it.",
    "Image": "Image of a container.",
    "Attributes": "Labels and more.",
    "ContainerExitCode": "Exit code of a container that died.",
    "PodID": "Pod of a container.",
    "Network": "Network.",
    "Error": "What failed.",
    "ContainerInspectData": "What the container was created with, as text.",
    "_HOSTNAME": "Host, in the journal.",
    "_UID": "User, in the journal.",
}

ALIASES: dict[str, tuple[str, ...]] = {"action": ("Status",), "container.id": ("podman.container",)}
