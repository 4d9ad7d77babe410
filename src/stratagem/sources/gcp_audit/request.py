"""What was called, on what, with what right, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from stratagem.sources._contract import Native
from stratagem.sources._text import at, listing, mapping, objects, text

DENIALS = (7, 16)
"""google.rpc.Code: permission denied, unauthenticated."""
_VERSIONED = re.compile(r"^(?:v\d+(?:(?:alpha|beta)\d*)?|alpha|beta)\.")
PUBLIC = ("allusers", "allauthenticatedusers")


def payload(record: Native) -> Mapping[str, Any]:
    return mapping(record.get("protoPayload"))


def log(record: Native) -> str | None:
    """`activity`, `data_access`, `system_event`, `policy`, or another log's name."""
    said = log_id(record)
    return said.rpartition("/")[2] if said else None


def log_id(record: Native) -> str | None:
    """The log's name without its project: `cloudaudit.googleapis.com/activity`."""
    said = text(record.get("logName"))
    return unquote(said.rpartition("/logs/")[2] or said) if said else None


def parent(record: Native, kind: str) -> str | None:
    """The id of what the log belongs to: `projects`, `folders` or `organizations`."""
    parts = (text(record.get("logName")) or "").split("/")
    return text(parts[1]) if len(parts) > 1 and parts[0] == kind else None


def project(record: Native) -> str | None:
    """Project id, of the resource or of the log."""
    return text(at(record, "resource", "labels", "project_id")) or parent(record, "projects")


def methods(record: Native) -> list[str] | None:
    """The method as it is, and without its version: `v1.compute.instances.list`, `compute.instances.list`."""
    said = text(payload(record).get("methodName"))
    return list(dict.fromkeys((said, _VERSIONED.sub("", said)))) if said else None


def verb(record: Native) -> str | None:
    """The last word of the method: `insert`, `SetIamPolicy`, `CreateServiceAccountKey`."""
    said = text(payload(record).get("methodName"))
    return text(said.rpartition(".")[2]) if said else None


def status(record: Native) -> int:
    """google.rpc.Code of the answer; absent is 0, and a message without a code is 2 (unknown)."""
    said = payload(record).get("status")
    code = at(said, "code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 6:
        code = int(code)
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    return 2 if text(at(said, "message")) else 0


def outcome(record: Native) -> str:
    """`success` (also for the first entry of a long operation that was accepted), `denied` or `failure`."""
    code = status(record)
    if code == 0:
        return "success"
    return "denied" if code in DENIALS else "failure"


def stage(record: Native) -> str:
    """Of a long operation `first` (it has the request) or `last` (it has the result); `only` for everything else."""
    operation = record.get("operation")
    first, last = at(operation, "first") is True, at(operation, "last") is True
    if first != last:
        return "first" if first else "last"
    return "only"


def _authorizations(record: Native) -> Iterator[Mapping[str, Any]]:
    return objects(payload(record).get("authorizationInfo"))


def permissions(record: Native) -> list[str] | None:
    """Permissions that the call needed."""
    names = (text(one.get("permission")) for one in _authorizations(record))
    return list(dict.fromkeys(name for name in names if name)) or None


def denied_permissions(record: Native) -> list[str] | None:
    """Permissions that were not granted: `granted` is false, or absent."""
    names = (text(one.get("permission")) for one in _authorizations(record) if not _is_true(one.get("granted")))
    return list(dict.fromkeys(name for name in names if name)) or None


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() == "true")


def access(record: Native) -> str | None:
    """`admin_read`, `admin_write`, `data_read` or `data_write`."""
    kinds = (text(one.get("permissionType")) for one in _authorizations(record))
    found = next((kind for kind in kinds if kind), None)
    return found.lower() if found else None


def _policy_delta(record: Native) -> Mapping[str, Any]:
    """What a policy change changed."""
    said = payload(record)
    for place in (at(said, "serviceData", "policyDelta"), at(said, "metadata", "policyDelta")):
        if isinstance(place, Mapping):
            return place
    return {}


def binding_deltas(record: Native) -> list[Mapping[str, Any]] | None:
    """Bindings added and removed: action, role, member, condition."""
    return list(objects(_policy_delta(record).get("bindingDeltas"))) or None


def audit_deltas(record: Native) -> list[Mapping[str, Any]] | None:
    """Changes of what is logged: action, service, exemptedMember, logType."""
    return list(objects(_policy_delta(record).get("auditConfigDeltas"))) or None


def granted_members(record: Native) -> list[str] | None:
    """Members that the call grants a role: those added, or where no change is told all of the policy that was set."""
    deltas = binding_deltas(record)
    if deltas is not None:
        names = [text(one.get("member")) for one in deltas if str(one.get("action")).upper() == "ADD"]
    else:
        bindings = objects(at(payload(record), "request", "policy", "bindings"))
        names = [text(member) for binding in bindings for member in listing(binding.get("members"))]
    return list(dict.fromkeys(name for name in names if name)) or None


def grants_public(record: Native) -> bool | None:
    """Does the call grant a role to everybody; None where it grants nothing."""
    members = granted_members(record)
    return None if members is None else any(member.lower() in PUBLIC for member in members)
