"""Derived fields of the pod that a request writes: None where the log does not show the pod, or it has none of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from stratagem.sources._contract import Derived, Native
from stratagem.sources._image import Image, parse
from stratagem.sources._text import at
from stratagem.sources.kubernetes_audit._written import containers, objects, pod_spec, written_object, written_pod

_BODY = ("requestObject", "responseObject", "objectRef.resource", "verb")
_NAMESPACES = ("hostPID", "hostIPC", "hostNetwork")


def volumes(record: Native) -> list[Mapping[str, Any]] | None:
    """The pod's volumes."""
    return objects(at(pod_spec(record), "volumes")) or None


def normal_path(path: str) -> str:
    """An absolute path as the kernel would walk it, links aside: no `//`, `/./`, `/../`, no slash at the end."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps)


def host_paths(record: Native) -> list[str] | None:
    """Paths of the node that the pod's volumes name."""
    return _distinct(path for _, path in _host_volumes(record))


def writable_host_paths(record: Native) -> list[str] | None:
    """Those of them that a container mounts without `readOnly: true`."""
    mounts = [mount for container in containers(record) or () for mount in objects(container.get("volumeMounts"))]
    writable = [mount.get("name") for mount in mounts if mount.get("readOnly") is not True]
    return _distinct(path for name, path in _host_volumes(record) if name in writable)


def _host_volumes(record: Native) -> Iterator[tuple[Any, str]]:
    for volume in volumes(record) or ():
        path = at(volume, "hostPath", "path")
        if isinstance(path, str):
            yield volume.get("name"), normal_path(path)


def host_namespaces(record: Native) -> list[str] | None:
    """Which of the node's namespaces the pod shares."""
    spec = pod_spec(record)
    return _distinct(name for name in _NAMESPACES if spec is not None and spec.get(name) is True)


def privileged_images(record: Native) -> list[str] | None:
    """Images of the containers that run privileged; "unknown" for one whose image the log does not show."""
    return _distinct(
        image if isinstance(image := container.get("image"), str) else "unknown"
        for container in containers(record) or ()
        if at(container, "securityContext", "privileged") is True
    )


def capabilities_added(record: Native) -> list[str] | None:
    """Capabilities that containers add, upper case, without `CAP_`."""
    return _distinct(
        name.upper().removeprefix("CAP_")
        for container in containers(record) or ()
        for name in _texts(at(container, "securityContext", "capabilities", "add"))
    )


def unconfined(record: Native) -> list[str] | None:
    """Which confinements are switched off: seccomp, apparmor, procmount."""
    pod = written_pod(record)
    contexts = [at(pod, "spec", "securityContext"), *(item.get("securityContext") for item in containers(record) or ())]
    return _distinct(_unconfined(contexts, at(pod, "metadata", "annotations")))


def _unconfined(contexts: Iterable[Any], annotations: Any) -> Iterator[str]:
    for context in contexts:
        if at(context, "seccompProfile", "type") == "Unconfined":
            yield "seccomp"
        if at(context, "appArmorProfile", "type") == "Unconfined":
            yield "apparmor"
        if at(context, "procMount") == "Unmasked":
            yield "procmount"
    for name, value in annotations.items() if isinstance(annotations, Mapping) else ():
        if value == "unconfined":
            yield from ("apparmor",) if "apparmor" in name else ("seccomp",) if "seccomp" in name else ()


def volume_host_path(record: Native) -> str | None:
    """The node's path behind a PersistentVolume (`hostPath` or `local`)."""
    if at(record, "objectRef", "resource") != "persistentvolumes":
        return None
    spec = at(written_object(record), "spec")
    path = at(spec, "hostPath", "path") or at(spec, "local", "path")
    return normal_path(path) if isinstance(path, str) else None


def _images(part: Callable[[Image], str | None]) -> Callable[[Native], list[str] | None]:
    def compute(record: Native) -> list[str] | None:
        names = (container.get("image") for container in containers(record) or ())
        images = (parse(name) for name in names if isinstance(name, str))
        return _distinct(value for image in images if image is not None and (value := part(image)) is not None)

    return compute


def _texts(value: Any) -> Iterator[str]:
    return (item for item in value if isinstance(item, str)) if isinstance(value, list) else iter(())


def _distinct(values: Iterable[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None


def _field(compute: Callable[[Native], Any], describe: str, *witnesses: str) -> Derived:
    return Derived(compute=compute, describe=describe, fields=_BODY, witnesses=witnesses)


POD_FIELDS: Mapping[str, Derived] = {
    "k8s.pod.spec": _field(
        pod_spec,
        "The pod spec that is written, of a pod or of a workload's template; absent: pod rules are not evaluable.",
        "spec",
    ),
    "k8s.pod.containers": _field(containers, "Its regular, init and ephemeral containers, as objects.", "containers"),
    "k8s.pod.volumes": _field(volumes, "Its volumes, as objects.", "volumes"),
    "k8s.pod.host_paths": _field(host_paths, "Node paths that its volumes name, normalised.", "hostPath"),
    "k8s.pod.host_paths_writable": _field(
        writable_host_paths, "Those that a container mounts without readOnly.", "hostPath"
    ),
    "k8s.pod.host_namespaces": _field(
        host_namespaces, "hostPID, hostIPC, hostNetwork: those that are true.", "hostPID", "hostIPC", "hostNetwork"
    ),
    "k8s.pod.privileged_containers": _field(
        privileged_images, "Images of the containers that run privileged.", "privileged"
    ),
    "k8s.pod.capabilities_added": _field(
        capabilities_added, "Capabilities that containers add, upper case, without CAP_.", "capabilities"
    ),
    "k8s.pod.unconfined": _field(
        unconfined, "Confinements switched off: seccomp, apparmor, procmount.", "unconfined", "unmasked"
    ),
    "k8s.volume.host_path": _field(
        volume_host_path, "Node path behind a PersistentVolume that is written.", "hostPath", "local"
    ),
    "image.registry": _field(
        _images(lambda image: image.registry), "Registries of the pod's images; docker.io if none is named.", "image"
    ),
    "image.repository": _field(
        _images(lambda image: image.repository), "Repositories of the pod's images (library/nginx).", "image"
    ),
    "image.tag": _field(
        _images(lambda image: image.tag),
        "Tags of the pod's images; latest if neither tag nor digest is named.",
        "image",
    ),
    "image.digest": _field(_images(lambda image: image.digest), "Digests of the pod's images.", "image"),
}
"""Derived fields of the pod; each witness is the member's name that must stand in the record."""
