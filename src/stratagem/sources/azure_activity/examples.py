"""Azure operations of our own making, in each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines
from stratagem.sources.azure_activity.request import NAME, OBJECT_ID, UPN

TENANT = "0f000000-0000-4000-8000-00000000000e"
SUBSCRIPTION = "5b000000-0000-4000-8000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-platform"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/examplereg"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/prod"
USER = {
    "aud": "https://management.core.windows.net/",
    "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "ipaddr": "203.0.113.7",
    "name": "Robin Example",
    NAME: "robin@example.com",
    OBJECT_ID: "55555555-0000-4000-8000-000000000001",
    "http://schemas.microsoft.com/identity/claims/tenantid": TENANT,
    UPN: "robin@example.com",
    "uti": "EXAMPLEtoken01",
}
PIPELINE = {
    "appid": "77777777-0000-4000-8000-0000000000aa",
    "idtyp": "app",
    OBJECT_ID: "77777777-0000-4000-8000-000000000001",
    "http://schemas.microsoft.com/identity/claims/tenantid": TENANT,
}


def _operation(name: str, resource: str, number: int, **other: Any) -> dict[str, Any]:
    """A complete exported record of a user's operation that went well, with what `other` says otherwise."""
    claims = other.pop("claims", USER)
    properties = other.pop("properties", {})
    return {
        "time": f"2026-11-20T10:10:{number:02}.1234567Z",
        "resourceId": resource.upper(),
        "operationName": name.upper(),
        "category": "Administrative",
        "resultType": "Success",
        "resultSignature": "Succeeded.OK",
        "durationMs": "0",
        "callerIpAddress": "203.0.113.7",
        "correlationId": f"33333333-0000-4000-8000-0000000010{number:02}",
        "identity": {
            "authorization": {
                "scope": resource,
                "action": name,
                "evidence": {
                    "role": "Contributor",
                    "roleAssignmentScope": f"/subscriptions/{SUBSCRIPTION}",
                    "roleDefinitionId": "b24988ac618042a0ab8820f7382dd24c",
                    "principalId": claims[OBJECT_ID].replace("-", ""),
                    "principalType": "ServicePrincipal" if "idtyp" in claims else "User",
                },
            },
            "claims": claims,
        },
        "level": "Information",
        "location": "global",
        "properties": {
            "statusCode": "OK",
            "eventCategory": "Administrative",
            "entity": resource,
            "message": name,
            "hierarchy": f"{TENANT}/{SUBSCRIPTION}",
            **properties,
        },
        "tenantId": TENANT,
        **other,
    }


ADMIN_CREDENTIAL = _operation(
    "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action", CLUSTER, 1
)
STARTED = _operation(
    "Microsoft.ContainerRegistry/registries/write",
    REGISTRY,
    2,
    resultType="Start",
    resultSignature="Started.",
    properties={
        "statusCode": "",
        "requestbody": json.dumps(
            {"properties": {"anonymousPullEnabled": True, "adminUserEnabled": False, "publicNetworkAccess": "Enabled"}}
        ),
    },
)
ENDED = _operation("Microsoft.ContainerRegistry/registries/write", REGISTRY, 2, time="2026-11-20T10:10:04.1234567Z")
SETTING_DELETED = _operation(
    "Microsoft.Insights/diagnosticSettings/delete",
    f"{CLUSTER}/providers/Microsoft.Insights/diagnosticSettings/audit",
    5,
    claims=PIPELINE,
    callerIpAddress="198.51.100.20:50123",
)
ROLE_DENIED = _operation(
    "Microsoft.Authorization/roleAssignments/write",
    f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/"
    "99999999-0000-4000-8000-000000000009",
    6,
    resultType="Failure",
    resultSignature="Failed.Forbidden",
    properties={
        "statusCode": "Forbidden",
        "statusMessage": json.dumps({"error": {"code": "AuthorizationFailed", "message": "No permission."}}),
        "requestbody": json.dumps(
            {
                "Id": "99999999-0000-4000-8000-000000000009",
                "Properties": {
                    "PrincipalId": "55555555-0000-4000-8000-000000000002",
                    "PrincipalType": "User",
                    "RoleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/"
                    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
                },
            }
        ),
    },
)

RECORDS = {
    "cluster_admin_credential": ADMIN_CREDENTIAL,
    "registry_write_started": STARTED,
    "registry_write_ended": ENDED,
    "diagnostic_setting_deleted": SETTING_DELETED,
    "role_assignment_denied": ROLE_DENIED,
}
"""Name -> canonical record."""


