"""What an operation of Azure Resource Manager was, on what, by whom, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import address, at, decoded, first_text, mapping, text, truthy

OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
NAME = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"
MAIL = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
STAGES = {
    "start": "start",
    "started": "start",
    "accept": "accept",
    "accepted": "accept",
    "in progress": "accept",
    "success": "end",
    "succeeded": "end",
    "failure": "end",
    "failed": "end",
    "canceled": "end",
}
"""`resultType` in lower case -> stage: one operation is told when it starts, is accepted and has ended."""
SUCCESSES = ("success", "succeeded")
FAILURES = ("failure", "failed", "canceled")
DENIALS = ("forbidden", "unauthorized", "authorizationfailed", "linkedauthorizationfailed", "403", "401")
"""Words (lower case) of a refusal in `properties.statusCode`, `resultSignature` or the status message."""
_ROLE = re.compile(r"/roledefinitions/([^/]+)$", re.IGNORECASE)


def operation(record: Native) -> str | None:
    """The operation in lower case: the log writes names in every case."""
    said = text(record.get("operationName"))
    return said.lower() if said else None


def provider(record: Native) -> str | None:
    """The resource provider: `Microsoft.ContainerRegistry`, as the record spells it."""
    said = text(record.get("operationName"))
    return text(said.partition("/")[0]) if said else None


def verb(record: Native) -> str | None:
    """`write`, `delete`, `read`, or the action's own word (`listkeys` of `…/listKeys/action`)."""
    said = operation(record)
    if said is None:
        return None
    *before, last = said.split("/")
    return before[-1] if last == "action" and before else last


def stage(record: Native) -> str:
    """`start`, `accept` or `end`; `unknown` for what has no such life (health, recommendations)."""
    return STAGES.get(str(record.get("resultType")).lower(), "unknown")


def outcome(record: Native) -> str:
    """`success`, `denied`, `failure`, or `unknown` while the operation goes on."""
    said = str(record.get("resultType")).lower()
    if said in SUCCESSES:
        return "success"
    if said not in FAILURES:
        return "unknown"
    return "denied" if _is_refused(record) else "failure"


def _is_refused(record: Native) -> bool:
    code = text(at(record, "properties", "statusCode"))
    signature = text(record.get("resultSignature"))
    words = [word.lower() for said in (code, signature) if said for word in said.split(".")]
    if any(word in DENIALS for word in words):
        return True
    message = text(at(record, "properties", "statusMessage")) or ""
    return "AuthorizationFailed" in message


def claims(record: Native) -> Mapping[str, Any]:
    """The claims of the caller's token."""
    return mapping(at(record, "identity", "claims"))


def actor(record: Native) -> str | None:
    """Object id of who called, else the caller's name or application."""
    said = claims(record)
    found = first_text(said.get(OBJECT_ID), said.get("oid"))
    if found:
        return found.lower()
    return first_text(record.get("caller"), actor_name(record), said.get("appid"))


def actor_name(record: Native) -> str | None:
    """Principal name of the user, or whatever name the token has."""
    said = claims(record)
    names = first_text(said.get(UPN), said.get("upn"), said.get(NAME), said.get(MAIL), said.get("name"))
    caller = text(record.get("caller"))
    return names or (caller if caller and "@" in caller else None)


def actor_kind(record: Native) -> str:
    """`user`, `service_principal` (managed identities too) or `unknown`."""
    said = claims(record)
    kind = first_text(said.get("idtyp"), at(record, "identity", "authorization", "evidence", "principalType"))
    if kind and kind.lower() in ("app", "serviceprincipal"):
        return "service_principal"
    if first_text(said.get(UPN), said.get("upn")) or (kind or "").lower() == "user":
        return "user"
    name = actor_name(record)
    if name and "@" in name:
        return "user"
    return "service_principal" if text(said.get("appid")) else "unknown"


def client_ip(record: Native) -> str | None:
    """The caller's address without a port: the record's own, the token's, or that of the HTTP request."""
    return address(
        record.get("callerIpAddress"), claims(record).get("ipaddr"), at(record, "httpRequest", "clientIpAddress")
    )


def resource(record: Native) -> str | None:
    """The resource's id in lower case."""
    said = first_text(record.get("resourceId"), at(record, "properties", "entity"))
    return said.lower() if said else None


def _segment(record: Native, before: str) -> str | None:
    parts = (resource(record) or "").split("/")
    return parts[parts.index(before) + 1] if before in parts[:-1] else None


def subscription(record: Native) -> str | None:
    said = text(record.get("subscriptionId"))
    return _segment(record, "subscriptions") or (said.lower() if said else None)


def resource_group(record: Native) -> str | None:
    return _segment(record, "resourcegroups")


def resource_name(record: Native) -> str | None:
    """The last part of the resource's id."""
    return text((resource(record) or "").rpartition("/")[2])


def request(record: Native) -> Any:
    """`properties.requestbody`, decoded, its keys in lower case: Azure compares them so."""
    return _body(record, "requestbody", "requestBody")


def response(record: Native) -> Any:
    """`properties.responseBody`, decoded, its keys in lower case."""
    return _body(record, "responseBody", "responsebody")


def _body(record: Native, *names: str) -> Any:
    properties = mapping(record.get("properties"))
    body = decoded(next((properties[name] for name in names if name in properties), None))
    return _lower_keys(body) if isinstance(body, Mapping | list) else None


def _lower_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key).lower(): _lower_keys(below) for key, below in value.items()}
    return [_lower_keys(below) for below in value] if isinstance(value, list) else value


def role(record: Native) -> str | None:
    """Role definition's id (a GUID) that a role assignment grants, from the request or the answer."""
    for body in (request(record), response(record)):
        found = _ROLE.search(text(at(body, "properties", "roledefinitionid")) or "")
        if found:
            return found[1].lower()
    return None


def grantee(record: Native) -> str | None:
    """Object id that a role assignment grants it to."""
    bodies = (request(record), response(record))
    return first_text(*(at(body, "properties", "principalid") for body in bodies))


def has_enabled(record: Native, name: str) -> bool | None:
    """Does the written body set this property (lower case) to true or `Enabled`; None where it does not name it."""
    value = at(request(record), "properties", name)
    if value is None:
        return None
    return truthy(value) or (isinstance(value, str) and value.lower() == "enabled")
