"""The Activity log's shapes -> the record that a diagnostic setting exports.

Four shapes hold the same event: the export (names often in upper case), the REST API's and portal's (`{value,
localizedValue}` pairs, `eventTimestamp`, `claims`), Event Grid's notification, and the row of the Log Analytics table
AzureActivity (PascalCase, objects as JSON text). SIEMs trim the first one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.sources import _azure
from stratagem.sources._contract import Malformed, Native
from stratagem.sources._text import at, decoded, first_text, mapping, text

CATEGORIES = {
    name.lower(): name
    for name in (
        "Administrative",
        "Security",
        "ServiceHealth",
        "Alert",
        "Autoscale",
        "Policy",
        "Recommendation",
        "ResourceHealth",
    )
}
TABLE = "azureactivity"
_OPERATION = re.compile(r"[A-Za-z][\w.]+/.+", re.ASCII)
_GRID = "Microsoft.Resources."

COLUMNS = {
    "timegenerated": "time",
    "_resourceid": "resourceId",
    "resourceid": "resourceId",
    "operationnamevalue": "operationName",
    "categoryvalue": "category",
    "activitystatusvalue": "resultType",
    "activitysubstatusvalue": "resultSignature",
    "calleripaddress": "callerIpAddress",
    "correlationid": "correlationId",
    "level": "level",
    "caller": "caller",
    "eventdataid": "eventDataId",
    "operationid": "operationId",
    "subscriptionid": "subscriptionId",
    "resourcegroup": "resourceGroupName",
    "resourceprovidervalue": "resourceProviderName",
    "hierarchy": "hierarchy",
}
"""Column of AzureActivity, lower case -> member. What a column says twice (`OperationName`) is a fallback, below."""
FALLBACKS = {
    "operationname": "operationName",
    "category": "category",
    "activitystatus": "resultType",
    "activitysubstatus": "resultSignature",
    "resourceprovider": "resourceProviderName",
}
_TENANTS = ("http://schemas.microsoft.com/identity/claims/tenantid", "tid")


def is_export(record: Native) -> bool:
    """An operation of Azure Resource Manager with a category of the Activity log, or with none at all."""
    operation = record.get("operationName")
    if not isinstance(operation, str) or _OPERATION.match(operation) is None:
        return False
    category = record.get("category")
    if isinstance(category, str):
        return category.lower() in CATEGORIES
    return category is None and text(record.get("resourceId")) is not None and "resultType" in record


def is_api(record: Native) -> bool:
    """`operationName.value` with a time, a resource or a status."""
    named = at(record, "operationName", "value")
    return isinstance(named, str) and any(name in record for name in ("eventTimestamp", "resourceId", "status"))


def is_grid(record: Native) -> bool:
    """An Event Grid (or CloudEvents) notification of a resource operation."""
    kind = first_text(record.get("eventType"), record.get("type"))
    return kind is not None and kind.startswith(_GRID) and isinstance(at(record, "data", "operationName"), str)


def is_row(record: Native) -> bool:
    """A row of AzureActivity."""
    if _azure.table_of(record) == TABLE:
        return True
    return isinstance(record.get("OperationNameValue"), str) and (
        "ActivityStatusValue" in record or "CategoryValue" in record
    )


def exported(record: Native) -> dict[str, Any]:
    """The record as exported. Raises Malformed where it names no operation."""
    if is_row(record):
        made = _from_row(record)
    elif is_grid(record):
        made = _from_grid(record)
    else:
        made = _from_api(record)
    if text(made.get("operationName")) is None:
        raise Malformed("operationName is missing")
    made["time"] = _azure.iso(made.get("time"))
    category = made.get("category")
    made["category"] = CATEGORIES.get(str(category).lower(), category if category else "Administrative")
    if not isinstance(made.get("properties"), Mapping):
        made["properties"] = mapping(made.get("properties"))
    said = text(made.get("tenantId")) or _tenant(made)
    if said:
        made["tenantId"] = said
    return {name: value for name, value in made.items() if value is not None}


def _valued(value: Any) -> Any:
    """`{value, localizedValue}` as the value alone."""
    return value.get("value") if isinstance(value, Mapping) and "value" in value and len(value) <= 2 else value


def _from_api(record: Native) -> dict[str, Any]:
    """The REST API's record; the export with some members as pairs, or with `properties` as text, comes by here too."""
    made = {name: _valued(value) for name, value in record.items() if name not in ("claims", "authorization")}
    made["properties"] = decoded(made.get("properties"))
    identity = dict(mapping(made.pop("identity", None)))
    for name in ("authorization", "claims"):
        if isinstance(record.get(name), Mapping):
            identity.setdefault(name, record[name])
    if identity:
        made["identity"] = identity
    _azure.put_default(made, "time", made.get("eventTimestamp"))
    _azure.put_default(made, "resultType", made.pop("status", None))
    _azure.put_default(made, "resultSignature", made.pop("subStatus", None), at(made, "properties", "statusCode"))
    _azure.put_default(made, "callerIpAddress", at(record, "httpRequest", "clientIpAddress"))
    return made


def _from_grid(record: Native) -> dict[str, Any]:
    data = mapping(record.get("data"))
    made = _from_api(data)
    _azure.put_default(made, "time", record.get("eventTime"), record.get("time"))
    _azure.put_default(made, "eventDataId", record.get("id"))
    _azure.put_default(made, "resourceId", data.get("resourceUri"), record.get("subject"))
    return made


def _from_row(record: Native) -> dict[str, Any]:
    low = _azure.lowered(record)
    made = {member: low[column] for column, member in COLUMNS.items() if low.get(column) not in (None, "")}
    for column, member in FALLBACKS.items():
        _azure.put_default(made, member, low.get(column))
    identity = {
        name: decoded(low.get(f"{name}_d")) or decoded(low.get(name))
        for name in ("authorization", "claims")
        if low.get(f"{name}_d") or low.get(name)
    }
    if identity:
        made["identity"] = identity
    made["properties"] = decoded(low.get("properties_d")) or decoded(low.get("properties"))
    request = decoded(low.get("httprequest"))
    if isinstance(request, Mapping):
        made["httpRequest"] = request
    return made


def _tenant(record: Native) -> str | None:
    """The tenant of the caller's token, else the first part of the resource's hierarchy."""
    claims = mapping(at(record, "identity", "claims"))
    said = first_text(*(claims.get(name) for name in _TENANTS))
    return said or tenant_of_hierarchy(record)


def tenant_of_hierarchy(record: Native) -> str | None:
    """`<tenant>/<management group>/…/<subscription>`: the first part."""
    said = first_text(at(record, "properties", "hierarchy"), record.get("hierarchy"))
    return text(said.partition("/")[0]) if said else None