def _pair(value: str) -> dict[str, str]:
    return {"value": value, "localizedValue": value}


def _api(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the REST API and the portal give it."""
    resource = record["properties"]["entity"]
    return {
        "authorization": record["identity"]["authorization"],
        "caller": "robin@example.com",
        "channels": "Operation",
        "claims": record["identity"]["claims"],
        "correlationId": record["correlationId"],
        "description": "",
        "eventDataId": "44444444-0000-4000-8000-000000001001",
        "eventName": _pair("EndRequest"),
        "category": _pair("Administrative"),
        "eventTimestamp": record["time"],
        "id": f"{resource}/events/44444444-0000-4000-8000-000000001001/ticks/638993022000000000",
        "level": "Informational",
        "operationId": record["correlationId"],
        "operationName": _pair(record["properties"]["message"]),
        "resourceGroupName": "rg-platform",
        "resourceProviderName": _pair("Microsoft.ContainerService"),
        "resourceType": _pair("Microsoft.ContainerService/managedClusters"),
        "resourceId": resource,
        "status": _pair("Succeeded"),
        "subStatus": _pair("OK"),
        "submissionTimestamp": "2026-11-20T10:13:00.1234567Z",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "httpRequest": {
            "clientRequestId": "44444444-0000-4000-8000-000000001002",
            "clientIpAddress": "203.0.113.7",
            "method": "POST",
        },
        "properties": record["properties"],
        "relatedEvents": [],
    }


def _log_analytics(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a row of AzureActivity."""
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "SourceSystem": "Azure",
        "TimeGenerated": record["time"],
        "CallerIpAddress": record["callerIpAddress"],
        "CategoryValue": record["category"],
        "CorrelationId": record["correlationId"],
        "Authorization": json.dumps(record["identity"]["authorization"]),
        "Authorization_d": record["identity"]["authorization"],
        "Claims": json.dumps(record["identity"]["claims"]),
        "Level": "Information",
        "OperationNameValue": record["operationName"],
        "Properties": json.dumps(record["properties"]),
        "Caller": "robin@example.com",
        "EventDataId": "44444444-0000-4000-8000-000000001003",
        "SubscriptionId": SUBSCRIPTION,
        "ResourceGroup": "RG-PLATFORM",
        "ActivityStatusValue": record["resultType"],
        "ActivitySubstatusValue": "OK",
        "Hierarchy": f"{TENANT}/{SUBSCRIPTION}",
        "ResourceProviderValue": record["operationName"].partition("/")[0],
        "Type": "AzureActivity",
        "_ResourceId": record["resourceId"].lower(),
    }


def _event_grid(record: dict[str, Any]) -> dict[str, Any]:
    """The record as Event Grid's notification of it."""
    resource = record["properties"]["entity"]
    return {
        "subject": resource,
        "eventType": "Microsoft.Resources.ResourceActionSuccess",
        "eventTime": record["time"],
        "id": "44444444-0000-4000-8000-000000001004",
        "data": {
            "authorization": record["identity"]["authorization"],
            "claims": record["identity"]["claims"],
            "correlationId": record["correlationId"],
            "httpRequest": {"clientIpAddress": "203.0.113.7", "method": "POST"},
            "resourceProvider": "Microsoft.ContainerService",
            "resourceUri": resource,
            "operationName": record["properties"]["message"],
            "status": "Succeeded",
            "subscriptionId": SUBSCRIPTION,
            "tenantId": TENANT,
        },
        "dataVersion": "2",
        "metadataVersion": "1",
        "topic": f"/subscriptions/{SUBSCRIPTION}",
    }


def _trimmed(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a SIEM keeps it."""
    kept = ("time", "callerIpAddress", "resultType", "correlationId", "tenantId")
    small = {name: record[name] for name in kept}
    return small | {"operationName": record["properties"]["message"], "resourceId": record["properties"]["entity"]}


_TEXT = {**STARTED, "properties": json.dumps(STARTED["properties"])}

EXAMPLES = (
    Example(name="event_hub", raw=dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="properties_as_text", raw=dump(_TEXT)),
    Example(name="rest_api", raw=dump({"value": [_api(ADMIN_CREDENTIAL)]})),
    Example(name="log_analytics", raw=dump([_log_analytics(ENDED), _log_analytics(ROLE_DENIED)]), records=2),
    Example(name="event_grid", raw=dump([_event_grid(ADMIN_CREDENTIAL)])),
    Example(name="trimmed", raw=dump(_trimmed(ADMIN_CREDENTIAL))),
)
