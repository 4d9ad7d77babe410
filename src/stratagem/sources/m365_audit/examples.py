"""Unified audit records of our own making: each workload that matters, and each shape that they come in."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from stratagem.sources._contract import Example

TENANT = "0f000000-0000-4000-8000-00000000000e"


def _record(operation: str, workload: str, number: int, **fields: Any) -> dict[str, Any]:
    """A complete record by robin, with what `fields` says otherwise."""
    return {
        "CreationTime": f"2026-11-20T10:00:{number:02}",
        "Id": f"44444444-0000-4000-8000-0000000003{number:02}",
        "Operation": operation,
        "OrganizationId": TENANT,
        "RecordType": 1,
        "ResultStatus": "True",
        "UserKey": "100320010000EXMP",
        "UserType": 2,
        "Version": 1,
        "Workload": workload,
        "ClientIP": "203.0.113.7:50122",
        "ObjectId": "robin",
        "UserId": "Robin@example.com",
        **fields,
    }


RULE = _record(
    "New-InboxRule",
    "Exchange",
    1,
    ExternalAccess=False,
    OrganizationName="example.onmicrosoft.com",
    Parameters=[
        {"Name": "Name", "Value": "."},
        {"Name": "ForwardTo", "Value": "dana@example.org"},
        {"Name": "DeleteMessage", "Value": "True"},
    ],
)
SYSTEM = _record(
    "Set-Mailbox",
    "Exchange",
    2,
    UserId="NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
    UserKey="NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
    UserType=3,
    ClientIP="",
    Parameters=[{"Name": "AuditEnabled", "Value": "True"}],
)
ROLE = _record(
    "Add member to role.",
    "AzureActiveDirectory",
    3,
    RecordType=8,
    ResultStatus="Success",
    ClientIP="<null>",
    Actor=[
        {"ID": "robin@example.com", "Type": 5},
        {"ID": "User_55555555-0000-4000-8000-000000000001", "Type": 2},
    ],
    Target=[{"ID": "dana@example.com", "Type": 5}],
    ModifiedProperties=[{"Name": "Role.DisplayName", "NewValue": '"Global Administrator"', "OldValue": ""}],
)
SIGN_IN = _record(
    "UserLoginFailed",
    "AzureActiveDirectory",
    4,
    RecordType=15,
    ResultStatus="Failed",
    ClientIP="2001:db8::7",
    UserKey="55555555-0000-4000-8000-000000000001",
    LogonError="InvalidUserNameOrPassword",
    ErrorNumber="50126",
    ExtendedProperties=[{"Name": "UserAgent", "Value": "Mozilla/5.0 (X11; Linux x86_64)"}],
)
FILE = _record(
    "FileAccessed",
    "SharePoint",
    5,
    RecordType=6,
    ObjectId="https://example.sharepoint.com/sites/plans/Shared Documents/plan.docx",
    SiteUrl="https://example.sharepoint.com/sites/plans/",
    SourceFileName="plan.docx",
    ClientIP="203.0.113.7",
)
del FILE["ResultStatus"]
ALERT = _record(
    "AlertTriggered",
    "SecurityComplianceCenter",
    6,
    RecordType=40,
    Name="eDiscovery search started or exported",
    AlertType="System",
    Status="Active",
    Severity="Medium",
    Source="Office 365 Security & Compliance",
    Data='{"f3u":"robin@example.com","an":"eDiscovery search started or exported"}',
    UserId="SecurityComplianceAlerts",
    UserKey="SecurityComplianceAlerts",
    UserType=4,
)
del ALERT["ResultStatus"]

RECORDS = {
    "inbox_rule": RULE,
    "system": SYSTEM,
    "role_add": ROLE,
    "failed_sign_in": SIGN_IN,
    "file_accessed": FILE,
    "alert": ALERT,
}
"""Name -> canonical record."""


def _search_row(record: dict[str, Any]) -> dict[str, str]:
    """The record as a row of Search-UnifiedAuditLog."""
    return {
        "RecordType": "ExchangeAdmin",
        "CreationDate": "11/20/2026 10:00:01 AM",
        "UserIds": record["UserId"],
        "Operations": record["Operation"],
        "AuditData": json.dumps(record),
    }


def _sentinel(record: dict[str, Any]) -> dict[str, Any]:
    """The record as a row of OfficeActivity."""
    renamed = {
        "CreationTime": "TimeGenerated",
        "Workload": "OfficeWorkload",
        "Id": "OfficeId",
        "ObjectId": "OfficeObjectId",
    }
    row = {
        renamed.get(name, name): json.dumps(value) if isinstance(value, list) else str(value)
        for name, value in record.items()
    }
    return {"TenantId": "99999999-0000-4000-8000-000000000001", "Type": "OfficeActivity", **row}


def _csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


EXAMPLES = (
    Example(name="management_activity_blob", raw=_dump(list(RECORDS.values())), records=len(RECORDS)),
    Example(name="lines", raw=b"\n".join(_dump(record) for record in RECORDS.values()), records=len(RECORDS)),
    Example(name="search_row", raw=_dump(_search_row(RULE))),
    Example(name="search_csv", raw=_csv([_search_row(RULE), _search_row(ROLE)]), records=2),
    Example(name="sentinel", raw=_dump([_sentinel(RULE), _sentinel(SYSTEM)]), records=2),
)
