"""Azure Container Registry: pulls, pushes, deletes and untags of images, and logins.

The canonical shape is the diagnostic record; rows of Log Analytics, of AzureDiagnostics and flat records are brought
to it.
"""

from __future__ import annotations

from datetime import timedelta

from stratagem.sources import _azure, _image
from stratagem.sources._contract import Derived, Labels, LogSource, Native, Source
from stratagem.sources._text import at, joined, text
from stratagem.sources.azure_container_registry import caller, columns
from stratagem.sources.azure_container_registry.examples import EXAMPLES
from stratagem.sources.azure_container_registry.fields import ALIASES, FIELDS, SHAPE

CATEGORIES = {name.lower(): name for name in (SHAPE.category, *SHAPE.others)}
"""Category, and Log Analytics table, in lower case -> category."""
LIFTED = ("operationName", "identity", "callerIpAddress", "correlationId", "resultType", "resultDescription")
"""Members of the envelope that may stand inside `properties`; members of `properties` may stand in the envelope."""
UID = ("correlationId", "operationName", "time", "properties.repository", "properties.digest", "properties.tag")


def recognise(record: Native) -> bool:
    """One of the two categories, or a row of one of the two tables."""
    return _azure.category_of(record) in CATEGORIES or _azure.table_of(record) in CATEGORIES


def is_canonical(head: Native) -> bool:
    """A category as Azure spells it, with operation, result and login server in their places."""
    category = head.get("category")
    if not isinstance(category, str) or CATEGORIES.get(category.lower()) != category:
        return False
    if not isinstance(at(head, "properties", "loginServer"), str):
        return False
    return all(isinstance(head.get(name), str) for name in ("operationName", "resultType", "identity"))


def canonical(record: Native) -> tuple[Native, Labels]:
    """The diagnostic record. Raises Malformed where `properties` is text that is no object."""
    if is_canonical(record):
        return record, labels(record)
    row = _azure.unsuffixed(record) if "LoginServer_s" in record or "loginServer_s" in record else record
    made = _azure.diagnostic(row, SHAPE)
    said = _azure.category_of(record) or _azure.table_of(record)
    made["category"] = CATEGORIES.get(said, SHAPE.category)
    inner = dict(_azure.properties_of(made) or {})
    for name in LIFTED:
        _azure.put_default(made, name, inner.pop(name, None))
    for name in [name for name in SHAPE.names if name in made]:
        inner.setdefault(name, made.pop(name))
    made["properties"] = inner
    if isinstance(made.get("resultType"), int):
        made["resultType"] = str(made["resultType"])
    if made.get("identity") is None:
        made["identity"] = ""
    return made, labels(made)


def labels(record: Native) -> Labels:
    parts = (text(record.get("resourceId")) or "").lower().split("/")
    account = parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else None
    return Labels(account=account, tenant=_azure.tenant_of(record))


def uid(head: Native) -> str | None:
    """The request and the artifact: one correlation id may stand for several artifacts."""
    return joined(head, UID)


def time(head: Native) -> str | None:
    return text(head.get("time"))


_IDENTITY = ("identity", "properties.identity")
_IMAGE = ("properties.loginServer", "properties.repository", "properties.tag", "properties.digest")

DERIVED = {
    "outcome": Derived(
        compute=caller.outcome,
        describe="success (below 400), denied (401, 403), failure or unknown.",
        fields=("resultType", "resultDescription"),
    ),
    "acr.actor": Derived(
        compute=caller.actor,
        describe="Object id, principal name, token name, admin user, or anonymous.",
        fields=_IDENTITY,
    ),
    "acr.actor_kind": Derived(
        compute=caller.actor_kind,
        describe="user, object_id, token, admin (the registry's own user) or anonymous.",
        fields=(*_IDENTITY, "properties.loginServer"),
    ),
    "acr.client_ip": Derived(
        compute=caller.client_ip, describe="Caller's address without a port.", fields=("callerIpAddress",)
    ),
    "acr.registry": Derived(
        compute=caller.registry, describe="Login server in lower case.", fields=("properties.loginServer",)
    ),
    **_image.derived(caller.reference, _IMAGE),
}

PLUGIN = Source(
    title="Azure Container Registry",
    vendor_page="https://learn.microsoft.com/azure/container-registry/monitor-service-reference (read 2026-11-24)",
    enable=(
        "Add a diagnostic setting to each registry that sends ContainerRegistryRepositoryEvents and "
        "ContainerRegistryLoginEvents to an event hub or a storage account."
    ),
    silent_gaps=(
        "Off until a diagnostic setting is added, registry by registry.",
        "Imports (az acr import) and ACR Tasks push images without a record.",
        "The first records come after 5 to 20 minutes, later ones after 5 to 15.",
        "A name alone does not tell whether an object id is a user or a workload: join it with the directory.",
    ),
    logsources=(
        LogSource(
            product="azure", service="containerregistryrepositoryevents", only=lambda record: not _is_login(record)
        ),
        LogSource(product="azure", service="containerregistryloginevents", only=lambda record: _is_login(record)),
        LogSource(product="azure", service="containerregistry"),
    ),
    order=95,
    recognise=recognise,
    canonical=canonical,
    is_canonical=is_canonical,
    head=(*UID, "category", "resultType", "identity", "properties.loginServer"),
    dispatch=("operationName", "resultType"),
    uid=uid,
    time=time,
    uid_fields=UID,
    uid_gaps=True,
    time_fields=("time",),
    shape=("category", "identity", "properties.loginServer"),
    ocsf=columns.PROJECTION,
    columns=columns.STRUCTURE,
    lateness=timedelta(hours=1),
    examples=EXAMPLES,
    fields=FIELDS,
    derived=DERIVED,
    aliases=ALIASES,
)


def _is_login(record: Native) -> bool:
    return record.get("category") == "ContainerRegistryLoginEvents"
