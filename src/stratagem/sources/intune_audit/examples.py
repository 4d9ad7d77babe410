"""Intune records of our own making: an app, a script, a device that is not compliant, in each shape."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines

TENANT = "0f000000-0000-4000-8000-00000000000e"
_ACTOR = {
    "ActorType": 1,
    "Application": "5926fc8e-304e-4f59-8bed-58ca97cc39a4",
    "ApplicationName": "Microsoft Intune portal extension",
    "IsDelegatedAdmin": False,
    "ObjectId": "0a000000-0000-4000-8000-000000000001",
    "UPN": "dana@example.com",
    "UserPermissions": ["*"],
}


def _record(number: int, category: str, operation: str, **properties: Any) -> dict[str, Any]:
    return {
        "time": f"2026-11-20T10:00:{number:02}.3387000Z",
        "tenantId": TENANT,
        "category": category,
        "operationName": operation,
        "resultType": "Success",
        "resultDescription": "None",
        "correlationId": f"33333333-0000-4000-8000-00000000000{number}",
        "identity": "dana@example.com",
        "properties": properties,
    }


def _audit(number: int, operation: str, target: str, changes: list[dict[str, Any]]) -> dict[str, Any]:
    return _record(
        number,
        "AuditLogs",
        operation,
        ActivityDate=f"11/20/2026 10:00:{number:02} AM",
        ActivityResultStatus=1,
        ActivityType=0,
        Actor=_ACTOR,
        AdditionalDetails="",
        AuditEventId=f"22222222-0000-4000-8000-00000000000{number}",
        Category=5,
        TargetDisplayNames=[target],
        TargetObjectIds=[f"44444444-0000-4000-8000-00000000000{number}"],
        Targets=[{"ModifiedProperties": changes, "Name": None}],
    )


APP = _audit(1, "Create MobileApp", "tool.exe", [{"Name": "InstallCommandLine", "New": "tool.exe /S"}])
SCRIPT = _audit(2, "createDeviceManagementScript DeviceManagementScript", "<null>", [])
COMPLIANCE = _record(
    3,
    "OperationalLogs",
    "Compliance",
    AADTenantId=TENANT,
    AlertDisplayName="Managed Device laptop-1 is not Compliant",
    AlertType="Managed Device Not Compliant",
    DeviceName="laptop-1",
    DeviceHostName="laptop-1",
    DeviceOperatingSystem="Windows 10.0.26100.2894",
    IntuneAccountId="55555555-0000-4000-8000-000000000001",
    IntuneDeviceId="66666666-0000-4000-8000-000000000001",
    IntuneUserId="0a000000-0000-4000-8000-000000000001",
)

RECORDS = {"app": APP, "script": SCRIPT, "not_compliant": COMPLIANCE}
"""Name -> canonical record."""

_GRAPH = {
    "id": "22222222-0000-4000-8000-000000000009",
    "displayName": "wipe ManagedDevice",
    "componentName": "ManagedDevices",
    "activity": None,
    "activityDateTime": "2026-11-20T10:00:09.33Z",
    "activityType": "wipe ManagedDevice",
    "activityOperationType": "Action",
    "activityResult": "Success",
    "correlationId": "33333333-0000-4000-8000-000000000009",
    "category": "Device",
    "actor": {"userPrincipalName": "dana@example.com", "userId": "0a000000-0000-4000-8000-000000000001"},
    "resources": [
        {
            "displayName": "laptop-1",
            "resourceId": "66666666-0000-4000-8000-000000000001",
            "modifiedProperties": [{"displayName": "KeepUserData", "oldValue": None, "newValue": "False"}],
        }
    ],
}
_ROW = {
    "TenantId": "99999999-0000-4000-8000-000000000001",
    "AADTenantId": TENANT,
    "TimeGenerated": "2026-11-20T10:00:01.3387000Z",
    "Type": "IntuneAuditLogs",
    "OperationName": "Create MobileApp",
    "ResultType": "Success",
    "Identity": "dana@example.com",
    "Properties": json.dumps(APP["properties"]),
}
_BROKEN_TIME = {**APP, "time": "2026-11-20:00:01.3387000Z"}

EXAMPLES = (
    Example(name="event_hub", raw=dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="graph_api", raw=dump({"value": [_GRAPH]})),
    Example(name="log_analytics_and_a_broken_time", raw=lines([_ROW, _BROKEN_TIME]), records=2),
)
