"""Graph requests of our own making, in each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

TENANT = "0f000000-0000-4000-8000-00000000000e"
HOST = "https://graph.microsoft.com"


def _request(uri: str, number: int, **properties: Any) -> dict[str, Any]:
    """A complete diagnostic record of a delegated GET, with what `properties` says otherwise."""
    status = properties.get("responseStatusCode", 200)
    return {
        "time": f"2026-11-20T10:00:{number:02}.1234567Z",
        "resourceId": f"/TENANTS/{TENANT.upper()}/PROVIDERS/MICROSOFT.AADIAM",
        "operationName": "Microsoft Graph Activity",
        "operationVersion": "v1.0",
        "category": "MicrosoftGraphActivityLogs",
        "resultSignature": str(status),
        "durationMs": 412093,
        "callerIpAddress": "203.0.113.7",
        "correlationId": f"33333333-0000-4000-8000-0000000002{number:02}",
        "Level": 4,
        "location": "Sweden Central",
        "properties": {
            "timeGenerated": f"2026-11-20T10:00:{number:02}.1234567Z",
            "requestId": f"44444444-0000-4000-8000-0000000002{number:02}",
            "operationId": f"33333333-0000-4000-8000-0000000002{number:02}",
            "apiVersion": "v1.0",
            "requestMethod": "GET",
            "requestUri": uri,
            "responseStatusCode": status,
            "responseSizeBytes": 4300,
            "appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "userId": "55555555-0000-4000-8000-000000000001",
            "servicePrincipalId": None,
            "roles": "",
            "scopes": "Directory.Read.All Group.Read.All",
            "wids": "b79fbf4d-3ef9-4689-8143-76b194e85509",
            "clientAuthMethod": "0",
            "ipAddress": "203.0.113.7",
            "userAgent": "python/3.12 AZURECLI/2.67.0",
            "signInActivityId": "EXAMPLEtoken01",
            "tokenIssuedAt": "2026-11-20T09:55:00Z",
            "c_Sid": "66666666-0000-4000-8000-000000000001",
            **properties,
        },
        "tenantId": TENANT,
    }


LIST = _request(f"{HOST}/v1.0/groups?$top=999", 1)
MEMBERS = _request(f"{HOST}/v1.0//groups/0c000000-0000-4000-8000-000000000001/members?$select=id\\u0026$top=100", 2)
APP_ONLY = _request(
    f"{HOST}/beta/roleManagement/directory/roleAssignments",
    3,
    userId=None,
    servicePrincipalId="77777777-0000-4000-8000-000000000001",
    clientAuthMethod="1",
    roles="RoleManagement.Read.Directory",
    scopes=None,
)
DENIED = _request(f"{HOST}/v1.0/users('dana@example.com')/memberOf", 4, responseStatusCode=403)

RECORDS = {"list_groups": LIST, "group_members": MEMBERS, "app_only": APP_ONLY, "denied": DENIED}
"""Name -> canonical record."""


def _log_analytics(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a Log Analytics row."""
    columns = {name[:1].upper() + name[1:]: value for name, value in record["properties"].items() if name != "c_Sid"}
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "AadTenantId": TENANT,
        "Type": "MicrosoftGraphActivityLogs",
        "SessionId": record["properties"]["c_Sid"],
        **columns,
        "TimeGenerated": record["time"],
    }


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_TEXT = {**LIST, "properties": json.dumps(LIST["properties"])}

EXAMPLES = (
    Example(name="event_hub", raw=_dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=b"\n".join(_dump(record) for record in RECORDS.values()), records=len(RECORDS)),
    Example(name="properties_as_text", raw=_dump(_TEXT)),
    Example(name="log_analytics", raw=_dump([_log_analytics(record) for record in RECORDS.values()]), records=4),
)
