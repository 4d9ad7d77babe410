"""Risk records of our own making: each category, and each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

TENANT = "0f000000-0000-4000-8000-00000000000e"
_USER = {
    "userId": "0a000000-0000-4000-8000-000000000001",
    "userDisplayName": "Dana Example",
    "userPrincipalName": "dana@example.com",
}


def _record(category: str, operation: str, number: int, **properties: Any) -> dict[str, Any]:
    return {
        "time": f"2026-11-20T10:20:{number:02}.1234567Z",
        "resourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName": operation,
        "operationVersion": "1.0",
        "category": category,
        "tenantId": TENANT,
        "Level": "4",
        "properties": properties,
    }


def _detection(number: int, kind: str, **properties: Any) -> dict[str, Any]:
    return _record(
        "UserRiskEvents",
        "User Risk Detection",
        number,
        id=f"{number:02}ab34567890abcdef1234567890abcdef1234567890abcdef1234567890abcd",
        requestId="22222222-0000-4000-8000-000000000001",
        correlationId="33333333-0000-4000-8000-000000000001",
        riskEventType=kind,
        riskLevel="high",
        riskState="atRisk",
        riskDetail="none",
        source="IdentityProtection",
        detectionTimingType="offline",
        activity="signin",
        tokenIssuerType="AzureAD",
        ipAddress="203.0.113.7",
        activityDateTime=f"2026-11-20T09:00:{number:02}.0000000Z",
        detectedDateTime=f"2026-11-20T10:10:{number:02}.0000000Z",
        lastUpdatedDateTime=f"2026-11-20T10:10:{number:02}.0000000Z",
        location={"city": "Example City", "state": "Example State", "countryOrRegion": "AA"},
        additionalInfo=json.dumps(
            [
                {"Key": "userAgent", "Value": "Mozilla/5.0 (X11; Linux x86_64)"},
                {"Key": "riskReasons", "Value": ["UnfamiliarASN", "UnfamiliarLocation"]},
                {"Key": "mitreTechniques", "Value": "T1078.004"},
            ]
        ),
        **_USER,
        **properties,
    )


TRAVEL = _detection(1, "unlikelyTravel")
LEAKED = _detection(2, "leakedCredentials") | {}
LEAKED["properties"] = {
    **LEAKED["properties"],
    "activity": "user",
    "ipAddress": None,
    "location": None,
    "additionalInfo": "[]",
    "riskState": "remediated",
    "riskDetail": "userPerformedSecuredPasswordReset",
    "lastUpdatedDateTime": "2026-11-20T12:00:00.0000000Z",
}
APPLICATION = _record(
    "ServicePrincipalRiskEvents",
    "Service principal risk detection",
    3,
    id="03ab34567890abcdef1234567890abcdef1234567890abcdef1234567890abcd",
    riskEventType="suspiciousSignins",
    riskLevel="medium",
    riskState="atRisk",
    riskDetail="none",
    source="IdentityProtection",
    detectionTimingType="offline",
    activity="servicePrincipal",
    ipAddress="203.0.113.7",
    activityDateTime="2026-11-20T09:00:03.0000000Z",
    detectedDateTime="2026-11-20T10:10:03.0000000Z",
    lastUpdatedDateTime="2026-11-20T10:10:03.0000000Z",
    appId="0c000000-0000-4000-8000-000000000003",
    servicePrincipalId="0b000000-0000-4000-8000-000000000003",
    servicePrincipalDisplayName="deployer",
    keyIds=["44444444-0000-4000-8000-000000000001"],
)
RISKY_USER = _record(
    "RiskyUsers",
    "Risky user",
    4,
    id=_USER["userId"],
    userDisplayName=_USER["userDisplayName"],
    userPrincipalName=_USER["userPrincipalName"],
    riskLevel="high",
    riskState="confirmedCompromised",
    riskDetail="adminConfirmedUserCompromised",
    riskLastUpdatedDateTime="2026-11-20T10:15:00.0000000Z",
    isProcessing=False,
    isDeleted=False,
)

RECORDS = {"travel": TRAVEL, "remediated": LEAKED, "service_principal": APPLICATION, "risky_user": RISKY_USER}
"""Name -> canonical record."""


def _graph(record: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"@odata.type": f"#microsoft.graph.{kind}", **record["properties"]}


def _log_analytics(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a Log Analytics row: PascalCase, objects as JSON text."""
    columns = {
        name[:1].upper() + name[1:]: json.dumps(value) if isinstance(value, dict) else value
        for name, value in record["properties"].items()
    }
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "TimeGenerated": record["time"],
        "OperationName": record["operationName"],
        "Type": "AADUserRiskEvents",
        **columns,
    }


EXAMPLES = (
    Example(name="storage_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(
        name="graph_api",
        raw=dump({"value": [_graph(TRAVEL, "riskDetection"), _graph(RISKY_USER, "riskyUser")]}),
        records=2,
    ),
    Example(name="log_analytics", raw=dump([_log_analytics(TRAVEL)])),
)
