"""A Graph request taken apart: version, path, template, query, and what it asks for.

`requestUri` may hold a literal `\\u0026` for `&`, doubled slashes (`/beta//users`), ids and OData options. Requests are
compared by template: `/groups/0c00…/members?$top=999` and every other group's members are `/groups/{id}/members`.
Azure AD Graph puts the tenant before the path and the version into the query; both are taken out here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from stratagem.sources._contract import Native
from stratagem.sources._text import at, text


class Request(NamedTuple):
    """The parts of a request URI; `path` begins with a slash and has neither version nor trailing slash."""

    host: str
    version: str
    path: str
    template: str
    query: str


LEGACY_HOST = "graph.windows.net"

ENTITIES = frozenset(
    {
        "administrativeunits",
        "applications",
        "approleassignedto",
        "approleassignments",
        "agreements",
        "calendars",
        "channels",
        "chats",
        "contacts",
        "devicemanagement",
        "devices",
        "directoryobjects",
        "directoryroles",
        "directoryroletemplates",
        "domains",
        "drives",
        "eligibleroleassignments",
        "groups",
        "items",
        "mailfolders",
        "members",
        "messages",
        "oauth2permissiongrants",
        "organization",
        "owners",
        "roleassignments",
        "roledefinitions",
        "roleeligibilityscheduleinstances",
        "serviceprincipals",
        "sites",
        "subscribedskus",
        "teams",
        "tenantdetails",
        "transitivemembers",
        "users",
    }
)
"""Collections (lower case) whose next segment is an id."""
FUNCTIONS = frozenset({"delta", "getbyids", "validateproperties", "root", "me", "search", "items", "devicemanagement"})
_GUID = re.compile(r"^[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{10,14}$", re.IGNORECASE)
_KEY = re.compile(r"\(([^()]*)\)$")
_URI = re.compile(r"^(?:https?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.DOTALL)
_API_VERSION = re.compile(r"(?:^|&)api-version=([^&]*)", re.IGNORECASE)
_VERSION = re.compile(r"^(?:v\d+(?:\.\d+)?|beta)$", re.IGNORECASE)


def request(record: Native) -> Request | None:
    """The record's request taken apart; None where it has no URI."""
    uri = text(at(record, "properties", "requestUri"))
    return _parsed(uri) if uri else None


@lru_cache(maxsize=4096)
def _parsed(uri: str) -> Request:
    found = _URI.match(uri.replace("\\u0026", "&"))
    host, path, query = (found.groups() if found else ("", uri, "")) or ("", "", "")
    segments = [unquote(segment) for segment in (path or "").split("/") if segment]
    version = ""
    if (host or "").lower() == LEGACY_HOST:
        version = _legacy_version(query or "")
        segments = segments[1:] if segments and not _is_collection(segments[0]) else segments
    elif segments and _VERSION.match(segments[0]):
        version, segments = segments[0].lower(), segments[1:]
    segments = [part for segment in segments for part in _opened(segment)]
    return Request(
        host=(host or "").lower(),
        version=version,
        path="/" + "/".join(segments),
        template="/" + "/".join(_templated(segments)),
        query=unquote_plus(query or ""),
    )


def _is_collection(segment: str) -> bool:
    return segment.lower() in ENTITIES | {"me", "$batch"}


def _legacy_version(query: str) -> str:
    found = _API_VERSION.search(query)
    return unquote(found[1]).lower() if found else ""


def _opened(segment: str) -> tuple[str, ...]:
    """`users('x')` is the segment `users` and the id `x`; `servicePrincipals(appId='x')` keeps its key's name."""
    found = _KEY.search(segment)
    if not found or not found[1]:
        return (segment[: found.start()],) if found else (segment,)
    name, key = segment[: found.start()], found[1]
    if "=" in key:
        return (segment,)
    return (name, key.strip("'\""))


def _templated(segments: list[str]) -> list[str]:
    made: list[str] = []
    for segment in segments:
        previous = made[-1].lower() if made else ""
        made.append("{id}" if _is_id(segment, previous) else _templated_key(segment))
    return made


def _is_id(segment: str, previous: str) -> bool:
    low = segment.lower()
    if segment.startswith("$") or low.startswith("microsoft.graph.") or low in FUNCTIONS:
        return False
    if _GUID.match(segment) or "@" in segment or segment.isdigit():
        return True
    return previous in ENTITIES and low not in ENTITIES


def _templated_key(segment: str) -> str:
    return re.sub(r"=[^,)]*", "={id}", segment) if "=" in segment else segment


def collection(record: Native) -> str | None:
    """What is asked for, as one word: `groups`, `group_members`, `member_of`, `directory_roles`, …"""
    parts = request(record)
    if parts is None:
        return None
    names = [segment.lower().partition("(")[0] for segment in parts.template.split("/") if segment not in ("", "{id}")]
    names = names[:1] + [name for name in names[1:] if not name.startswith(("$", "microsoft.graph."))]
    return _collection(tuple(names)) if names else None


RELATIONS = {
    ("groups", "members"): "group_members",
    ("groups", "transitivemembers"): "group_members",
    ("groups", "owners"): "group_owners",
    ("groups", "approleassignments"): "group_app_roles",
    ("applications", "owners"): "application_owners",
    ("applications", "federatedidentitycredentials"): "federated_credentials",
    ("serviceprincipals", "owners"): "service_principal_owners",
    ("serviceprincipals", "approleassignedto"): "app_role_assignments",
    ("serviceprincipals", "approleassignments"): "app_role_assignments",
    ("devices", "registeredowners"): "device_owners",
    ("users", "approleassignments"): "app_role_assignments",
}
WORDS = {
    "administrativeunits": "administrative_units",
    "directoryroles": "directory_roles",
    "directoryroletemplates": "directory_roles",
    "serviceprincipals": "service_principals",
    "rolemanagement": "role_management",
    "oauth2permissiongrants": "permission_grants",
    "directoryobjects": "directory_objects",
    "identitygovernance": "identity_governance",
    "identityprotection": "identity_protection",
    "auditlogs": "audit_logs",
    "eligibleroleassignments": "role_management",
    "roleassignments": "role_management",
    "roledefinitions": "role_management",
    "tenantdetails": "organization",
    "$batch": "batch",
}


def _collection(names: tuple[str, ...]) -> str:
    first = names[1] if names[0] == "directory" and len(names) > 1 else names[0]
    last = names[-1]
    if last == "delta" and len(names) > 1:
        last = names[-2]
    if last in ("memberof", "transitivememberof", "getmembergroups", "checkmembergroups", "getmemberobjects"):
        return "member_of"
    if last == "estimateaccess":
        return "estimate_access"
    return RELATIONS.get((first, last)) or WORDS.get(first) or first


def page_size(record: Native) -> int | None:
    """`$top` of the query."""
    parts = request(record)
    found = re.search(r"(?:^|&)\$top=(\d{1,9})(?:&|$)", parts.query, re.IGNORECASE) if parts else None
    return int(found[1]) if found else None


def is_next_page(record: Native) -> bool:
    """Does the request go on with a listing?"""
    parts = request(record)
    return parts is not None and re.search(r"(?:^|&)\$skip(?:token)?=", parts.query, re.IGNORECASE) is not None
