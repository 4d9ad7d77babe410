"""Azure Activity: every write, delete and action on the control plane of a subscription; reads are never here.

The canonical shape is the record that a diagnostic setting exports (`variants.py` brings the others to it). One
operation is told two or three times, at its start, when it is accepted and at its end: `azure.stage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import joined, text
from stratagem.sources.azure_activity import columns, request, variants
from stratagem.sources.azure_activity.examples import EXAMPLES
from stratagem.sources.azure_activity.fields import ALIASES, FIELDS

UID = ("correlationId", "operationName", "resourceId", "resultType", "time")


def recognise(record: Native) -> bool:
    """One of the four shapes."""
    return variants.is_export(record) or variants.is_api(record) or variants.is_row(record) or variants.is_grid(record)


def is_canonical(head: Native) -> bool:
    """An exported record: category as Azure spells it, result as text, objects where objects belong."""
    category = head.get("category")
    if not isinstance(category, str) or variants.CATEGORIES.get(category.lower()) != category:
        return False
    if not isinstance(head.get("resultType"), str) or not variants.is_export(head):
        return False
    return all(head.get(name) is None or isinstance(head[name], Mapping) for name in ("properties", "identity"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The record as exported. Raises Malformed where it names no operation."""
    made = record if is_canonical(record) else variants.exported(record)
    return made, labels(made)


def labels(record: Native) -> Labels:
    tenant = text(record.get("tenantId")) or variants.tenant_of_hierarchy(record)
    return Labels(account=request.subscription(record), tenant=tenant.lower() if tenant else None)


def uid(head: Native) -> str | None:
    """What happened to what, when. Azure gives the export no id; one operation's records share the correlation id."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("time"))


_OPERATION = ("operationName",)
_RESOURCE = ("resourceId",)
_RESULT = ("resultType", "resultSignature", "properties.statusCode", "properties.statusMessage")
_WHO = ("identity", "caller")
_REQUEST = ("properties.requestbody",)
_BODY = ("requestbody",)
_BODIES = ("properties.requestbody", "properties.responseBody")


def _flag(name: str, words: str) -> Derived:
    """A derived field that tells whether a written body sets a property."""
    return Derived(
        compute=lambda record: request.has_enabled(record, name.lower()),
        describe=f"{words}: properties.{name} of the written body; absent where the body does not name it.",
        fields=_REQUEST,
        witnesses=_BODY,
    )


DERIVED = {
    "outcome": Derived(
        compute=request.outcome,
        describe="success, denied, failure, or unknown while the operation goes on.",
        fields=_RESULT,
    ),
    "azure.operation": Derived(compute=request.operation, describe="The operation in lower case.", fields=_OPERATION),
    "azure.provider": Derived(
        compute=request.provider, describe="Resource provider: Microsoft.ContainerRegistry.", fields=_OPERATION
    ),
    "azure.verb": Derived(
        compute=request.verb,
        describe="write, delete, or the action's own word in lower case: listcredentials.",
        fields=_OPERATION,
    ),
    "azure.stage": Derived(compute=request.stage, describe="start, accept, end or unknown.", fields=("resultType",)),
    "azure.is_final": Derived(
        compute=lambda record: request.stage(record) == "end",
        describe="The operation has ended: count these, and each operation counts once.",
        fields=("resultType",),
    ),
    "azure.actor": Derived(
        compute=request.actor, describe="Object id of the caller, else a name or application id.", fields=_WHO
    ),
    "azure.actor_name": Derived(compute=request.actor_name, describe="Principal name of the caller.", fields=_WHO),
    "azure.actor_kind": Derived(
        compute=request.actor_kind,
        describe="user, service_principal (managed identities too) or unknown.",
        fields=_WHO,
    ),
    "azure.app_id": Derived(
        compute=lambda record: text(request.claims(record).get("appid")),
        describe="Client application's id.",
        fields=("identity.claims",),
    ),
    "azure.client_ip": Derived(
        compute=request.client_ip,
        describe="Caller's address without a port.",
        fields=("callerIpAddress", "identity.claims.ipaddr", "httpRequest"),
    ),
    "azure.resource": Derived(compute=request.resource, describe="The resource's id in lower case.", fields=_RESOURCE),
    "azure.resource_name": Derived(
        compute=request.resource_name, describe="Last part of the resource's id, in lower case.", fields=_RESOURCE
    ),
    "azure.resource_group": Derived(
        compute=request.resource_group, describe="Resource group in lower case.", fields=_RESOURCE
    ),
    "azure.subscription": Derived(
        compute=request.subscription, describe="Subscription id.", fields=("resourceId", "subscriptionId")
    ),
    "azure.request": Derived(
        compute=request.request,
        describe="The written body, decoded, keys in lower case: azure.request.properties.publicnetworkaccess.",
        fields=_REQUEST,
        witnesses=_BODY,
    ),
    "azure.response": Derived(
        compute=request.response,
        describe="The answer's body, decoded, keys in lower case.",
        fields=("properties.responseBody",),
        witnesses=("responsebody",),
    ),
    "azure.role": Derived(
        compute=request.role,
        describe="Role definition id (GUID) that a role assignment grants.",
        fields=_BODIES,
        witnesses=("roledefinitions",),
    ),
    "azure.grantee": Derived(
        compute=request.grantee,
        describe="Object id that a role assignment grants it to.",
        fields=_BODIES,
        witnesses=("principalid",),
    ),
    "azure.acr.anonymous_pull": _flag("anonymousPullEnabled", "Anyone may pull from the registry"),
    "azure.acr.admin_user": _flag("adminUserEnabled", "The registry's admin user is on"),
    "azure.public_network_access": _flag("publicNetworkAccess", "The resource is open to the internet"),
}

PLUGIN = Source(
    title="Azure Activity",
    vendor_page="https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema (read 2026-11-24)",
    enable=(
        "On for 90 days in the portal. Add a diagnostic setting for each subscription (and management group) that "
        "sends the categories Administrative, Policy, Security and Alert to an event hub or a storage account."
    ),
    silent_gaps=(
        "Reads are never logged: listing resources, roles and groups through Azure Resource Manager leaves no record.",
        "Data planes (Key Vault, Storage, ACR, AKS) need diagnostic settings of their own.",
        "Operations on management groups and at the tenant's root are in other scopes, with settings of their own.",
        "There is no user agent, and the written body is often absent.",
        "Records come 3 to 20 minutes after the event.",
    ),
    logsources=(
        LogSource(product="azure", service="activitylogs"),
        LogSource(product="azure", service="azureactivity"),
    ),
    order=120,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    # The members below identity and properties are read so that records with text in their places take the slow path.
    head=(*UID, "category", "identity.authorization.action", "properties.eventCategory"),
    dispatch=("operationName", "resultType"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    shape=("category",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
