"""Microsoft 365 unified audit: Exchange, SharePoint, Teams, the directory, and the alerts of the compliance centre.

The canonical shape is the record of the Management Activity API. Rows of `Search-UnifiedAuditLog` and Purview hold it
in their column `AuditData`; a cell that was cut is quarantined. Sentinel's OfficeActivity rows are brought to it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import decoded, text
from stratagem.sources.m365_audit import columns, reading
from stratagem.sources.m365_audit.examples import EXAMPLES
from stratagem.sources.m365_audit.fields import ALIASES, FIELDS, SENTINEL, TEXTS


def recognise(record: Native) -> bool:
    """An operation, or who acted where, with a time and a workload; a row with AuditData; a row of OfficeActivity."""
    if _is_row(record):
        return True
    somebody = isinstance(record.get("Operation"), str) or ("OrganizationId" in record and "UserId" in record)
    if "OfficeWorkload" in record:
        return somebody and ("TimeGenerated" in record or "CreationTime" in record)
    return somebody and "CreationTime" in record and ("Workload" in record or "RecordType" in record)


def _is_row(record: Native) -> bool:
    return "AuditData" in record and ("Operations" in record or "Operation" in record or "CreationDate" in record)


def is_canonical(head: Native) -> bool:
    """Operation and workload are where the Management Activity API puts them."""
    return isinstance(head.get("Operation"), str) and isinstance(head.get("Workload"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The Management Activity API's record. Raises Malformed where the AuditData of a row is not a whole record."""
    if _is_row(record):
        record = _audit_data(record)
    if "OfficeWorkload" in record:
        record = _from_sentinel(record)
    return record, _labels(record)


def _labels(record: Native) -> Labels:
    return Labels(tenant=_tenant(record))


def _audit_data(row: Native) -> Native:
    data = decoded(row["AuditData"])
    if isinstance(data, str):
        raise Malformed(f"AuditData is cut or no JSON: {len(data)} characters")
    if not isinstance(data, dict) or not recognise(data) or _is_row(data):
        raise Malformed("AuditData holds no audit record")
    return data


def _from_sentinel(row: Native) -> Native:
    made: dict[str, Any] = {}
    for key, value in row.items():
        name = SENTINEL.get(key, key)
        if name in made and key != name:
            continue
        made[name] = decoded(value) if name in TEXTS else value
    if isinstance(made.get("RecordType"), str) and made["RecordType"].isdigit():
        made["RecordType"] = int(made["RecordType"])
    if not text(made.get("Id")) and text(made.get("SourceRecordId")):
        made["Id"] = made["SourceRecordId"]
    return made


def _tenant(record: Native) -> str | None:
    found = text(record.get("OrganizationId"))
    return found.lower() if found else None


def uid(head: Native) -> str | None:
    return text(head.get("Id"))


def time(head: Native) -> str | None:
    """UTC; the record writes no Z."""
    return text(head.get("CreationTime"))


def is_exchange(record: Native) -> bool:
    return record.get("Workload") == "Exchange"


def is_compliance_centre(record: Native) -> bool:
    return record.get("Workload") == "SecurityComplianceCenter"


_CHANGES = {"fields": ("ModifiedProperties",), "witnesses": ("ModifiedProperties",)}

