"""Directory audits of our own making: the changes that matter most, and each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example

TENANT = "0f000000-0000-4000-8000-00000000000e"
ROBIN: dict[str, Any] = {
    "user": {
        "id": "55555555-0000-4000-8000-000000000001",
        "displayName": None,
        "userPrincipalName": "robin@example.com",
        "ipAddress": "203.0.113.7",
        "roles": [],
    }
}
SYNC = {
    "app": {
        "appId": None,
        "displayName": "directory-sync",
        "servicePrincipalId": "77777777-0000-4000-8000-000000000002",
    }
}


def _change(name: str, old: Any, new: Any) -> dict[str, Any]:
    """A modified property as Entra writes it: values as JSON text."""
    return {
        "displayName": name,
        "oldValue": None if old is None else json.dumps(old),
        "newValue": None if new is None else json.dumps(new),
    }


def _audit(name: str, category: str, number: int, targets: list[dict[str, Any]], **properties: Any) -> dict[str, Any]:
    """A complete diagnostic record of a change by robin, with what `properties` says otherwise."""
    return {
        "time": f"2026-11-20T10:03:{number:02}.1234567Z",
        "resourceId": f"/tenants/{TENANT}/providers/Microsoft.aadiam",
        "operationName": name,
        "operationVersion": "1.0",
        "category": "AuditLogs",
        "tenantId": TENANT,
        "resultSignature": "None",
        "durationMs": 0,
        "callerIpAddress": "203.0.113.7",
        "correlationId": f"33333333-0000-4000-8000-0000000001{number:02}",
        "Level": 4,
        "properties": {
            "id": f"Directory_33333333-0000-4000-8000-0000000001{number:02}_EXAMPLE_{number:08}",
            "category": category,
            "correlationId": f"33333333-0000-4000-8000-0000000001{number:02}",
            "result": "success",
            "resultReason": "",
            "activityDisplayName": name,
            "activityDateTime": f"2026-11-20T10:00:{number:02}.1234567+00:00",
            "loggedByService": "Core Directory",
            "operationType": "Update",
            "initiatedBy": ROBIN,
            "targetResources": targets,
            "additionalDetails": [{"key": "User-Agent", "value": "Mozilla/5.0 (X11; Linux x86_64)"}],
            **properties,
        },
    }


_DANA = {
    "id": "55555555-0000-4000-8000-000000000002",
    "displayName": None,
    "type": "User",
    "userPrincipalName": "dana@example.com",
}
_APP = {"id": "0b1ec700-0000-4000-8000-000000000001", "displayName": "deploy-bot", "type": "Application"}
_KEY = "[KeyIdentifier=0a1b2c3d-0000-4000-8000-00000000000{},KeyType=Password,KeyUsage=Verify,DisplayName=ci]"

GROUP_ADD = _audit(
    "Add member to group",
    "GroupManagement",
    1,
    [
        {
            **_DANA,
            "modifiedProperties": [
                _change("Group.ObjectID", None, "0c000000-0000-4000-8000-000000000001"),
                _change("Group.DisplayName", None, "Cluster Admins"),
            ],
        },
        {"id": "0c000000-0000-4000-8000-000000000001", "displayName": None, "type": "Group", "modifiedProperties": []},
    ],
    operationType="Assign",
)
ROLE_ADD = _audit(
    "Add member to role",
    "RoleManagement",
    2,
    [
        {
            **_DANA,
            "modifiedProperties": [
                _change("Role.ObjectID", None, "0d000000-0000-4000-8000-000000000001"),
                _change("Role.DisplayName", None, "Global Administrator"),
                _change("Role.TemplateId", None, "62e90394-69f5-4237-9190-012177145e10"),
            ],
        }
    ],
    operationType="Assign",
)
SECRET = _audit(
    "Update application – Certificates and secrets management",
    "ApplicationManagement",
    3,
    [{**_APP, "modifiedProperties": [_change("KeyDescription", [_KEY.format(1)], [_KEY.format(2), _KEY.format(1)])]}],
)
CONSENT = _audit(
    "Consent to application",
    "ApplicationManagement",
    4,
    [
        {
            **_APP,
            "type": "ServicePrincipal",
            "modifiedProperties": [
                _change("ConsentContext.IsAdminConsent", None, "True"),
                _change(
                    "ConsentAction.Permissions",
                    None,
                    "[] => [[Id: x, ClientId: y, PrincipalId: , ConsentType: AllPrincipals, "
                    "Scope: Mail.Read Files.Read, CreatedDateTime: , LastModifiedDateTime ]]; ",
                ),
            ],
        }
    ],
)
PIM_ADD = _audit(
    "Add member to role completed (PIM activation)",
    "RoleManagement",
    5,
    [{"id": "0d000000-0000-4000-8000-000000000001", "displayName": "Security Reader", "type": "Role"}, _DANA],
    loggedByService="PIM",
)
BY_APP = _audit("Delete user", "UserManagement", 6, [_DANA], initiatedBy=SYNC, operationType="Delete")
REFUSED = _audit(
    "Update policy",
    "Policy",
    7,
    [{"id": "0e000000-0000-4000-8000-000000000001", "displayName": "Default", "type": "Policy"}],
    result="failure",
    resultReason="Insufficient privileges to complete the operation.",
)

RECORDS = {
    "group_add": GROUP_ADD,
    "role_add": ROLE_ADD,
    "secret": SECRET,
    "consent": CONSENT,
    "pim_activation": PIM_ADD,
    "by_application": BY_APP,
    "refused": REFUSED,
}
"""Name -> canonical record."""


def _log_analytics(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a Log Analytics row: PascalCase, objects as JSON text."""
    columns = {
        name[:1].upper() + name[1:]: json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
        for name, value in record["properties"].items()
    }
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "AADTenantId": TENANT,
        "TimeGenerated": record["time"],
        "ResourceId": record["resourceId"],
        "OperationName": record["operationName"],
        "Type": "AuditLogs",
        **columns,
    }


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


_SPACED = {
    **SECRET,
    "operationName": SECRET["operationName"] + " ",
    "properties": {**SECRET["properties"], "activityDisplayName": SECRET["operationName"] + " "},
}
_TEXT = {**GROUP_ADD, "properties": json.dumps(GROUP_ADD["properties"])}
_LIFTED = {**ROLE_ADD, "category": "RoleManagement"}

EXAMPLES = (
    Example(name="event_hub", raw=_dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=b"\n".join(_dump(record) for record in RECORDS.values()), records=len(RECORDS)),
    Example(name="trailing_space", raw=_dump(_SPACED)),
    Example(name="properties_as_text", raw=_dump(_TEXT)),
    Example(name="inner_category_on_top", raw=_dump(_LIFTED)),
    Example(name="graph_api", raw=_dump({"value": [GROUP_ADD["properties"], SECRET["properties"]]}), records=2),
    Example(name="log_analytics", raw=_dump([_log_analytics(ROLE_ADD), _log_analytics(SECRET)]), records=2),
)
