"""Derived fields of the request: who, from where, whether it was allowed, worked and changed anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from stratagem.sources._contract import Derived, Native
from stratagem.sources._text import at, first_text
from stratagem.sources.kubernetes_audit._written import objects, written_object

_DECISION = "authorization.k8s.io/decision"
_CHANGES = ("create", "update", "patch", "delete", "deletecollection", "post", "put")
_REVIEW_GROUPS = ("authorization.k8s.io", "authentication.k8s.io")
_CONNECTS = ("exec", "attach", "portforward", "proxy")
_PLATFORM_USERS = ("aksService", "hcpService")


def object_name(record: Native) -> str | None:
    """The target's name; for a name that the server generates, the one in the answer."""
    metadata = (at(record, "responseObject", "metadata"), at(written_object(record), "metadata"))
    return first_text(at(record, "objectRef", "name"), *(at(item, "name") for item in metadata))


def decision(record: Native) -> str:
    """The authorizer's word, else what the response code implies: authorization comes before anything else can fail."""
    told = at(record, "annotations", _DECISION)
    if told in ("allow", "forbid"):
        return str(told)
    code = _code(record)
    if code in (401, 403):
        return "forbid"
    return "allow" if code is not None and (100 <= code < 400 or code in (404, 409, 422)) else "unknown"


def outcome(record: Native) -> str:
    """success, failure, denied or unknown (the request had not ended when this was written)."""
    code = _code(record)
    if code in (401, 403) or (code is None and at(record, "annotations", _DECISION) == "forbid"):
        return "denied"
    if code is not None and 100 <= code < 600:
        return "success" if code < 400 else "failure"
    if record.get("stage") == "Panic" or at(record, "responseStatus", "status") == "Failure":
        return "failure"
    return "success" if at(record, "responseStatus", "status") == "Success" else "unknown"


def _code(record: Native) -> int | None:
    code = at(record, "responseStatus", "code")
    return code if isinstance(code, int) and not isinstance(code, bool) and code > 0 else None


def is_dry_run(record: Native) -> bool:
    """Validated by the server, stored by nobody: `dryRun` in the query, or in the body's options."""
    if any(name == "dryRun" and value for name, value in _query(record)):
        return True
    body = record.get("requestObject")
    return bool(at(body, "dryRun")) or bool(at(body, "deleteOptions", "dryRun"))


def _query(record: Native) -> list[tuple[str, str]]:
    uri = record.get("requestURI")
    if not isinstance(uri, str) or "?" not in uri:
        return []
    try:
        return parse_qsl(uri.partition("?")[2], keep_blank_values=True)
    except ValueError:
        return []


def exec_command(record: Native) -> str | None:
    """The command of an exec, decoded, joined by spaces; None for other requests and where the log has no query."""
    if at(record, "objectRef", "subresource") != "exec":
        return None
    words = [value for name, value in _query(record) if name == "command"]
    body = at(record, "requestObject", "command")
    if not words and isinstance(body, list):
        words = [word for word in body if isinstance(word, str)]
    return " ".join(words) or None


def username_kind(record: Native) -> str | None:
    """human, serviceaccount, node, anonymous or system."""
    name, groups = at(record, "user", "username"), at(record, "user", "groups")
    if name == "system:anonymous" or (isinstance(groups, list) and "system:unauthenticated" in groups):
        return "anonymous"
    if not isinstance(name, str) or not name:
        return None
    if name.startswith("system:serviceaccount:") or name.endswith(".gserviceaccount.com"):
        return "serviceaccount"
    if name.startswith("system:node:"):
        return "node"
    return "system" if name.startswith("system:") or name in _PLATFORM_USERS else "human"


def source_ip(record: Native) -> str | None:
    """The last address, which the API server saw itself; those before it are what headers claim."""
    return _address(record, -1)


def claimed_ip(record: Native) -> str | None:
    """The first address: the client, if every proxy between tells the truth."""
    return _address(record, 0)


def _address(record: Native, index: int) -> str | None:
    addresses = record.get("sourceIPs")
    value = addresses[index] if isinstance(addresses, list) and addresses else None
    return value if isinstance(value, str) else None


def is_mutation(record: Native) -> bool:
    """Does the request ask to change what is stored? Reviews, connections into pods and dry runs do not."""
    if record.get("verb") not in _CHANGES or is_dry_run(record):
        return False
    reviews = at(record, "objectRef", "apiGroup") in _REVIEW_GROUPS
    return not reviews and at(record, "objectRef", "subresource") not in _CONNECTS


