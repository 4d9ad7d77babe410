"""Microsoft Intune: audit of changes to devices, apps and policies, enrolments and compliance alerts.

The canonical shape is the diagnostic record; the Graph API's auditEvents and Log Analytics rows are brought to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from stratagem.sources import _azure
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, joined, objects, text, texts
from stratagem.sources.intune_audit import columns
from stratagem.sources.intune_audit.examples import EXAMPLES
from stratagem.sources.intune_audit.fields import ALIASES, FIELDS, SHAPE
from stratagem.sources.intune_audit.graph import diagnostic_of, is_graph

CATEGORIES = {"auditlogs": "AuditLogs", "operationallogs": "OperationalLogs"}
TABLES = {"intuneauditlogs": "AuditLogs", "intuneoperationallogs": "OperationalLogs"}
"""Log Analytics table, lower case -> category."""
MARKS = ("AuditEventId", "IntuneAccountId", "ActivityResultStatus")
"""Members of `properties` of which an Intune record has one; the directory's AuditLogs have none."""
UID = ("properties.AuditEventId", "properties.MessageId", "time", "operationName", "properties.IntuneDeviceId")


def recognise(record: Native) -> bool:
    """One of the categories with members of Intune, a table of Intune, or an auditEvent of the Graph API."""
    if _azure.category_of(record) in CATEGORIES:
        properties = _azure.properties_of(record)
        return properties is not None and any(name in properties for name in MARKS)
    return _azure.table_of(record) in TABLES or is_graph(record)


def is_canonical(head: Native) -> bool:
    if head.get("category") not in ("AuditLogs", "OperationalLogs") or not _is_time(head.get("time")):
        return False
    if not isinstance(head.get("operationName"), str):
        return False
    return any(isinstance(at(head, "properties", name), str | int) for name in MARKS)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, _azure.labels(record)
    made = diagnostic_of(record) if is_graph(record) else _azure.diagnostic(record, SHAPE)
    properties = made["properties"]
    table = _azure.table_of(record)
    made["category"] = CATEGORIES.get(_azure.category_of(record)) or TABLES.get(table) or "AuditLogs"
    if not _is_time(made.get("time")) and text(properties.get("ActivityDate")):
        made["time"] = _azure.iso(properties["ActivityDate"])
    _azure.put_default(made, "operationName", "Intune")
    if not any(isinstance(properties.get(name), str | int) for name in MARKS):
        made["properties"] = {**properties, "AuditEventId": ""}
    return made, _azure.labels(made)


def _is_time(value: Any) -> bool:
    """Some records of the vendor's write a colon where the T should be; their ActivityDate is whole."""
    return isinstance(value, str) and value[10:11] in ("T", " ")


def uid(head: Native) -> str | None:
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("time"))


def outcome(record: Native) -> str:
    said = (first_text(record.get("resultType"), at(record, "properties", "Result")) or "").lower()
    return {"success": "success", "failure": "failure", "fail": "failure", "timeout": "failure"}.get(said, "unknown")


def actor(record: Native) -> str | None:
    """Object id of the person or application."""
    told = at(record, "properties", "Actor")
    return first_text(at(told, "ObjectId"), at(told, "Application"), at(record, "properties", "IntuneUserId"))


def actor_name(record: Native) -> str | None:
    told = at(record, "properties", "Actor")
    return first_text(at(told, "UPN"), at(told, "ApplicationName"), record.get("identity"))


def targets(record: Native) -> list[str] | None:
    found = [name for name in texts(at(record, "properties", "TargetDisplayNames")) if name not in ("", "<null>")]
    return list(dict.fromkeys(found)) or None


def changes(record: Native) -> list[dict[str, Any]] | None:
    """Modified properties of every target as {name, old, new}."""
    found = [
        {"name": each.get("Name"), "old": each.get("Old"), "new": each.get("New")}
        for target in objects(at(record, "properties", "Targets"))
        for each in objects(target.get("ModifiedProperties"))
    ]
    return found or None


def is_delegated(record: Native) -> bool | None:
    """Did an administrator of a partner do it?"""
    told = at(record, "properties", "Actor")
    return told.get("IsDelegatedAdmin") is True if isinstance(told, Mapping) else None


_ACTOR, _TARGETS = ("properties.Actor",), ("properties.Targets",)

DERIVED = {
    "outcome": Derived(compute=outcome, describe="success, failure or unknown.", fields=("resultType",)),
    "intune.actor": Derived(
        compute=actor, describe="Object id of the person or application.", fields=(*_ACTOR, "properties.IntuneUserId")
    ),
    "intune.actor_name": Derived(
        compute=actor_name, describe="Principal name or application.", fields=(*_ACTOR, "identity")
    ),
    "intune.targets": Derived(
        compute=targets, describe="Names of what was changed.", fields=("properties.TargetDisplayNames",)
    ),
    "intune.changes": Derived(
        compute=changes,
        describe="Modified properties of every target as {name, old, new}.",
        fields=_TARGETS,
        witnesses=("ModifiedProperties",),
    ),
    "intune.is_delegated_admin": Derived(
        compute=is_delegated, describe="Did an administrator of a partner do it.", fields=_ACTOR, witnesses=("Actor",)
    ),
}

PLUGIN = Source(
    title="Microsoft Intune",
    vendor_page="https://learn.microsoft.com/intune/intune-service/fundamentals/review-logs-using-azure-monitor",
    enable=(
        "Add a diagnostic setting in Intune that sends AuditLogs and OperationalLogs to an event hub or a storage "
        "account, or poll the Graph API deviceManagement/auditEvents."
    ),
    silent_gaps=(
        "Without a diagnostic setting the portal alone keeps audit logs, for a year.",
        "What a remote action or a script did on the device is not here.",
        "Old values are often absent.",
        "Neither address nor user agent is told.",
    ),
    logsources=(LogSource(product="azure", service="intune"), LogSource(product="m365", service="intune")),
    order=69,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("category", "properties.IntuneAccountId", "properties.ActivityResultStatus", *UID),
    dispatch=("operationName", "category"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    shared=frozenset({"operationName", "properties.Actor.ObjectId", "properties.Actor.UPN", "tenantId"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
