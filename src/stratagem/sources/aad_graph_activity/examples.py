"""Azure AD Graph requests of our own making, in each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

TENANT = "0f000000-0000-4000-8000-00000000000e"
HOST = f"https://graph.windows.net/{TENANT}"


def _request(uri: str, number: int, **properties: Any) -> dict[str, Any]:
    """A complete diagnostic record of a delegated GET, with what `properties` says otherwise."""
    status = properties.get("responseStatusCode", 200)
    return {
        "time": f"2026-11-20T10:06:{number:02}.1234567Z",
        "resourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName": "Azure AD Graph Activity",
        "operationVersion": "1.61-internal",
        "category": "AzureADGraphActivityLogs",
        "resultSignature": str(status),
        "durationMs": 41,
        "callerIpAddress": "203.0.113.7",
        "correlationId": f"33333333-0000-4000-8000-0000000009{number:02}",
        "Level": 4,
        "location": "Sweden Central",
        "properties": {
            "timeGenerated": f"2026-11-20T10:06:{number:02}.1234567Z",
            "requestId": f"44444444-0000-4000-8000-0000000009{number:02}",
            "requestMethod": "GET",
            "requestUri": uri,
            "responseStatusCode": status,
            "responseSizeBytes": 18200,
            "apiVersion": "1.61-internal",
            "actorType": "User",
            "appId": "1b730954-1685-4b74-9bfd-dac224a7b894",
            "userId": "55555555-0000-4000-8000-000000000001",
            "servicePrincipalId": "",
            "roles": "",
            "scopes": "user_impersonation",
            "wids": "b79fbf4d-3ef9-4689-8143-76b194e85509",
            "clientAuthMethod": "0",
            "callerIpAddress": "203.0.113.7",
            "userAgent": "Python/3.12 aiohttp/3.10.4",
            "signInActivityId": "EXAMPLEtoken01==",
            "tokenIssuedAt": "2026-11-20T09:55:00Z",
            "sessionId": "66666666-0000-4000-8000-000000000001",
            **properties,
        },
        "tenantId": TENANT,
    }


GROUPS = _request(f"{HOST}/groups?api-version=1.61-internal&$top=999", 1)
ROLES = _request(f"{HOST}/roleDefinitions?api-version=1.61-internal", 2)
BATCH = _request(
    f"{HOST}/$batch?api-version=1.61-internal",
    3,
    requestMethod="POST",
    userAgent="Microsoft ADO.NET Data Services",
)
DENIED = _request(
    "https://graph.windows.net/myorganization/applications?api-version=1.6",
    4,
    responseStatusCode=403,
    apiVersion="1.6",
    actorType="Application",
    userId="",
    servicePrincipalId="77777777-0000-4000-8000-000000000001",
    clientAuthMethod="1",
)

RECORDS = {"list_groups": GROUPS, "role_definitions": ROLES, "batch": BATCH, "denied": DENIED}
"""Name -> canonical record."""


def _log_analytics(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a Log Analytics row."""
    columns = {name[:1].upper() + name[1:]: value for name, value in record["properties"].items()}
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "AADTenantId": TENANT,
        "Type": "AADGraphActivityLogs",
        "Category": record["category"],
        "ResultSignature": record["resultSignature"],
        **columns,
        "TimeGenerated": record["time"],
    }


_TEXT = {**GROUPS, "properties": json.dumps(GROUPS["properties"])}

EXAMPLES = (
    Example(name="event_hub", raw=dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="properties_as_text", raw=dump(_TEXT)),
    Example(name="log_analytics", raw=dump([_log_analytics(record) for record in RECORDS.values()]), records=4),
)
