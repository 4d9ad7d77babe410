"""Alerts of our own making: of several products, and in the shapes that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

TENANT = "0f000000-0000-4000-8000-00000000000e"
_DANA = {
    "@odata.type": "#microsoft.graph.security.userEvidence",
    "verdict": "suspicious",
    "remediationStatus": "none",
    "roles": ["compromised"],
    "userAccount": {
        "accountName": "dana",
        "domainName": "EXAMPLE",
        "azureAdUserId": "0a000000-0000-4000-8000-000000000001",
        "userPrincipalName": "dana@example.com",
        "displayName": "Dana Example",
    },
}
_ADDRESS = {
    "@odata.type": "#microsoft.graph.security.ipEvidence",
    "verdict": "malicious",
    "roles": ["attacker"],
    "ipAddress": "203.0.113.7",
    "countryLetterCode": "AA",
}


def _alert(number: int, title: str, evidence: list[dict[str, Any]], **members: Any) -> dict[str, Any]:
    return {
        "@odata.type": "#microsoft.graph.security.alert",
        "id": f"da63790000000000000{number}_1111111111",
        "providerAlertId": f"provider-{number}",
        "incidentId": "28282",
        "tenantId": TENANT,
        "title": title,
        "description": f"An example of {title.lower()}.",
        "category": "CredentialAccess",
        "severity": "high",
        "status": "new",
        "classification": None,
        "determination": None,
        "serviceSource": "microsoftDefenderForEndpoint",
        "detectionSource": "microsoftDefenderForEndpoint",
        "detectorId": "e0da400f-affd-43ef-b1d5-afc2eb6f2756",
        "mitreTechniques": ["T1552.005"],
        "alertWebUrl": f"https://security.example.com/alerts/{number}",
        "createdDateTime": f"2026-11-20T10:10:{number:02}.45Z",
        "lastUpdateDateTime": f"2026-11-20T10:12:{number:02}.01Z",
        "firstActivityDateTime": f"2026-11-20T10:00:{number:02}.0Z",
        "lastActivityDateTime": f"2026-11-20T10:01:{number:02}.0Z",
        "evidence": evidence,
        **members,
    }


METADATA = _alert(
    1,
    "Suspicious access to instance metadata",
    [
        _DANA,
        {
            "@odata.type": "#microsoft.graph.security.deviceEvidence",
            "verdict": "unknown",
            "mdeDeviceId": "f26aa4c2ac4b4a2fa4a7d2a4f1f00000",
            "deviceDnsName": "web1.example.com",
            "osPlatform": "Linux",
        },
        {
            "@odata.type": "#microsoft.graph.security.processEvidence",
            "verdict": "suspicious",
            "processId": 4242,
            "processCommandLine": "curl http://169.254.169.254/metadata",
            "imageFile": {"fileName": "curl", "filePath": "/usr/bin"},
        },
    ],
)
SIGN_IN = _alert(
    2,
    "Anonymous IP address",
    [_DANA, _ADDRESS],
    serviceSource="azureAdIdentityProtection",
    productName="Microsoft Entra ID Protection",
    category="InitialAccess",
    severity="medium",
    status="resolved",
    classification="truePositive",
    determination="compromisedAccount",
    mitreTechniques=["T1078.004"],
)
CLUSTER = _alert(
    3,
    "Privileged container detected",
    [
        {
            "@odata.type": "#microsoft.graph.security.azureResourceEvidence",
            "resourceId": "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/prod/providers/"
            "Microsoft.ContainerService/managedClusters/prod",
            "resourceName": "prod",
        }
    ],
    serviceSource="microsoftDefenderForCloud",
    category="PrivilegeEscalation",
    severity="low",
    mitreTechniques=["T1611"],
)

RECORDS = {"metadata": METADATA, "sign_in": SIGN_IN, "cluster": CLUSTER}
"""Name -> canonical record."""

_SENTINEL = {
    "TenantId": "99999999-0000-4000-8000-000000000001",
    "TimeGenerated": "2026-11-20T10:15:00Z",
    "Type": "SecurityAlert",
    "DisplayName": "Many failed sign-ins",
    "AlertName": "Many failed sign-ins",
    "AlertSeverity": "Medium",
    "Description": "An example.",
    "ProviderName": "ASI Scheduled Alerts",
    "ProductName": "Azure Sentinel",
    "VendorName": "Microsoft",
    "VendorOriginalId": "22222222-0000-4000-8000-000000000002",
    "SystemAlertId": "22222222-0000-4000-8000-000000000001",
    "AlertType": "99999999-0000-4000-8000-000000000001_rule",
    "StartTime": "2026-11-20T09:00:00Z",
    "EndTime": "2026-11-20T10:00:00Z",
    "ProcessingEndTime": "2026-11-20T10:14:00Z",
    "Status": "New",
    "Tactics": "CredentialAccess",
    "Techniques": '["T1110"]',
    "ExtendedProperties": '{"Query":"SigninLogs"}',
    "Entities": json.dumps(
        [
            {"$id": "1", "Type": "account", "Name": "dana", "UPNSuffix": "example.com"},
            {"$id": "2", "Type": "ip", "Address": "203.0.113.7"},
            {"$id": "3", "Type": "host", "HostName": "web1"},
            {"$id": "4", "Type": "mailbox", "MailboxPrimaryAddress": "dana@example.com"},
        ]
    ),
}
_CLOUD = {
    "id": "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Security/locations/eu/alerts/1",
    "name": "1",
    "type": "Microsoft.Security/Locations/alerts",
    "properties": {
        "systemAlertId": "33333333-0000-4000-8000-000000000001",
        "alertDisplayName": "Access from a suspicious address to a storage account",
        "alertType": "Storage.Blob_SuspiciousIp",
        "severity": "High",
        "status": "Active",
        "intent": "InitialAccess",
        "productName": "Microsoft Defender for Cloud",
        "startTimeUtc": "2026-11-20T09:00:00Z",
        "endTimeUtc": "2026-11-20T09:00:00Z",
        "timeGeneratedUtc": "2026-11-20T09:05:00Z",
        "resourceIdentifiers": [{"type": "AzureResource", "azureResourceId": "/subscriptions/x/storageAccounts/y"}],
        "entities": [
            {"type": "azure-resource", "ResourceId": "/subscriptions/x/storageAccounts/y"},
            {"type": "process", "CommandLine": "id"},
            {"type": "url", "Url": "https://example.com/"},
        ],
    },
}
_ENDPOINT = {
    "id": "da637472900382838869_1364969609",
    "incidentId": 1126093,
    "severity": "Low",
    "status": "New",
    "detectionSource": "WindowsDefenderAtp",
    "category": "Execution",
    "title": "Low-reputation code executed",
    "alertCreationTime": "2026-11-20T10:10:00.1Z",
    "firstEventTime": "2026-11-20T10:00:00Z",
    "lastUpdateTime": "2026-11-20T10:11:00Z",
    "machineId": "111e6dd8c833c8a052ea231ec1b19adaf497b625",
    "computerDnsName": "web1.example.com",
    "relatedUser": {"userName": "dana", "domainName": "EXAMPLE"},
}
_INFO = {
    "time": "2026-11-20T10:12:00.0Z",
    "tenantId": TENANT,
    "operationName": "Publish",
    "category": "AdvancedHunting-AlertInfo",
    "properties": {
        "AlertId": "da4_1",
        "Timestamp": "2026-11-20T10:10:00.0Z",
        "Title": "Suspicious sign-in",
        "Category": "InitialAccess",
        "Severity": "High",
        "ServiceSource": "Microsoft Defender for Cloud Apps",
        "DetectionSource": "Cloud App Security",
        "AttackTechniques": '["Valid Accounts (T1078)"]',
    },
}

EXAMPLES = (
    Example(name="alerts_v2", raw=dump({"value": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="incident_with_alerts", raw=dump({"id": "28282", "displayName": "Incident", "alerts": [METADATA]})),
    Example(name="other_shapes", raw=lines([_SENTINEL, _CLOUD, _ENDPOINT, _INFO]), records=4),
)
