"""Sign-ins of our own making: each category, and each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

TENANT = "0f000000-0000-4000-8000-00000000000e"


def _sign_in(category: str, number: int, **properties: Any) -> dict[str, Any]:
    """A complete diagnostic record of a successful sign-in, with what `properties` says otherwise."""
    return {
        "time": f"2026-11-20T10:03:{number:02}.1234567Z",
        "resourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName": "Sign-in activity",
        "operationVersion": "1.0",
        "category": category,
        "tenantId": TENANT,
        "resultType": "0",
        "resultSignature": "None",
        "durationMs": 0,
        "callerIpAddress": "203.0.113.7",
        "correlationId": f"33333333-0000-4000-8000-0000000000{number:02}",
        "Level": 4,
        "location": "SE",
        "properties": {
            "id": f"44444444-0000-4000-8000-0000000000{number:02}",
            "createdDateTime": f"2026-11-20T10:00:{number:02}.1234567+00:00",
            "userDisplayName": "Robin Example",
            "userPrincipalName": "robin@example.com",
            "userId": "55555555-0000-4000-8000-000000000001",
            "userType": "Member",
            "appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
            "appDisplayName": "Microsoft Azure CLI",
            "resourceDisplayName": "Azure Resource Manager",
            "resourceId": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
            "ipAddress": "203.0.113.7",
            "autonomousSystemNumber": 64500,
            "location": {"city": "Stockholm", "state": "Stockholm", "countryOrRegion": "SE"},
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
            "clientAppUsed": "Browser",
            "deviceDetail": {"deviceId": "", "operatingSystem": "Linux", "isCompliant": False, "isManaged": False},
            "status": {"errorCode": 0, "additionalDetails": "MFA requirement satisfied by claim in the token"},
            "isInteractive": True,
            "conditionalAccessStatus": "success",
            "authenticationRequirement": "multiFactorAuthentication",
            "authenticationProtocol": "none",
            "incomingTokenType": "none",
            "riskLevelDuringSignIn": "none",
            "riskState": "none",
            "uniqueTokenIdentifier": f"EXAMPLEtoken{number:02}",
            "sessionId": "66666666-0000-4000-8000-000000000001",
            "homeTenantId": TENANT,
            "tokenIssuerType": "AzureAD",
            **properties,
        },
    }


INTERACTIVE = _sign_in("SignInLogs", 1)
DEVICE_CODE = _sign_in("SignInLogs", 2, authenticationProtocol="deviceCode", userAgent="python-requests/2.32")
SILENT = _sign_in("NonInteractiveUserSignInLogs", 3, isInteractive=False, incomingTokenType="primaryRefreshToken")
WORKLOAD = _sign_in(
    "ServicePrincipalSignInLogs",
    4,
    userId="",
    userPrincipalName="",
    userDisplayName="",
    isInteractive=False,
    servicePrincipalId="77777777-0000-4000-8000-000000000001",
    servicePrincipalName="deploy-bot",
    servicePrincipalCredentialKeyId="88888888-0000-4000-8000-000000000001",
    conditionalAccessStatus="notApplied",
)
MANAGED = {
    **WORKLOAD,
    "category": "ManagedIdentitySignInLogs",
    "properties": {**WORKLOAD["properties"], "id": "44444444-0000-4000-8000-000000000006"},
}
BLOCKED = {
    **_sign_in(
        "SignInLogs", 5, conditionalAccessStatus="failure", status={"errorCode": 53003, "failureReason": "Blocked."}
    ),
    "resultType": "53003",
    "resultDescription": "Access has been blocked by Conditional Access policies.",
}

RECORDS = {
    "interactive": INTERACTIVE,
    "device_code": DEVICE_CODE,
    "non_interactive": SILENT,
    "service_principal": WORKLOAD,
    "managed_identity": MANAGED,
    "blocked": BLOCKED,
}
"""Name -> canonical record."""


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the Graph API gives it: the properties alone."""
    return {"@odata.type": "#microsoft.graph.signIn", **record["properties"], "signInEventTypes": ["interactiveUser"]}


def _log_analytics(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a Log Analytics row: PascalCase, objects as JSON text."""
    renamed = {"location": "LocationDetails", "ipAddress": "IPAddress", "resourceId": "ResourceIdentity"}
    columns = {
        renamed.get(name, name[:1].upper() + name[1:]): json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in record["properties"].items()
    }
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "AADTenantId": TENANT,
        "TimeGenerated": record["time"],
        "ResourceId": record["resourceId"],
        "OperationName": record["operationName"],
        "Category": record["category"],
        "ResultType": record["resultType"],
        "CorrelationId": record["correlationId"],
        "Location": "SE",
        "Type": "SigninLogs",
        **columns,
    }


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


_TEXT = {**INTERACTIVE, "properties": json.dumps(INTERACTIVE["properties"])}
_LOWER = {key.lower(): value for key, value in WORKLOAD.items()}

EXAMPLES = (
    Example(name="event_hub", raw=_dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=b"\n".join(_dump(record) for record in RECORDS.values()), records=len(RECORDS)),
    Example(name="properties_as_text", raw=_dump(_TEXT)),
    Example(name="lower_case_keys", raw=_dump(_LOWER)),
    Example(name="graph_api", raw=_dump({"value": [_flat(INTERACTIVE)]})),
    Example(name="log_analytics", raw=_dump([_log_analytics(INTERACTIVE), _log_analytics(BLOCKED)]), records=2),
)
