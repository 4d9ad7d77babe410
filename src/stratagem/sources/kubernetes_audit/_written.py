"""The object that a request writes, and the pod inside it.

A patch's body is a piece of the object, or a list of operations: what was written stands in the response. Where a log
has no response, the piece itself is looked at, and of operations what they add.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at

WRITES = ("create", "update", "patch", "apply")
CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")

_TEMPLATE = ("spec", "template")
_POD_AT: Mapping[str, tuple[str, ...]] = {
    "pods": (),
    "podtemplates": ("template",),
    "deployments": _TEMPLATE,
    "daemonsets": _TEMPLATE,
    "statefulsets": _TEMPLATE,
    "replicasets": _TEMPLATE,
    "replicationcontrollers": _TEMPLATE,
    "jobs": _TEMPLATE,
    "cronjobs": ("spec", "jobTemplate", "spec", "template"),
}
_STEPS_LIMIT = 32
"""Steps of a patch operation's path; those to a container's settings are fewer than ten."""
_POD_SUBRESOURCES = (None, "", "ephemeralcontainers", "resize")
"""`status`, `binding`, `eviction` and the like carry a pod along that they do not write."""


def written_object(record: Native) -> Mapping[str, Any] | None:
    """The object as the request leaves it; None for reads and deletes, and where the log has no body."""
    verb = record.get("verb")
    if verb not in WRITES:
        return None
    request, response = record.get("requestObject"), record.get("responseObject")
    answer = response if isinstance(response, Mapping) and response.get("kind") != "Status" else None
    if verb == "patch":
        return answer or (request if isinstance(request, Mapping) else _added_by(request))
    return request if isinstance(request, Mapping) else answer


def _added_by(operations: Any) -> Mapping[str, Any] | None:
    """What the operations of a JSON patch (RFC 6902) add or replace, as an object that has nothing else."""
    if not isinstance(operations, list):
        return None
    root = _Node()
    for number, operation in enumerate(operations):
        if isinstance(operation, Mapping) and operation.get("op") in ("add", "replace"):
            path = operation.get("path")
            steps = path.split("/")[1:] if isinstance(path, str) else []
            if 0 < len(steps) <= _STEPS_LIMIT:
                _put(root, steps, operation.get("value"), number)
    built = _built(root)
    return built if isinstance(built, Mapping) and built else None


class _Node(dict[str, Any]):
    """A member that operations build, told apart from the values that they bring."""


def _put(node: _Node, steps: list[str], value: Any, number: int) -> None:
    for step in steps[:-1]:
        name = _name(step, number)
        below = _opened(node.get(name))
        node[name] = below
        node = below
    node[_name(steps[-1], number)] = value


def _opened(value: Any) -> _Node:
    """A value that a later operation reaches into: copied, for the record stays as it is."""
    if isinstance(value, _Node):
        return value
    items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, Mapping) else ()
    return _Node({str(name): below for name, below in items})


def _name(step: str, number: int) -> str:
    return f"-{number}" if step == "-" else step.replace("~1", "/").replace("~0", "~")


def _built(node: Any) -> Any:
    """Nodes as plain values; members named by numbers are the elements of a list."""
    if not isinstance(node, _Node):
        return node
    members = {name: _built(value) for name, value in node.items()}
    is_list = bool(members) and all(name.lstrip("-").isdigit() for name in members)
    return list(members.values()) if is_list else members


def written_pod(record: Native) -> Mapping[str, Any] | None:
    """The pod (`metadata`, `spec`) that a pod or workload request writes; None where there is none to see."""
    written = written_object(record)
    if written is None or at(record, "objectRef", "subresource") not in _POD_SUBRESOURCES:
        return None
    resource = at(record, "objectRef", "resource")
    if isinstance(resource, str) and resource in _POD_AT:
        pod = at(written, *_POD_AT[resource])
        return pod if isinstance(at(pod, "spec"), Mapping) else None
    return _pod_of_other(written)


def _pod_of_other(written: Native) -> Mapping[str, Any] | None:
    """Custom workloads (rollouts, serving revisions) hold a pod template where the built-in ones do."""
    for path in (("spec", "jobTemplate", "spec", "template"), _TEMPLATE, ()):
        pod = at(written, *path)
        if isinstance(at(pod, "spec", "containers"), list) and isinstance(pod, Mapping):
            return pod
    return None


def pod_spec(record: Native) -> Mapping[str, Any] | None:
    """The pod's `spec`; None means that pod rules are not evaluable on this record."""
    spec = at(written_pod(record), "spec")
    return spec if isinstance(spec, Mapping) else None


def containers(record: Native) -> list[Mapping[str, Any]] | None:
    """Regular, init and ephemeral containers, in this order."""
    spec = pod_spec(record)
    if spec is None:
        return None
    return [item for name in CONTAINER_LISTS for item in objects(spec.get(name))] or None


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The elements of a list that are objects."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
