"""Microsoft Entra directory audit: changes of users, groups, roles, applications and policies; reads are never here.

The canonical shape is the diagnostic record; Graph API `directoryAudits` and Log Analytics rows are brought to it.
Activity names keep the vendor's words and typography (an en dash stands in several) but not the spaces at their ends;
`entra.operation` has them with plain hyphens.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _azure
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, text
from stratagem.sources.entra_audit import activity, changes, columns
from stratagem.sources.entra_audit.examples import EXAMPLES
from stratagem.sources.entra_audit.fields import ALIASES, FIELDS, SHAPE

CATEGORY = "AuditLogs"
MEMBERS = frozenset({"activitydisplayname", "targetresources", "initiatedby", "loggedbyservice"})
"""Members of which a directory audit has at least two."""


def recognise(record: Native) -> bool:
    """The activity with its initiator, targets or service, in `properties` or flat; Intune's AuditLogs have neither."""
    properties = _azure.properties_of(record)
    if properties is not None:
        found = sum(name in MEMBERS for name in _azure.lowered(properties))
        return found > 1 or (found > 0 and _azure.category_of(record) == "auditlogs")
    low = _azure.lowered(record)
    if "activitydisplayname" in low:
        return sum(name in MEMBERS for name in low) > 1
    return _azure.category_of(record) == "auditlogs" and "microsoft.aadiam" in str(low.get("resourceid")).lower()


def is_canonical(head: Native) -> bool:
    """The category, and both names of the activity without spaces at their ends."""
    if head.get("category") != CATEGORY:
        return False
    names = (head.get("operationName"), at(head, "properties", "activityDisplayName"))
    return all(isinstance(name, str) and name == name.strip() for name in names)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record, activity names trimmed. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, _azure.labels(record)
    made = _azure.diagnostic(record, SHAPE)
    properties: dict[str, Any] = dict(made.get("properties") or {})
    made["properties"] = properties
    kind = made.get("category")
    if kind != CATEGORY:
        _azure.put_default(properties, "category", kind)
        made["category"] = CATEGORY
    _azure.put_default(properties, "activityDisplayName", made.get("operationName"))
    _azure.put_default(made, "operationName", properties.get("activityDisplayName"))
    _azure.put_default(made, "time", properties.get("activityDateTime"))
    for holder, name in ((made, "operationName"), (properties, "activityDisplayName")):
        if isinstance(holder.get(name), str):
            holder[name] = holder[name].strip()
    return made, _azure.labels(made)


def uid(head: Native) -> str | None:
    return text(at(head, "properties", "id"))


def time(head: Native) -> str | None:
    return first_text(at(head, "properties", "activityDateTime"), head.get("time"))


_TARGETS = ("properties.targetResources",)

