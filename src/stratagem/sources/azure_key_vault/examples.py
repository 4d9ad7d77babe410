"""Requests to a vault of our own making, in each shape that they come in."""

from __future__ import annotations

import json
from typing import Any

from stratagem.sources._contract import Example
from stratagem.sources._samples import dump, lines
from stratagem.sources.azure_key_vault.request import NAME, OBJECT_ID, UPN

TENANT = "0f000000-0000-4000-8000-00000000000e"
VAULT = (
    "/SUBSCRIPTIONS/5B000000-0000-4000-8000-000000000001/RESOURCEGROUPS/RG-PLATFORM/PROVIDERS/MICROSOFT.KEYVAULT/"
    "VAULTS/EXAMPLEVAULT"
)
HOST = "https://examplevault.vault.azure.net"
USER = {
    "oid": "55555555-0000-4000-8000-000000000001",
    "appid": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "scp": "user_impersonation",
    "upn": "robin@example.com",
    "ipaddr": "203.0.113.7",
    "uti": "EXAMPLEtoken01",
}
WORKLOAD = {"oid": "77777777-0000-4000-8000-000000000001", "appid": "77777777-0000-4000-8000-0000000000aa"}


def _request(operation: str, path: str, number: int, **other: Any) -> dict[str, Any]:
    """A complete diagnostic record of a user's request that went well, with what `other` says otherwise."""
    claim = other.pop("claim", USER)
    status = other.pop("status", 200)
    return {
        "time": f"2026-11-20T10:20:{number:02}.1234567Z",
        "category": "AuditEvent",
        "operationName": operation,
        "operationVersion": "7.4",
        "resultType": "Success",
        "resultSignature": {200: "OK", 401: "Unauthorized", 403: "Forbidden"}[status],
        "durationMs": "14",
        "callerIpAddress": "203.0.113.7",
        "correlationId": f"33333333-0000-4000-8000-0000000020{number:02}",
        "identity": {"claim": claim},
        "properties": {
            "id": f"{HOST}/{path}",
            "clientInfo": "azsdk-python-keyvault-secrets/4.9.0 Python/3.12",
            "httpStatusCode": status,
            "requestUri": f"{HOST}/{path}?api-version=7.4",
            "isRbacAuthorized": status == 200,
            "tlsVersion": "TLS1_3",
        },
        "resourceId": VAULT,
        "tenantId": TENANT,
        **other,
    }


SECRET_GET = _request("SecretGet", "secrets/db-password/0a1b2c3d4e5f60718293a4b5c6d7e8f9", 1)
SECRET_LIST = _request("SecretList", "secrets", 2, claim=WORKLOAD)
del SECRET_LIST["properties"]["id"]
REFUSED = _request(
    "KeyPurge",
    "deletedkeys/signing",
    3,
    status=403,
    resultDescription="Caller is not authorized to perform action on resource.",
)
CHALLENGE = _request("SecretGet", "secrets/db-password", 4, status=401)
del CHALLENGE["identity"]
SETTINGS = _request(
    "VaultPatch",
    "",
    5,
    claim={
        OBJECT_ID: "55555555-0000-4000-8000-000000000001",
        UPN: "robin@example.com",
        NAME: "robin@example.com",
        "appid": "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
    },
)
SETTINGS["properties"] |= {
    "requestUri": f"https://management.azure.com{VAULT}?api-version=2023-08-01-preview",
    "properties": {"enableRbacAuthorization": False, "networkAcls": {"defaultAction": "Allow"}},
}

RECORDS = {
    "secret_get": SECRET_GET,
    "secret_list": SECRET_LIST,
    "key_purge_denied": REFUSED,
    "challenge": CHALLENGE,
    "vault_patch": SETTINGS,
}
"""Name -> canonical record."""


def _diagnostics_row(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a row of AzureDiagnostics: flat, with the types of columns behind their names."""
    properties = record["properties"]
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "TimeGenerated": record["time"],
        "ResourceId": record["resourceId"],
        "Category": "AuditEvent",
        "ResourceProvider": "MICROSOFT.KEYVAULT",
        "OperationName": record["operationName"],
        "OperationVersion": record["operationVersion"],
        "ResultType": record["resultType"],
        "ResultSignature": record["resultSignature"],
        "CorrelationId": record["correlationId"],
        "CallerIPAddress": record["callerIpAddress"],
        "DurationMs": 14,
        "Type": "AzureDiagnostics",
        "identity_claim_oid_g": record["identity"]["claim"]["oid"],
        "identity_claim_appid_g": record["identity"]["claim"]["appid"],
        "identity_claim_upn_s": "robin@example.com",
        "id_s": properties["id"],
        "clientInfo_s": properties["clientInfo"],
        "httpStatusCode_d": properties["httpStatusCode"],
        "requestUri_s": properties["requestUri"],
        "isRbacAuthorized_b": properties["isRbacAuthorized"],
    }


def _audit_row(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a row of AZKVAuditLogs."""
    properties = record["properties"]
    return {
        "TenantId": "99999999-0000-4000-8000-000000000001",
        "TimeGenerated": record["time"],
        "ResourceId": record["resourceId"],
        "OperationName": record["operationName"],
        "ResultType": record["resultType"],
        "ResultSignature": record["resultSignature"],
        "CorrelationId": record["correlationId"],
        "CallerIpAddress": record["callerIpAddress"],
        "Identity": json.dumps(record["identity"]),
        "Id": properties["id"],
        "ClientInfo": properties["clientInfo"],
        "HttpStatusCode": properties["httpStatusCode"],
        "RequestUri": properties["requestUri"],
        "Type": "AZKVAuditLogs",
    }


_TEXT = {**SECRET_GET, "properties": json.dumps(SECRET_GET["properties"])}

EXAMPLES = (
    Example(name="event_hub", raw=dump({"records": list(RECORDS.values())}), records=len(RECORDS)),
    Example(name="storage_lines", raw=lines(RECORDS.values()), records=len(RECORDS)),
    Example(name="properties_as_text", raw=dump(_TEXT)),
    Example(name="azure_diagnostics", raw=dump([_diagnostics_row(SECRET_GET)])),
    Example(name="log_analytics", raw=dump([_audit_row(SECRET_GET), _audit_row(REFUSED)]), records=2),
)