def bound_role(record: Native) -> str | None:
    """The role that a binding gives: `ClusterRole/cluster-admin`."""
    role = at(written_object(record), "roleRef")
    name = at(role, "name")
    if not isinstance(name, str) or not _is_binding(record):
        return None
    return f"{kind}/{name}" if isinstance(kind := at(role, "kind"), str) else name


def bound_subjects(record: Native) -> list[str] | None:
    """Whom a binding gives it to: `User/ann`, `Group/ops`, `ServiceAccount/<namespace>/<name>`."""
    if not _is_binding(record):
        return None
    return [_subject(item) for item in objects(at(written_object(record), "subjects"))] or None


def _is_binding(record: Native) -> bool:
    return at(record, "objectRef", "resource") in ("rolebindings", "clusterrolebindings")


def _subject(item: Mapping[str, Any]) -> str:
    parts = (item.get("kind"), item.get("namespace"), item.get("name"))
    return "/".join(part for part in parts if isinstance(part, str) and part)


def role_rules(record: Native) -> list[Mapping[str, Any]] | None:
    """The rules of a role that is written, as objects."""
    if at(record, "objectRef", "resource") not in ("roles", "clusterroles"):
        return None
    return objects(at(written_object(record), "rules")) or None


def token_for(record: Native) -> str | None:
    """`<namespace>/<service account>` that a token is asked for, by TokenRequest or by a token Secret."""
    resource, namespace = at(record, "objectRef", "resource"), at(record, "objectRef", "namespace")
    name = None
    if resource == "serviceaccounts" and at(record, "objectRef", "subresource") == "token":
        name = at(record, "objectRef", "name")
    elif resource == "secrets" and at(written_object(record), "type") == "kubernetes.io/service-account-token":
        name = at(written_object(record), "metadata", "annotations", "kubernetes.io/service-account.name")
    return f"{namespace}/{name}" if isinstance(name, str) and isinstance(namespace, str) else None


def token_seconds(record: Native) -> int | None:
    """The lifetime that a TokenRequest asks for."""
    seconds = at(record, "requestObject", "spec", "expirationSeconds")
    asks = at(record, "objectRef", "subresource") == "token"
    return seconds if asks and isinstance(seconds, int) and not isinstance(seconds, bool) else None


def _field(compute: Callable[[Native], Any], describe: str, fields: str, *witnesses: str) -> Derived:
    return Derived(compute=compute, describe=describe, fields=tuple(fields.split()), witnesses=witnesses)


_BODY = "verb objectRef.resource requestObject responseObject"

REQUEST_FIELDS: Mapping[str, Derived] = {
    "k8s.object": _field(
        written_object,
        "The object as the request leaves it: a patch's outcome from the response, else the body sent.",
        _BODY,
    ),
    "k8s.object_name": _field(
        object_name,
        "Name of the target; where the server generates it, the name in the response.",
        _BODY + " objectRef.name",
    ),
    "k8s.decision": _field(
        decision,
        "allow, forbid or unknown: the authorizer's word, else from the response code.",
        "annotations responseStatus.code",
    ),
    "outcome": _field(outcome, "success, failure, denied or unknown.", "responseStatus annotations stage"),
    "k8s.dry_run": _field(is_dry_run, "Was the request a server-side dry run.", "requestURI requestObject"),
    "k8s.is_mutation": _field(
        is_mutation,
        "Does it ask to change what is stored: no read, review, connection or dry run.",
        "verb objectRef requestURI",
    ),
    "k8s.exec_command": _field(
        exec_command, "Command of an exec, decoded, joined by spaces.", "requestURI requestObject", "command"
    ),
    "k8s.username_kind": _field(
        username_kind, "human, serviceaccount, node, anonymous or system.", "user.username user.groups"
    ),
    "k8s.source_ip": _field(source_ip, "Last of sourceIPs: the address that the API server saw.", "sourceIPs"),
    "k8s.claimed_ip": _field(claimed_ip, "First of sourceIPs: the client as headers claim it.", "sourceIPs"),
    "k8s.rbac.role": _field(
        bound_role, "Role that a written binding gives: ClusterRole/cluster-admin.", _BODY, "roleRef"
    ),
    "k8s.rbac.subjects": _field(
        bound_subjects, "Whom it is given to: User/ann, Group/ops, ServiceAccount/shop/web.", _BODY, "subjects"
    ),
    "k8s.rbac.rules": _field(role_rules, "Rules of a written role, as objects.", _BODY, "rules"),
    "k8s.token_for": _field(token_for, "Service account (namespace/name) that a token is asked for.", _BODY, "token"),
    "k8s.token_seconds": _field(
        token_seconds, "Lifetime that a token request asks for.", "requestObject", "expirationSeconds"
    ),
}
"""Derived fields of the request."""
