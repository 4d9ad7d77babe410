"""Azure Key Vault audit events: every request to a vault, reads of secrets too.

The canonical shape is the diagnostic record. Rows of AzureDiagnostics and of AZKVAuditLogs are brought to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from stratagem.sources import _azure
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, decoded, first_text, joined, text
from stratagem.sources.azure_key_vault import columns, request
from stratagem.sources.azure_key_vault.examples import EXAMPLES
from stratagem.sources.azure_key_vault.fields import ALIASES, FIELDS, SHAPE

CATEGORY = SHAPE.category
TABLE = "azkvauditlogs"
UID = ("correlationId", "operationName", "time", "resultSignature")
_CLAIMS = "identity_claim_"
_ROW_CLAIMS = {
    "http_schemas_microsoft_com_identity_claims_objectidentifier": request.OBJECT_ID,
    "http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn": request.UPN,
    "http_schemas_xmlsoap_org_ws_2005_05_identity_claims_name": request.NAME,
}


def recognise(record: Native) -> bool:
    """AuditEvent of a vault (other services use that category too), or a row of the vaults' table."""
    if _azure.table_of(record) == TABLE:
        return True
    if _azure.category_of(record) != CATEGORY.lower():
        return False
    places = (
        *(record.get(name) for name in ("resourceId", "ResourceId", "resourceid", "ResourceProvider")),
        *(at(record, "properties", name) for name in ("id", "entity")),
    )
    said = " ".join(place for place in places if isinstance(place, str)).lower()
    return "microsoft.keyvault" in said or ".vault." in said or ".managedhsm." in said


def is_canonical(head: Native) -> bool:
    """The category, the operation, and objects where objects belong."""
    if head.get("category") != CATEGORY or not isinstance(head.get("operationName"), str):
        return False
    resource = head.get("resourceId")
    if not isinstance(resource, str) or "microsoft.keyvault" not in resource.lower():
        return False
    return all(head.get(name) is None or isinstance(head[name], Mapping) for name in ("properties", "identity"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, labels(record)
    made = _azure.diagnostic(_from_row(record) if _is_row(record) else record, SHAPE)
    made["category"] = CATEGORY
    made["identity"] = decoded(made.get("identity"))
    if not isinstance(made["identity"], Mapping):
        del made["identity"]
    return made, labels(made)


def _is_row(record: Native) -> bool:
    return any(name in record for name in ("requestUri_s", "id_s", "httpStatusCode_d", "clientInfo_s"))


def _from_row(row: Native) -> dict[str, Any]:
    """A row of AzureDiagnostics with its claims back in one object."""
    made = _azure.unsuffixed(row)
    claims = {name: made.pop(name) for name in list(made) if name.startswith(_CLAIMS)}
    said = {name.removeprefix(_CLAIMS): value for name, value in claims.items()}
    made["identity"] = {"claim": {_ROW_CLAIMS.get(name, name): value for name, value in said.items()}}
    return made


def labels(record: Native) -> Labels:
    parts = (text(record.get("resourceId")) or "").lower().split("/")
    account = parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else None
    return Labels(account=account, tenant=_azure.tenant_of(record))


def uid(head: Native) -> str | None:
    """The request's id is the client's to choose, or absent: operation, time and result stand beside it."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("time"))


_ID = ("properties.id",)
_CLAIM = ("identity.claim",)
_STATUS = ("properties.httpStatusCode", "resultType", "identity.claim")


def _part(name: str, words: str) -> Derived:
    """A derived field that is one part of the object's URI."""

    def compute(record: Native) -> str | None:
        found = request.item(record)
        return getattr(found, name) if found else None

    return Derived(compute=compute, describe=words, fields=_ID)


DERIVED = {
    "outcome": Derived(
        compute=request.outcome,
        describe="success (below 400), denied (401, 403), failure, or unknown for an unauthenticated first request.",
        fields=_STATUS,
    ),
    "keyvault.challenge": Derived(
        compute=request.is_challenge,
        describe="The unauthenticated first request of a client, answered with 401: no attempt on anything.",
        fields=_STATUS,
    ),
    "keyvault.vault": Derived(
        compute=request.vault, describe="The vault's name in lower case.", fields=("resourceId", "properties.id")
    ),
    "keyvault.kind": _part("kind", "secrets, keys, certificates or storage; absent for lists and the vault itself."),
    "keyvault.item": _part("name", "Name of the secret, key or certificate."),
    "keyvault.version": _part("version", "Its version, where the request names one."),
    "keyvault.control_plane": Derived(
        compute=request.is_control_plane,
        describe="The request went to Azure Resource Manager: the vault's own settings.",
        fields=("properties.requestUri",),
    ),
    "keyvault.actor": Derived(
        compute=request.actor, describe="Object id of who asked, else the application's id.", fields=_CLAIM
    ),
    "keyvault.actor_name": Derived(compute=request.actor_name, describe="Principal name of a user.", fields=_CLAIM),
    "keyvault.actor_kind": Derived(
        compute=request.actor_kind,
        describe="user, service_principal (managed identities too) or unknown.",
        fields=_CLAIM,
    ),
    "keyvault.app_id": Derived(compute=request.app_id, describe="Client application's id.", fields=_CLAIM),
    "keyvault.client_ip": Derived(
        compute=request.client_ip,
        describe="Caller's address without a port.",
        fields=("callerIpAddress", "identity.claim"),
    ),
    "keyvault.user_agent": Derived(
        compute=lambda record: first_text(at(record, "properties", "clientInfo")),
        describe="Client's user agent.",
        fields=("properties.clientInfo",),
    ),
}

PLUGIN = Source(
    title="Azure Key Vault audit",
    vendor_page="https://learn.microsoft.com/azure/key-vault/general/logging (read 2026-11-24)",
    enable="Add a diagnostic setting to each vault that sends AuditEvent to an event hub or a storage account.",
    silent_gaps=(
        "Off until a diagnostic setting is added, vault by vault; the Activity log has none of these requests.",
        "resultType is Success for requests that were refused; httpStatusCode tells.",
        "There is no tenant in most records: bind a label to the input, or principals have none.",
        "Records come up to ten minutes after the request.",
    ),
    logsources=(LogSource(product="azure", service="keyvault"), LogSource(product="azure", service="azkvauditlogs")),
    order=95,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    # The members below identity and properties are read so that records with text in their places take the slow path.
    head=(*UID, "category", "resourceId", "identity.type", "properties.httpStatusCode"),
    dispatch=("operationName",),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    shape=("category", "resourceId"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)
