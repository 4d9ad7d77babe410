"""What of an event's columns an OCSF object may hold: the published schema is stricter than logs are.

A user without name, id or account, an API call without operation, an address that is none, a mail address that is a
phone number: each makes a whole finding invalid. Here they are left out; the event itself keeps them.
Source: https://schema.ocsf.io/1.6.0, objects and their constraints, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any

_ENDPOINT = ("ip", "uid", "name", "hostname", "svc_name", "instance_uid", "interface_uid", "domain")

_NEEDS_ONE: Mapping[str, tuple[str, ...]] = {
    "account": ("name", "uid"),
    "actor": ("process", "user", "session", "invoked_by", "app_name", "app_uid"),
    "api": ("operation",),
    "autonomous_system": ("number", "name"),
    "container": ("name", "uid"),
    "device": ("uid", "name", "hostname"),
    "dst_endpoint": _ENDPOINT,
    "group": ("name", "uid"),
    "groups": ("name", "uid"),
    "idp": ("name", "uid"),
    "image": ("uid",),
    "location": ("country", "region", "city"),
    "os": ("name",),
    "owner": ("account", "name", "uid"),
    "parent_process": ("pid", "uid"),
    "process": ("pid", "uid"),
    "request": ("uid",),
    "resources": ("name", "uid"),
    "service": ("name", "uid"),
    "src_endpoint": _ENDPOINT,
    "url": ("url_string", "path"),
    "user": ("account", "name", "uid"),
}
"""Object, by the name of the attribute that holds it -> the members of which one must be there."""

_OURS: Mapping[str, frozenset[str]] = {
    name: frozenset({"cluster", "namespace", "workload"}) for name in ("src_endpoint", "dst_endpoint")
}
"""Object -> the members of `events` that OCSF does not know there."""

_ADDED: Mapping[str, Mapping[str, Any]] = {"device": {"type_id": 0}, "os": {"type_id": 0}}
"""Members that OCSF requires and logs do not tell: 0 is its "unknown"."""

_OF_PROFILES: Mapping[str, frozenset[str]] = {
    "process": frozenset({"container", "namespace_pid"}),
    "parent_process": frozenset({"container", "namespace_pid"}),
}
"""Members that an object has only where OCSF's container profile is declared, and findings declare none."""

_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+,\-./=?^_`{|}~]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
_MAC = re.compile(r"([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_METHODS = frozenset({"OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH"})
_USER_TYPES = frozenset({0, 1, 2, 3, 4, 99})


def is_address(text: object) -> bool:
    """Is it an IPv4 or IPv6 address as OCSF writes them."""
    if not isinstance(text, str):
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "ip": is_address,
    "email_addr": lambda value: isinstance(value, str) and _MAIL.fullmatch(value) is not None,
    "http_method": lambda value: value in _METHODS,
    "mac": lambda value: isinstance(value, str) and _MAC.fullmatch(value) is not None,
    "port": lambda value: isinstance(value, int) and 0 <= value <= 65535,
    "type_id": lambda value: value in _USER_TYPES,
}
_ADDRESS_LISTS = frozenset({"intermediate_ips", "x_forwarded_for"})


def epoch_milliseconds(moment: datetime) -> int:
    """OCSF's timestamp_t."""
    return int(moment.timestamp() * 1000)


def valid_part(name: str, value: Any) -> Any:
    """The part of an attribute's value that the schema takes, in the value's order; None if nothing is left."""
    if isinstance(value, str):  # most values, and the quickest to tell
        check = _CHECKS.get(name)
        return None if check and not check(value) else value
    if isinstance(value, Mapping):
        return _valid_object(name, value)
    if isinstance(value, (list, tuple)):
        wanted = filter(is_address, value) if name in _ADDRESS_LISTS else value
        return [part for item in wanted if (part := valid_part(name, item)) is not None] or None
    if isinstance(value, datetime):
        return epoch_milliseconds(value)
    check = _CHECKS.get(name)
    return None if check and not check(value) else value


def _valid_object(name: str, value: Mapping[str, Any]) -> dict[str, Any] | None:
    beyond = _OURS.get(name, _OF_PROFILES.get(name, ()))
    parts = ((key, valid_part(key, item)) for key, item in value.items() if key not in beyond)
    members = {key: part for key, part in parts if part is not None}
    needed = _NEEDS_ONE.get(name)
    if not members or (needed and not any(key in members for key in needed)):
        return None
    return {**members, **_ADDED.get(name, {})}
