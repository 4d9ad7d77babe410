"""Microsoft Defender alerts: what Defender XDR, Defender for Cloud, Sentinel and their kin have found.

The canonical shape is the alert of the Graph security API (v2). The rows of Log Analytics' SecurityAlert, alerts of
Defender for Cloud, of Defender for Endpoint's API and AlertInfo of the streaming API are brought to it. An alert is
sent again as it grows and is worked on: the copy updated last survives.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from stratagem.sources._contract import Derived, Labels, LogSource, Malformed, Native, Source
from stratagem.sources._text import address, at, first_text, objects, text
from stratagem.sources.defender_alerts import columns
from stratagem.sources.defender_alerts.examples import EXAMPLES
from stratagem.sources.defender_alerts.fields import ALIASES, FIELDS
from stratagem.sources.defender_alerts.variants import variant_of

_TYPE = "#microsoft.graph.security."


def recognise(record: Native) -> bool:
    """An alert with the service that made it and its severity, or one of the variants."""
    return is_canonical(record) or variant_of(record) is not None


def is_canonical(head: Native) -> bool:
    return isinstance(head.get("serviceSource"), str) and isinstance(head.get("severity"), str)


def canonical(record: Native) -> tuple[Native, Labels]:
    """The alert as the Graph API has it. Raises Malformed where a variant has no title or severity."""
    if is_canonical(record):
        return record, labels(record)
    read = variant_of(record)
    made = {name: value for name, value in read(record).items() if value not in (None, "")} if read else dict(record)
    if not is_canonical(made):
        raise Malformed("the alert has no severity or no service that made it")
    return made, labels(made)


def is_noise(record: Native) -> bool:
    """An incident that is listed without its alerts: the alerts are the events."""
    kind = text(record.get("@odata.type")) or ""
    if "alerts" in record:
        return False
    return kind == f"{_TYPE}incident" or {"incidentWebUrl", "displayName", "priorityScore"} <= record.keys()


def labels(record: Native) -> Labels:
    tenant = text(record.get("tenantId"))
    return Labels(tenant=tenant.lower() if tenant else None)


def uid(head: Native) -> str | None:
    return text(head.get("id"))


def time(head: Native) -> str | None:
    """When the alert was made; what it tells of may be hours older."""
    return first_text(head.get("createdDateTime"), head.get("lastUpdateDateTime"))


def revision(record: Native) -> str:
    return first_text(record.get("lastUpdateDateTime"), record.get("createdDateTime")) or ""


def is_open(record: Native) -> bool:
    return record.get("status") in ("new", "inProgress")


def _of_evidence(*paths: tuple[str, ...]) -> Any:
    """The texts at any of these paths of any piece of evidence, each once."""

    def compute(record: Native) -> list[str] | None:
        found = (text(at(piece, *path)) for piece in objects(record.get("evidence")) for path in paths)
        return list(dict.fromkeys(value for value in found if value)) or None

    return compute


def addresses(record: Native) -> list[str] | None:
    found = (address(piece.get("ipAddress")) for piece in objects(record.get("evidence")))
    return list(dict.fromkeys(value for value in found if value)) or None


_EVIDENCE = ("evidence",)

DERIVED = {
    "defender.is_open": Derived(compute=is_open, describe="Is the alert new or in progress.", fields=("status",)),
    "defender.users": Derived(
        compute=_of_evidence(("userAccount", "userPrincipalName"), ("userAccount", "accountName"), ("primaryAddress",)),
        describe="Principal names and account names of the users in the evidence.",
        fields=_EVIDENCE,
        witnesses=("userAccount", "primaryAddress"),
    ),
    "defender.user_ids": Derived(
        compute=_of_evidence(("userAccount", "azureAdUserId")),
        describe="Entra object ids of the users in the evidence.",
        fields=_EVIDENCE,
        witnesses=("azureAdUserId",),
    ),
    "defender.addresses": Derived(
        compute=addresses, describe="Addresses in the evidence.", fields=_EVIDENCE, witnesses=("ipAddress",)
    ),
    "defender.devices": Derived(
        compute=_of_evidence(("deviceDnsName",), ("hostName",)),
        describe="Names of the devices in the evidence.",
        fields=_EVIDENCE,
        witnesses=("deviceDnsName", "hostName"),
    ),
    "defender.resources": Derived(
        compute=_of_evidence(("resourceId",), ("amazonResourceId",), ("fullResourceName",)),
        describe="Cloud resources in the evidence: Azure resource id, ARN, Google resource name.",
        fields=_EVIDENCE,
        witnesses=("resourceId", "amazonResourceId", "fullResourceName"),
    ),
    "defender.commands": Derived(
        compute=_of_evidence(("processCommandLine",)),
        describe="Command lines in the evidence.",
        fields=_EVIDENCE,
        witnesses=("processCommandLine",),
    ),
}

PLUGIN = Source(
    title="Microsoft Defender alerts",
    vendor_page="https://learn.microsoft.com/graph/api/resources/security-alert (read 2026-11-24)",
    enable=(
        "Poll the Graph API security/alerts_v2 with SecurityAlert.Read.All, or export Defender for Cloud's alerts and "
        "Defender XDR's AlertInfo to an event hub or a storage account."
    ),
    silent_gaps=(
        "Each product has its own licence, and finds nothing where its sensor or plan is off.",
        "Alerts that are suppressed or merged into another are not sent.",
        "AlertInfo has neither evidence nor status; AlertEvidence has the entities, one a record.",
        "Incidents are no events here: their alerts are, where the API was asked to expand them.",
    ),
    logsources=(
        LogSource(product="m365", service="defender_alerts"),
        LogSource(product="azure", service="defender_alerts"),
    ),
    order=71,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=("title", "category", "serviceSource", "severity", "id", "createdDateTime", "lastUpdateDateTime"),
    dispatch=("title", "category"),
    uid=uid,
    time=time,
    uid_fields=("id",),
    time_fields=("createdDateTime", "lastUpdateDateTime"),
    shape=("serviceSource", "severity"),
    labels=labels,
    label_fields=("tenantId",),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=6),
    shared=frozenset({"category", "detectorId", "mitreTechniques", "serviceSource", "tenantId", "title"}),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
    revision=revision,
    is_noise=is_noise,
)
