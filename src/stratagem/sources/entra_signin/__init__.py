"""Microsoft Entra sign-ins: interactive, non-interactive, service principal, managed identity and AD FS.

The canonical shape is the diagnostic record. Graph API `signIns` and Log Analytics rows are brought to it.
A sign-in is sent again when its conditional-access state is known later: the copy sent last survives.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources import _azure
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, listing, text, truthy
from stratagem.sources.entra_signin import columns, outcome
from stratagem.sources.entra_signin.examples import EXAMPLES
from stratagem.sources.entra_signin.fields import ALIASES, FIELDS, SHAPE

CATEGORIES = {name.lower(): name for name in (SHAPE.category, *SHAPE.others)}
TABLES = {
    "signinlogs": "SignInLogs",
    "aadnoninteractiveusersigninlogs": "NonInteractiveUserSignInLogs",
    "aadserviceprincipalsigninlogs": "ServicePrincipalSignInLogs",
    "aadmanagedidentitysigninlogs": "ManagedIdentitySignInLogs",
    "adfssigninlogs": "ADFSSignInLogs",
    "microsoftserviceprincipalsigninlogs": "MicrosoftServicePrincipalSignInLogs",
}
"""Log Analytics table, lower case -> category."""
EVENT_TYPES = {
    "interactiveuser": "SignInLogs",
    "noninteractiveuser": "NonInteractiveUserSignInLogs",
    "serviceprincipal": "ServicePrincipalSignInLogs",
    "managedidentity": "ManagedIdentitySignInLogs",
}
"""`signInEventTypes` of the Graph API, lower case -> category."""


def recognise(record: Native) -> bool:
    """One of the sign-in categories or tables, or the members that only a sign-in of the Graph API has together."""
    if _azure.category_of(record) in CATEGORIES:
        return True
    return _azure.table_of(record) in TABLES or _is_graph_sign_in(record)


def _is_graph_sign_in(record: Native) -> bool:
    if "createdDateTime" not in record or "riskEventType" in record or "appId" not in record:
        return False
    somebody = "userPrincipalName" in record or "servicePrincipalId" in record
    return somebody and "ipAddress" in record and ("status" in record or "conditionalAccessStatus" in record)


def is_canonical(head: Native) -> bool:
    """A category as Entra spells it around an object `properties`; `conditionalAccessStatus` shows that it is one."""
    category = head.get("category")
    if not isinstance(category, str) or CATEGORIES.get(category.lower()) != category:
        return False
    return isinstance(at(head, "properties", "conditionalAccessStatus"), str) and isinstance(
        head.get("resultType"), str
    )


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, _azure.labels(record)
    made = _azure.diagnostic(record, SHAPE)
    properties = made["properties"]
    made["category"] = _category(record, properties)
    code = at(properties, "status", "errorCode")
    if isinstance(made.get("resultType"), int):
        made["resultType"] = str(made["resultType"])
    _azure.put_default(made, "time", properties.get("createdDateTime"))
    _azure.put_default(made, "operationName", "Sign-in activity")
    _azure.put_default(made, "resultType", None if code is None else str(code))
    _azure.put_default(made, "callerIpAddress", properties.get("ipAddress"))
    return made, _azure.labels(made)


def _category(record: Native, properties: Native) -> str:
    said = _azure.category_of(record)
    if said in CATEGORIES:
        return CATEGORIES[said]
    table = _azure.table_of(record)
    if table in TABLES:
        return TABLES[table]
    for kind in listing(properties.get("signInEventTypes")):
        if isinstance(kind, str) and kind.lower() in EVENT_TYPES:
            return EVENT_TYPES[kind.lower()]
    if text(properties.get("servicePrincipalId")) and not text(properties.get("userId")):
        return "ServicePrincipalSignInLogs"
    interactive = properties.get("isInteractive")
    return "SignInLogs" if interactive is None or truthy(interactive) else "NonInteractiveUserSignInLogs"


def uid(head: Native) -> str | None:
    return text(at(head, "properties", "id"))


def time(head: Native) -> str | None:
    return first_text(at(head, "properties", "createdDateTime"), head.get("time"))


def revision(record: Native) -> str:
    """When the record was sent: of copies of one sign-in the last knows most."""
    sent = _azure.iso(record.get("time"))
    return sent if isinstance(sent, str) else ""


_PROPERTIES = ("properties",)

DERIVED = {
    "outcome": Derived(
        compute=outcome.outcome,
        describe="success, denied (by policy), failure, or unknown for an interrupt.",
        fields=("resultType", "properties.status"),
    ),
    "entra.error_code": Derived(
        compute=outcome.error_code,
        describe="Error number; 0 is success.",
        fields=("resultType", "properties.status"),
    ),
    "entra.interrupted": Derived(
        compute=outcome.is_interrupted,
        describe="The sign-in was asked for something (a factor, a choice) and may go on.",
        fields=("resultType", "properties.status"),
    ),
    "entra.actor": Derived(
        compute=outcome.actor,
        describe="Object id of the user, service principal or managed identity.",
        fields=_PROPERTIES,
    ),
    "entra.actor_kind": Derived(
        compute=outcome.actor_kind,
        describe="user, guest, service_principal, managed_identity or unknown.",
        fields=("category", "properties"),
    ),
    "entra.device_managed": Derived(
        compute=outcome.device_is_managed,
        describe="Is the device managed; false for a device that Entra does not know.",
        fields=("properties.deviceDetail",),
    ),
    "entra.country": Derived(
        compute=outcome.country,
        describe="ISO country code of the client's address.",
        fields=("properties.location", "location"),
    ),
    "entra.status": Derived(
        compute=outcome.status,
        describe="The portal's Status: Success, Failure or Interrupted, and the texts of properties.status.",
        fields=("resultType", "properties.status"),
    ),
    "entra.message": Derived(
        compute=outcome.message,
        describe="What public rules call the message: the protocol in words (Device Code, ROPC) and the description.",
        fields=("properties.authenticationProtocol", "resultDescription", "properties.status"),
    ),
}

PLUGIN = Source(
    title="Microsoft Entra sign-ins",
    vendor_page=(
        "https://learn.microsoft.com/entra/identity/monitoring-health/reference-azure-monitor-sign-ins-log-schema "
        "(read 2026-11-22)"
    ),
    enable=(
        "Add a tenant diagnostic setting that sends SignInLogs, NonInteractiveUserSignInLogs, "
        "ServicePrincipalSignInLogs and ManagedIdentitySignInLogs to an event hub or a storage account (P1 or P2)."
    ),
    silent_gaps=(
        "Without a diagnostic setting only interactive sign-ins are shown, in the portal.",
        "Non-interactive, service principal and managed identity sign-ins are categories of their own: each is silent "
        "until it is selected, and client-credential abuse with it.",
        "A token that is used again makes no sign-in; its use shows in the log of the resource alone.",
    ),
    logsources=(LogSource(product="azure", service="signinlogs"),),
    order=70,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "category",
        "resultType",
        "time",
        "properties.id",
        "properties.createdDateTime",
        "properties.conditionalAccessStatus",
    ),
    dispatch=("resultType", "category"),
    uid=uid,
    time=time,
    uid_fields=("properties.id",),
    time_fields=("properties.createdDateTime", "time"),
    shape=("properties.conditionalAccessStatus",),
    labels=_azure.labels,
    label_fields=_azure.LABEL_FIELDS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=2),
    shared=frozenset(
        {
            "category",
            "properties.appId",
            "properties.clientAppUsed",
            "properties.correlationId",
            "properties.id",
            "properties.ipAddress",
            "properties.resourceId",
            "properties.servicePrincipalId",
            "properties.userAgent",
            "properties.userId",
            "properties.userPrincipalName",
            "resultType",
            "tenantId",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    revision=revision,
)
