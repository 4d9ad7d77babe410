"""Google Kubernetes Engine: the audit event as Cloud Audit Logs retells it in a LogEntry.

`methodName` is `io.k8s.<group, reversed>.<version>.<resource>[.<subresource>].<verb>`, `resourceName` the path
without its leading slash and prefix. Groups of users, `extra` and the query of the URI are not told.
Source: https://cloud.google.com/kubernetes-engine/docs/how-to/audit-logging, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.sources._contract import Labels, Malformed, Native
from stratagem.sources._text import at, first_text, text

HTTP_STATUS = {
    1: 499,
    2: 500,
    3: 400,
    4: 504,
    5: 404,
    6: 409,
    7: 403,
    8: 429,
    9: 400,
    10: 409,
    11: 400,
    12: 501,
    13: 500,
    14: 503,
    15: 500,
    16: 401,
}
"""google.rpc.Code -> HTTP status, as googleapis/google/rpc/code.proto pairs them."""

_VERSION = re.compile(r"v\d+(?:(?:alpha|beta)\d+)?")
_BUILT_IN = {"apps", "autoscaling", "batch", "extensions", "policy"}
_CONNECT = {"exec", "attach", "portforward"}


def is_log_entry(record: Native) -> bool:
    """A LogEntry whose audit log is that of a Kubernetes API server."""
    payload = record.get("protoPayload")
    if not isinstance(payload, Mapping):
        return False
    method = payload.get("methodName")
    return payload.get("serviceName") == "k8s.io" or (isinstance(method, str) and method.startswith("io.k8s."))


def from_log_entry(record: Native) -> tuple[dict[str, Any], Labels]:
    """The event retold, and its cluster. Raises Malformed if `methodName` names no verb."""
    payload = record["protoPayload"]
    method = text(payload.get("methodName"))
    if method is None:
        raise Malformed("protoPayload.methodName is missing")
    time = first_text(record.get("timestamp"), payload.get("timestamp"), record.get("receiveTimestamp"))
    event: dict[str, Any] = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": _level(payload),
        "auditID": first_text(record.get("insertId"), at(record, "operation", "id")),
        "stage": _stage(record),
        "verb": method.rpartition(".")[2],
        **_target(method, text(payload.get("resourceName")) or ""),
        **_who(payload),
        "responseStatus": _status(payload, method),
        "requestObject": _body(payload.get("request")),
        "responseObject": _body(payload.get("response")),
        "requestReceivedTimestamp": time,
        "stageTimestamp": time,
        "annotations": _annotations(record, payload),
    }
    return {name: value for name, value in event.items() if value is not None}, _labels(record)


def _level(payload: Native) -> str:
    if isinstance(payload.get("response"), Mapping):
        return "RequestResponse"
    return "Request" if isinstance(payload.get("request"), Mapping) else "Metadata"


def _stage(record: Native) -> str:
    """A long request is told twice: when it begins and when it ends."""
    operation = record.get("operation")
    begins = isinstance(operation, Mapping) and operation.get("first") is True and operation.get("last") is not True
    return "ResponseStarted" if begins else "ResponseComplete"


def _target(method: str, name: str) -> dict[str, Any]:
    """`objectRef` and `requestURI`: from the resource name where it is a path of the API, else from the method."""
    segments = method.split(".")
    at_version = next((index for index, part in enumerate(segments) if _VERSION.fullmatch(part)), None)
    path = name.strip("/").split("/")
    if at_version is None or len(segments) < at_version + 3:
        return {"requestURI": "/" + name.lstrip("/")}
    resource, *below = segments[at_version + 1 : -1]
    group, version = _group(segments[:at_version]), segments[at_version]
    if len(path) < 3 or path[1] != version:
        return {"objectRef": _reference(group, version, resource, {"subresource": below[0] if below else None})}
    group = "" if path[0] == "core" else path[0]
    root = f"/apis/{group}" if group else "/api"
    return {
        "objectRef": _reference(group, version, resource, _place(path[2:], resource)),
        "requestURI": f"{root}/{'/'.join(path[1:])}",
    }


def _group(reversed_group: list[str]) -> str:
    """`io.k8s.authorization.rbac` -> `rbac.authorization.k8s.io`; core and the oldest groups have no domain."""
    group = ".".join(reversed(reversed_group))
    short = group.removesuffix(".k8s.io")
    if short == "core":
        return ""
    return short if short in _BUILT_IN else group


def _place(path: list[str], resource: str) -> dict[str, str | None]:
    """Namespace, name and subresource out of `[namespaces/<ns>/]<resource>[/<name>[/<subresource>[/<path>]]]`."""
    namespace = None
    if path[0] == "namespaces" and resource != "namespaces" and len(path) > 2:
        namespace, path = path[1], path[2:]
    _, name, subresource = [*path, None, None][:3]
    return {"namespace": namespace, "name": name, "subresource": subresource}


def _reference(group: str, version: str, resource: str, place: Mapping[str, str | None]) -> dict[str, str]:
    members = {"resource": resource, **place, "apiGroup": group or None, "apiVersion": version}
    return {name: value for name, value in members.items() if value is not None}


def _who(payload: Native) -> dict[str, Any]:
    authentication = payload.get("authenticationInfo")
    address = first_text(at(payload, "requestMetadata", "callerIp"), at(payload, "requestMetadata", "callerIP"))
    acting = first_text(at(authentication, "principalEmail"), at(authentication, "principalSubject"))
    impersonated = text(at(authentication, "authoritySelector"))
    return {
        "user": {"username": acting} if acting else None,
        "impersonatedUser": {"username": impersonated} if impersonated else None,
        "sourceIPs": [address] if address else None,
        "userAgent": text(at(payload, "requestMetadata", "callerSuppliedUserAgent")),
    }


def _status(payload: Native, method: str) -> dict[str, Any]:
    """The API server's own status where the response has it, else Google's code as HTTP."""
    status, response = payload.get("status"), payload.get("response")
    told = response if isinstance(response, Mapping) and _is_status(response) else {}
    code = told.get("code")
    if not _is_code(code):
        code = at(status, "code")
        failed = told.get("status") == "Failure"
        code = HTTP_STATUS.get(code, code) if _is_code(code) and code else None if failed else _success(method)
    members = {"code": code, "status": told.get("status"), "reason": told.get("reason")}
    members["message"] = first_text(told.get("message"), at(status, "message"))
    return {name: value for name, value in members.items() if value is not None}


def _is_status(response: Native) -> bool:
    return (
        response.get("kind") == "Status"
        or str(response.get("@type", "")).endswith(".Status")
        or response.get("status") == "Failure"
    )


def _is_code(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _success(method: str) -> int:
    """What the API server answers to such a request when all is well."""
    *_, before, verb = ["", *method.split(".")]
    if before in _CONNECT:
        return 101
    return 201 if verb == "create" else 200


def _body(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return None
    return {name: member for name, member in value.items() if name not in ("@type", "at_sign_type")}


def _annotations(record: Native, payload: Native) -> dict[str, Any] | None:
    """Labels of the entry that are the API server's annotations; the decision also from what was granted."""
    labels = record.get("labels")
    found = {name: value for name, value in labels.items() if "k8s.io/" in name} if isinstance(labels, Mapping) else {}
    if "authorization.k8s.io/decision" not in found:
        granted = (
            [at(item, "granted") for item in payload.get("authorizationInfo") or () if isinstance(item, Mapping)]
            if isinstance(payload.get("authorizationInfo"), list)
            else []
        )
        if at(payload, "status", "code") == 7 or False in granted:
            found["authorization.k8s.io/decision"] = "forbid"
        elif True in granted:
            found["authorization.k8s.io/decision"] = "allow"
    return found or None


def _labels(record: Native) -> Labels:
    """The cluster's full name, as Google writes it: short names repeat over projects and places."""
    labels = at(record, "resource", "labels")
    project, place, name = (text(at(labels, key)) for key in ("project_id", "location", "cluster_name"))
    cluster = f"projects/{project}/locations/{place}/clusters/{name}" if project and place and name else name
    return Labels(cluster=cluster, account=project, region=place)