DERIVED = {
    "outcome": Derived(
        compute=reading.outcome,
        describe="success, denied, failure, or unknown where the record gives no result.",
        fields=("ResultStatus", "Operation", "LogonError"),
    ),
    "m365.operation": Derived(
        compute=reading.operation,
        describe="The operation with hyphens for dashes and without the full stop at its end.",
        fields=("Operation",),
    ),
    "m365.parameters": Derived(
        compute=reading.parameters,
        describe="Parameters of a cmdlet by name: m365.parameters.AuditBypassEnabled.",
        fields=("Parameters",),
        witnesses=("Parameters",),
    ),
    "m365.properties": Derived(
        compute=reading.properties,
        describe="Extended, operation and device properties by name.",
        fields=("ExtendedProperties", "OperationProperties", "DeviceProperties"),
        witnesses=("ExtendedProperties", "OperationProperties", "DeviceProperties"),
    ),
    "m365.modified": Derived(
        compute=reading.modified, describe="Changes as {name, old, new}, values decoded.", **_CHANGES
    ),
    "m365.group_name": Derived(
        compute=reading.group_name,
        describe="Group that a member was added to or removed from.",
        fields=("ModifiedProperties",),
        witnesses=("Group.DisplayName",),
    ),
    "m365.role_name": Derived(
        compute=reading.role_name,
        describe="Directory role that was assigned or removed.",
        fields=("ModifiedProperties",),
        witnesses=("Role.DisplayName",),
    ),
    "m365.client_ip": Derived(
        compute=reading.client_ip,
        describe="Client's address without a port.",
        fields=("ClientIPAddress", "ClientIP", "ActorIpAddress"),
    ),
    "m365.user_agent": Derived(
        compute=reading.user_agent,
        describe="User agent, or the client of a mailbox record.",
        fields=("UserAgent", "ExtendedProperties", "ClientInfoString"),
    ),
    "m365.actor": Derived(
        compute=reading.actor,
        describe="Object id of who acted, else the principal name in lower case.",
        fields=("Actor", "UserKey", "UserId"),
    ),
    "m365.is_system": Derived(
        compute=reading.is_system,
        describe="A service of Microsoft's itself acted (NT AUTHORITY\\SYSTEM, NT SERVICE).",
        fields=("UserId",),
    ),
    "m365.target_names": Derived(
        compute=reading.target_names,
        describe="Everything that names what was acted on.",
        fields=("ObjectId", "Target", "MailboxOwnerUPN", "TargetUserOrGroupName", "SourceFileName"),
    ),
    "m365.alert": Derived(
        compute=reading.alert_data,
        describe="Data of an alert, decoded.",
        fields=("Data",),
        witnesses=("Data",),
    ),
    "m365.event_source": Derived(
        compute=reading.event_source,
        describe="What public rules call eventSource: the workload.",
        fields=("Workload",),
    ),
    "m365.event_name": Derived(
        compute=reading.event_name,
        describe="What public rules call eventName: the operation, and of an alert its policy's name.",
        fields=("Operation", "Name", "Data"),
    ),
    "m365.status": Derived(
        compute=reading.status,
        describe="What public rules call status: the outcome (success where none is given), ResultStatus and Status.",
        fields=("ResultStatus", "Status", "Operation"),
    ),
}

PLUGIN = Source(
    title="Microsoft 365 unified audit",
    vendor_page=(
        "https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema "
        "(read 2026-11-22)"
    ),
    enable=(
        "Turn audit search on (Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true), subscribe to the "
        "content types of the Management Activity API, or export with Search-UnifiedAuditLog."
    ),
    silent_gaps=(
        "MailItemsAccessed, Send and SearchQueryInitiated depend on the licence and on mailbox auditing.",
        "Reads of the directory and of groups are never here, Exchange Get- cmdlets neither.",
        "Records come 60 to 90 minutes late, at times a day, and in no order.",
        "Directory operations mostly have no address.",
    ),
    logsources=(
        LogSource(product="m365", service="audit"),
        LogSource(product="m365", service="exchange", only=is_exchange),
        LogSource(product="m365", service="threat_management", only=is_compliance_centre),
        LogSource(product="m365", service="threat_detection", only=is_compliance_centre),
    ),
    order=130,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("Operation", "Workload", "Id", "CreationTime"),
    dispatch=("Operation", "Workload"),
    uid=uid,
    time=time,
    uid_fields=("Id",),
    time_fields=("CreationTime",),
    labels=_labels,
    label_fields=("OrganizationId",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=24),
    shared=frozenset(
        {
            "ActorIpAddress",
            "ClientIP",
            "Id",
            "Operation",
            "OrganizationId",
            "UserAgent",
            "UserId",
            "Workload",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