DERIVED = {
    "outcome": Derived(
        compute=activity.outcome,
        describe="success, denied, failure or unknown.",
        fields=("properties.result", "properties.resultReason", "resultSignature"),
    ),
    "entra.operation": Derived(
        compute=activity.operation,
        describe="The activity with hyphens for dashes, single spaces and none at the ends.",
        fields=("operationName", "properties.activityDisplayName"),
    ),
    "entra.actor": Derived(
        compute=activity.actor,
        describe="Object id of the user or service principal that acted.",
        fields=("properties.initiatedBy",),
    ),
    "entra.actor_name": Derived(
        compute=activity.actor_name,
        describe="Principal name of the user, or name of the application, that acted.",
        fields=("properties.initiatedBy",),
    ),
    "entra.actor_kind": Derived(
        compute=activity.actor_kind,
        describe="user, service_principal or unknown.",
        fields=("properties.initiatedBy",),
    ),
    "entra.client_ip": Derived(
        compute=activity.client_ip,
        describe="Caller's address, where the record has one.",
        fields=("properties.initiatedBy", "callerIpAddress"),
    ),
    "entra.user_agent": Derived(
        compute=activity.user_agent,
        describe="User agent, from additionalDetails or properties.userAgent.",
        fields=("properties.additionalDetails", "properties.userAgent"),
    ),
    "entra.changes": Derived(
        compute=changes.changes,
        describe="Modified properties of every target as {name, old, new}, values decoded.",
        fields=_TARGETS,
    ),
    "entra.changed": Derived(
        compute=changes.changed_names,
        describe="Names of the modified properties.",
        fields=_TARGETS,
    ),
    "entra.group_name": Derived(
        compute=changes.group_name,
        describe="Group that a member was added to or removed from, or that is the target.",
        fields=_TARGETS,
        witnesses=("Group",),
    ),
    "entra.group_id": Derived(
        compute=changes.group_id, describe="Object id of that group.", fields=_TARGETS, witnesses=("Group",)
    ),
    "entra.role_name": Derived(
        compute=changes.role_name,
        describe="Directory role that was assigned, removed, or is the target.",
        fields=_TARGETS,
        witnesses=("Role",),
    ),
    "entra.role_template": Derived(
        compute=changes.role_template,
        describe="Template id of that role, the same in every tenant.",
        fields=_TARGETS,
        witnesses=("Role.TemplateId",),
    ),
    "entra.permissions": Derived(
        compute=changes.permissions,
        describe="Application roles and delegated scopes that the change grants.",
        fields=_TARGETS,
        witnesses=("AppRole.Value", "DelegatedPermissionGrant.Scope", "ConsentAction.Permissions"),
    ),
    "entra.admin_consent": Derived(
        compute=changes.is_admin_consent,
        describe="Was consent given for the whole tenant; absent where the record is no consent.",
        fields=_TARGETS,
        witnesses=("ConsentContext.IsAdminConsent",),
    ),
    "entra.credentials_added": Derived(
        compute=changes.credentials_added,
        describe="Keys, secrets and federated credentials that stand in the new value and not in the old.",
        fields=_TARGETS,
        witnesses=("KeyDescription", "FederatedIdentityCredentials"),
    ),
    "entra.details": Derived(
        compute=changes.details,
        describe="additionalDetails as a mapping of key to value.",
        fields=("properties.additionalDetails",),
    ),
    "entra.target_names": Derived(
        compute=activity.target_names, describe="Display and principal names of the targets.", fields=_TARGETS
    ),
    "entra.message": Derived(
        compute=activity.message,
        describe="What public rules call the message: the activity's name, as written and without typography.",
        fields=("operationName", "properties.activityDisplayName"),
    ),
    "entra.status": Derived(
        compute=activity.status,
        describe="What public rules call the status: the result and its reason.",
        fields=("properties.result", "properties.resultReason"),
    ),
    "entra.initiator_names": Derived(
        compute=activity.initiator_names,
        describe="Names and ids of who acted, as the portal shows them.",
        fields=("properties.initiatedBy",),
    ),
}

PLUGIN = Source(
    title="Microsoft Entra directory audit",
    vendor_page=(
        "https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities (read 2026-11-22)"
    ),
    enable="Add a tenant diagnostic setting that sends AuditLogs to an event hub or a storage account.",
    silent_gaps=(
        "Reads of the directory are never audited; Microsoft Graph activity is the only log of them.",
        "Changes by applications mostly come without an address.",
        "Privileged Identity Management names the same change differently than the directory does.",
        "Risk detections are a log of their own (UserRiskEvents) and are not read here.",
    ),
    logsources=(
        LogSource(product="azure", service="auditlogs"),
        LogSource(product="azure", service="pim", only=activity.is_pim),
    ),
    order=80,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "category",
        "operationName",
        "time",
        "properties.id",
        "properties.activityDateTime",
        "properties.activityDisplayName",
        "properties.category",
    ),
    dispatch=("operationName", "properties.category"),
    uid=uid,
    time=time,
    uid_fields=("properties.id",),
    time_fields=("properties.activityDateTime", "time"),
    shape=("category", "properties.activityDisplayName"),
    labels=_azure.labels,
    label_fields=_azure.LABEL_FIELDS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    shared=frozenset(
        {
            "category",
            "operationName",
            "properties.activityDisplayName",
            "properties.category",
            "properties.correlationId",
            "properties.id",
            "properties.initiatedBy.app.appId",
            "properties.initiatedBy.app.servicePrincipalId",
            "properties.initiatedBy.user.id",
            "properties.initiatedBy.user.ipAddress",
            "properties.initiatedBy.user.userPrincipalName",
            "properties.result",
            "properties.targetResources.id",
            "tenantId",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
