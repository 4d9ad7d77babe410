"""Registry events of our own making, after the vendor's schema, in each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

TENANT = "0f000000-0000-4000-8000-00000000000e"
REGISTRY = (
    "/SUBSCRIPTIONS/5B000000-0000-4000-8000-000000000001/RESOURCEGROUPS/RG-PLATFORM/PROVIDERS/"
    "MICROSOFT.CONTAINERREGISTRY/REGISTRIES/EXAMPLEREG"
)
DIGEST = f"sha256:{'0a1b2c3d' * 8}"


def _event(operation: str, number: int, **other: Any) -> dict[str, Any]:
    """A complete diagnostic record of a pipeline's request that went well, with what `other` says otherwise."""
    properties = other.pop("properties", {})
    kind = "Login" if operation == "Login" else "Repository"
    image: dict[str, Any] = {
        "repository": "prod/web",
        "tag": "1.4.2",
        "digest": DIGEST,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "size": 7024,
    }
    return {
        "time": f"2026-11-20T10:30:{number:02}.1234567Z",
        "resourceId": REGISTRY,
        "category": f"ContainerRegistry{kind}Events",
        "operationName": operation,
        "resultType": "200",
        "durationMs": 41,
        "callerIpAddress": "198.51.100.20",
        "correlationId": f"33333333-0000-4000-8000-0000000030{number:02}",
        "identity": "77777777-0000-4000-8000-000000000001",
        "location": "swedencentral",
        "tenantId": TENANT,
        "properties": {
            "loginServer": "examplereg.azurecr.io",
            "userAgent": "docker/27.3.1 go/go1.22.7 kernel/6.8.0 os/linux arch/amd64",
            "userTenantId": TENANT,
            "jwtId": "88888888-0000-4000-8000-000000000001",
            **({} if operation == "Login" else image),
            **properties,
        },
        **other,
    }


PUSH = _event("Push", 1, resultType="201")
PULL = _event("Pull", 2, identity="robin@example.com", callerIpAddress="203.0.113.7")
ANONYMOUS = _event("Pull", 3, identity="", callerIpAddress="203.0.113.66", properties={"userTenantId": "", "jwtId": ""})
UNTAG = _event("Untag", 4, identity="examplereg", properties={"digest": "", "userTenantId": ""})
LOGIN = _event("Login", 5, identity="ci-token")
REFUSED = _event(
    "Login",
    6,
    identity="examplereg",
    resultType="401",
    resultDescription="invalid username or password",
    properties={"userTenantId": "", "jwtId": ""},
)

RECORDS = {
    "push": PUSH,
    "pull": PULL,
    "anonymous_pull": ANONYMOUS,
    "untag": UNTAG,
    "login": LOGIN,
    "login_refused": REFUSED,
}
"""Name -> canonical record."""


def _row(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a Log Analytics row."""
    columns = {name[:1].upper() + name[1:]: value for name, value in record["properties"].items()}
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "TimeGenerated": record["time"],
        "OperationName": record["operationName"],
        "CorrelationId": record["correlationId"],
        "CallerIpAddress": record["callerIpAddress"],
        "Identity": record["identity"],
        "ResultType": record["resultType"],
        "ResourceId": record["resourceId"],
        "Type": record["category"],
        **columns,
    }


def _inside(record: dict[str, Any]) -> dict[str, Any]:
    """The record with what belongs to the envelope inside `properties`."""
    inner = {name: record[name] for name in ("identity", "callerIpAddress", "resultType")}
    outer = {name: value for name, value in record.items() if name not in inner}
    return outer | {"properties": {**record["properties"], **inner}}


_TEXT = {**PUSH, "properties": json.dumps(PUSH["properties"])}

EXAMPLES = (
    Example(name="event_hub", raw=dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="properties_as_text", raw=dump(_TEXT)),
    Example(name="all_in_properties", raw=dump([_inside(PULL)])),
    Example(name="log_analytics", raw=dump([_row(PUSH), _row(LOGIN)]), records=2),
)
