"""Azure Kubernetes Service: the audit event inside a diagnostic record, or spread over Log Analytics columns.

Three shapes: Event Hub and storage account (`properties.log`, text from Azure, an object after some shippers), the
table AzureDiagnostics (`log_s`), and the tables AKSAudit and AKSAuditAdmin (one column for each member).
Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/aksauditadmin, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stratagem.sources._contract import Labels, Malformed, Native
from stratagem.sources._json import decode

CATEGORIES = frozenset({"kube-audit", "kube-audit-admin"})
TOO_BIG = "skipped-too-big-size-object"
BODY_MARK = "stratagem/body"
"""Annotation of ours: the body was left out by the platform, so that rules on it are not evaluable."""

COLUMNS = {
    "AuditId": "auditID",
    "Stage": "stage",
    "Level": "level",
    "Verb": "verb",
    "RequestUri": "requestURI",
    "User": "user",
    "ImpersonatedUser": "impersonatedUser",
    "SourceIps": "sourceIPs",
    "UserAgent": "userAgent",
    "ObjectRef": "objectRef",
    "ResponseStatus": "responseStatus",
    "RequestObject": "requestObject",
    "ResponseObject": "responseObject",
    "RequestReceivedTime": "requestReceivedTimestamp",
    "StageReceivedTime": "stageTimestamp",
    "Annotations": "annotations",
}
"""Column of AKSAudit -> member of the event. Dynamic columns come as objects or as JSON text of them."""

_TEXT_COLUMNS = frozenset({"AuditId", "Stage", "Level", "Verb", "RequestUri", "UserAgent", "RequestReceivedTime"})
_SUBSCRIPTION = re.compile(r"/subscriptions/([^/]+)/", re.IGNORECASE)


def is_diagnostic(record: Native) -> bool:
    """`category: kube-audit` with the event in `properties.log`, or its AzureDiagnostics row."""
    category = record.get("category") or record.get("Category")
    if not isinstance(category, str) or category.lower() not in CATEGORIES:
        return False
    properties = record.get("properties")
    return "log_s" in record or (isinstance(properties, Mapping) and "log" in properties)


def is_table_row(record: Native) -> bool:
    """A row of AKSAudit or AKSAuditAdmin."""
    return (
        isinstance(record.get("Verb"), str)
        and "AuditId" in record
        and ("ObjectRef" in record or "RequestUri" in record)
    )


def from_diagnostic(record: Native) -> tuple[dict[str, Any], Labels]:
    """The event inside, and its cluster. Raises Malformed if `log` is no JSON object."""
    properties = record.get("properties")
    name = "log_s" if "log_s" in record else "properties.log"
    log = record["log_s"] if "log_s" in record else properties["log"] if isinstance(properties, Mapping) else None
    if isinstance(log, str):
        try:
            log = decode(log)
        except Malformed as error:
            raise Malformed(f"{name}: {error}") from None
    if not isinstance(log, Mapping):
        raise Malformed(f"{name} is not a JSON object")
    event = _without_skipped_bodies(dict(log))
    return _with_time(event, record.get("time") or record.get("TimeGenerated")), _labels(record)


def from_table_row(record: Native) -> tuple[dict[str, Any], Labels]:
    """A row's columns as the event that they were. Raises Malformed if a dynamic column holds broken JSON."""
    event = {member: _cell(column, record[column]) for column, member in COLUMNS.items() if column in record}
    event = {member: value for member, value in event.items() if value is not None and value != ""}
    if isinstance(event.get("sourceIPs"), str):
        event["sourceIPs"] = [event["sourceIPs"]]
    event = _without_skipped_bodies(event)
    return _with_time(event, record.get("TimeGenerated")), _labels(record)


def _cell(column: str, value: Any) -> Any:
    if column in _TEXT_COLUMNS or not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return decode(value)
    except Malformed as error:
        raise Malformed(f"{column}: {error}") from None


def _without_skipped_bodies(event: dict[str, Any]) -> dict[str, Any]:
    skipped = [name for name in ("requestObject", "responseObject") if event.get(name) == TOO_BIG]
    if not skipped:
        return event
    annotations = event.get("annotations")
    kept = {name: value for name, value in event.items() if name not in skipped}
    return kept | {
        "annotations": {**(annotations if isinstance(annotations, Mapping) else {}), BODY_MARK: "skipped-too-big"}
    }


def _with_time(event: dict[str, Any], envelope_time: Any) -> dict[str, Any]:
    if isinstance(envelope_time, str) and not event.get("stageTimestamp") and not event.get("requestReceivedTimestamp"):
        event["requestReceivedTimestamp"] = envelope_time
    return event


def _labels(record: Native) -> Labels:
    """Azure writes resource ids in upper case or as they were typed: lower case is the one form."""
    resource = record.get("resourceId") or record.get("_ResourceId") or record.get("ResourceId")
    if not isinstance(resource, str):
        return Labels(tenant=_text(record.get("tenantId")))
    subscription = _SUBSCRIPTION.match(resource)
    return Labels(
        cluster=resource.lower(),
        account=subscription[1].lower() if subscription else None,
        tenant=_text(record.get("tenantId")),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
