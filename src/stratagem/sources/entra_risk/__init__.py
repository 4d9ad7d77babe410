"""Microsoft Entra ID Protection: risk detections, and the risk state of users and service principals.

The canonical shape is the diagnostic record. Graph API objects and Log Analytics rows are brought to it.
A detection is sent again when its state changes (dismissed, remediated): the copy updated last survives. A risky user
has no detection of its own: each change of its state is an event.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources import _azure
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, first_text, joined, objects, text
from stratagem.sources.entra_risk import columns
from stratagem.sources.entra_risk.examples import EXAMPLES
from stratagem.sources.entra_risk.fields import ALIASES, FIELDS, SHAPE

CATEGORIES = {name.lower(): name for name in (SHAPE.category, *SHAPE.others)}
TABLES = {
    "aaduserriskevents": "UserRiskEvents",
    "aadserviceprincipalriskevents": "ServicePrincipalRiskEvents",
    "aadriskyusers": "RiskyUsers",
    "aadriskyserviceprincipals": "RiskyServicePrincipals",
}
"""Log Analytics table, lower case -> category."""
TYPES = {
    "#microsoft.graph.riskdetection": "UserRiskEvents",
    "#microsoft.graph.serviceprincipalriskdetection": "ServicePrincipalRiskEvents",
    "#microsoft.graph.riskyuser": "RiskyUsers",
    "#microsoft.graph.riskyserviceprincipal": "RiskyServicePrincipals",
}
"""`@odata.type` of the Graph API, lower case -> category."""
UID = ("properties.id", "properties.riskLastUpdatedDateTime")


def recognise(record: Native) -> bool:
    """One of the categories or tables, or the members that only a risk of the Graph API has together."""
    if _azure.category_of(record) in CATEGORIES or _azure.table_of(record) in TABLES:
        return True
    if "riskState" not in record or "riskLevel" not in record:
        return False
    return ("riskEventType" in record and "detectedDateTime" in record) or "riskLastUpdatedDateTime" in record


def is_canonical(head: Native) -> bool:
    """A category as Entra spells it around an object `properties` with the risk's state."""
    category = head.get("category")
    if not isinstance(category, str) or CATEGORIES.get(category.lower()) != category:
        return False
    return isinstance(at(head, "properties", "riskState"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, _azure.labels(record)
    made = _azure.diagnostic(record, SHAPE)
    properties: dict[str, Any] = dict(made["properties"])
    made["properties"] = properties
    made["category"] = _category(record, properties)
    kind = text(properties.pop("@odata.type", None))
    if kind and kind.lower() not in TYPES:
        properties["@odata.type"] = kind
    _azure.put_default(properties, "riskState", "none")
    return made, _azure.labels(made)


def _category(record: Native, properties: Native) -> str:
    """What the record says that it is; else what its members tell."""
    said = CATEGORIES.get(_azure.category_of(record)) or TABLES.get(_azure.table_of(record))
    said = said or TYPES.get((text(record.get("@odata.type")) or "").lower())
    if said:
        return said
    by_application = "servicePrincipalId" in properties or "servicePrincipalType" in properties
    if "riskEventType" in properties:
        return "ServicePrincipalRiskEvents" if by_application else "UserRiskEvents"
    return "RiskyServicePrincipals" if by_application else "RiskyUsers"


def is_detection(record: Native) -> bool:
    """Is it a detection, and not the state of a user or service principal?"""
    return str(record.get("category")).endswith("RiskEvents")


def uid(head: Native) -> str | None:
    """The detection's id; the id of a risky user or service principal with the time of the change."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    """When the risk was detected or changed: the activity itself may be days older."""
    return first_text(
        at(head, "properties", "detectedDateTime"), at(head, "properties", "riskLastUpdatedDateTime"), head.get("time")
    )


def revision(record: Native) -> str:
    """When the detection was last updated."""
    return first_text(at(record, "properties", "lastUpdatedDateTime"), _azure.iso(record.get("time"))) or ""


def actor(record: Native) -> str | None:
    """Object id of the user or service principal at risk."""
    properties = record.get("properties")
    named = first_text(at(properties, "userId"), at(properties, "servicePrincipalId"))
    return named or (None if is_detection(record) else text(at(properties, "id")))


def is_open(record: Native) -> bool:
    """Does the risk still stand: neither dismissed, remediated nor confirmed safe?"""
    return at(record, "properties", "riskState") in ("atRisk", "confirmedCompromised")


def _information(*keys: str) -> Any:
    """The first value under one of these keys of `additionalInfo`, a list of Key and Value, also as text."""

    def compute(record: Native) -> Any:
        for pair in objects(at(record, "properties", "additionalInfo")):
            name = text(pair.get("Key", pair.get("key")))
            value = pair.get("Value", pair.get("value"))
            if name in keys and value not in (None, "", []):
                return value
        return None

    return compute


_INFORMATION = ("properties.additionalInfo",)

DERIVED = {
    "entra.actor": Derived(
        compute=actor,
        describe="Object id of the user or service principal at risk.",
        fields=("properties.userId", "properties.servicePrincipalId", "properties.id"),
    ),
    "entra.risk.is_open": Derived(
        compute=is_open,
        describe="Is the risk neither dismissed, remediated nor confirmed safe.",
        fields=("properties.riskState",),
    ),
    "entra.user_agent": Derived(
        compute=_information("userAgent"),
        describe="User agent of the risky activity.",
        fields=_INFORMATION,
        witnesses=("userAgent",),
    ),
    "entra.risk.reasons": Derived(
        compute=_information("riskReasons"),
        describe="Why Entra calls it a risk: UnfamiliarLocation, UnfamiliarASN, ...",
        fields=_INFORMATION,
        witnesses=("riskReasons",),
    ),
    "entra.risk.mitre_techniques": Derived(
        compute=_information("mitreTechniques"),
        describe="ATT&CK techniques that Entra names.",
        fields=_INFORMATION,
        witnesses=("mitreTechniques",),
    ),
}

PLUGIN = Source(
    title="Microsoft Entra ID Protection",
    vendor_page="https://learn.microsoft.com/graph/api/resources/riskdetection (read 2026-11-24)",
    enable=(
        "Add a tenant diagnostic setting that sends UserRiskEvents, RiskyUsers, ServicePrincipalRiskEvents and "
        "RiskyServicePrincipals, or poll the Graph API identityProtection/riskDetections with "
        "IdentityRiskEvent.Read.All."
    ),
    silent_gaps=(
        "Without a P2 licence most detections come as riskEventType `generic` with their level hidden.",
        "Offline detections come hours to days after the activity; activityDateTime has the time of the activity.",
        "Detections of service principals need a licence of Workload ID Premium.",
        "The Graph API keeps detections for 90 days, without P2 for 7 to 30.",
    ),
    logsources=(
        LogSource(product="azure", service="riskdetection", only=is_detection),
        LogSource(product="azure", service="riskyusers", only=lambda record: not is_detection(record)),
    ),
    order=68,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(
        "category",
        "time",
        "properties.id",
        "properties.riskEventType",
        "properties.riskState",
        "properties.detectedDateTime",
        "properties.riskLastUpdatedDateTime",
        "properties.lastUpdatedDateTime",
    ),
    dispatch=("properties.riskEventType", "category"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("properties.detectedDateTime", "properties.riskLastUpdatedDateTime", "time"),
    shape=("properties.riskState",),
    labels=_azure.labels,
    label_fields=_azure.LABEL_FIELDS,
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(days=2),
    shared=frozenset(
        {
            "category",
            "properties.correlationId",
            "properties.id",
            "properties.ipAddress",
            "properties.riskEventType",
            "properties.servicePrincipalId",
            "properties.userId",
            "properties.userPrincipalName",
            "tenantId",
        }
    ),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    revision=revision,
)
