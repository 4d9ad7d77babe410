"""Alerts in other shapes than the Graph API's, and how each is brought to it.

Sources: https://learn.microsoft.com/azure/azure-monitor/reference/tables/securityalert and
https://learn.microsoft.com/azure/sentinel/security-alert-schema, read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import at, decoded, first_text, mapping, objects, text, texts

Made = dict[str, Any]


def variant_of(record: Native) -> Callable[[Native], Made] | None:
    """How the record is read; None where it is no alert of another shape."""
    if "SystemAlertId" in record and ("AlertSeverity" in record or "Severity" in record):
        return _security_alert
    if "Microsoft.Security" in str(record.get("type")) and "alertDisplayName" in mapping(record.get("properties")):
        return lambda found: _security_alert(_capitals(mapping(found.get("properties"))))
    if "alertCreationTime" in record and "machineId" in record:
        return _endpoint_api
    if record.get("category") == "AdvancedHunting-AlertInfo":
        return lambda found: _alert_info(mapping(found.get("properties")), text(found.get("tenantId")))
    if "AlertId" in record and "ServiceSource" in record and "Title" in record and "EntityType" not in record:
        return lambda found: _alert_info(found, None)
    return None


def _capitals(properties: Mapping[str, Any]) -> Made:
    return {name[:1].upper() + name[1:]: value for name, value in properties.items()}


def _word(value: Any) -> str | None:
    """`High` as `high`, `InProgress` as `inProgress`."""
    said = text(value)
    return said[:1].lower() + said[1:] if said else None


_STATES = {"active": "new", "dismissed": "resolved"}


def _state(value: Any) -> str | None:
    said = _word(value)
    return _STATES.get(said, said) if said else None


def _security_alert(row: Native) -> Made:
    """A row of SecurityAlert (Sentinel), or an alert as Defender for Cloud exports it."""
    product = first_text(row.get("ProductName"), row.get("ProviderName"), row.get("VendorName"))
    return {
        "id": row.get("SystemAlertId"),
        "providerAlertId": row.get("VendorOriginalId"),
        "tenantId": row.get("AadTenantId"),
        "title": first_text(row.get("DisplayName"), row.get("AlertDisplayName"), row.get("AlertName")),
        "description": row.get("Description"),
        "category": first_text(row.get("Tactics"), row.get("Intent")),
        "severity": _word(first_text(row.get("AlertSeverity"), row.get("Severity"))),
        "status": _state(row.get("Status")),
        "serviceSource": first_text(row.get("ProviderName"), product),
        "productName": product,
        "detectionSource": row.get("ProductComponentName"),
        "detectorId": row.get("AlertType"),
        "mitreTechniques": list(texts(row.get("Techniques"))) or None,
        "alertWebUrl": first_text(row.get("AlertLink"), row.get("AlertUri")),
        "createdDateTime": first_text(
            row.get("ProcessingEndTime"),
            row.get("ProcessingEndTimeUtc"),
            row.get("TimeGeneratedUtc"),
            row.get("TimeGenerated"),
        ),
        "lastUpdateDateTime": first_text(row.get("TimeGenerated"), row.get("ProcessingEndTimeUtc")),
        "firstActivityDateTime": first_text(row.get("StartTime"), row.get("StartTimeUtc")),
        "lastActivityDateTime": first_text(row.get("EndTime"), row.get("EndTimeUtc")),
        "evidence": list(_entities(row)) or None,
        "extendedProperties": decoded(row.get("ExtendedProperties")),
    }


def _entities(row: Native) -> Iterator[Made]:
    """The entities as evidence; kinds that have no place of their own keep their members."""
    for entity in objects(row.get("Entities")):
        kind = str(entity.get("Type", entity.get("type"))).lower()
        name, suffix = text(entity.get("Name")), text(entity.get("UPNSuffix"))
        if kind == "account":
            principal = first_text(entity.get("UserPrincipalName"), f"{name}@{suffix}" if name and suffix else None)
            yield _evidence(
                "user",
                userAccount=_filled(
                    accountName=name,
                    userPrincipalName=principal,
                    azureAdUserId=entity.get("AadUserId"),
                    domainName=entity.get("NTDomain"),
                ),
            )
        elif kind == "ip":
            country = at(entity, "Location", "CountryCode")
            yield _evidence("ip", ipAddress=entity.get("Address"), countryLetterCode=country)
        elif kind == "host":
            yield _evidence("device", deviceDnsName=first_text(entity.get("HostName"), entity.get("NetBiosName")))
        elif kind in ("azure-resource", "azureresource"):
            yield _evidence("azureResource", resourceId=entity.get("ResourceId"))
        elif kind == "process":
            yield _evidence("process", processCommandLine=entity.get("CommandLine"))
        elif kind == "url":
            yield _evidence("url", url=entity.get("Url"))
        else:
            yield dict(entity)
    for resource in objects(row.get("ResourceIdentifiers")):
        said = first_text(resource.get("azureResourceId"), resource.get("AzureResourceId"))
        if said:
            yield _evidence("azureResource", resourceId=said)


def _evidence(kind: str, **members: Any) -> Made:
    return {"@odata.type": f"#microsoft.graph.security.{kind}Evidence", **_filled(**members)}


def _filled(**members: Any) -> Made:
    return {name: value for name, value in members.items() if value not in (None, "")}


def _endpoint_api(alert: Native) -> Made:
    """An alert of Defender for Endpoint's own API."""
    user = mapping(alert.get("relatedUser"))
    evidence = [_evidence("device", deviceDnsName=alert.get("computerDnsName"), mdeDeviceId=alert.get("machineId"))]
    if user:
        account = _filled(accountName=user.get("userName"), domainName=user.get("domainName"))
        evidence.append(_evidence("user", userAccount=account))
    return {
        **_filled(**{name: alert.get(name) for name in _KEPT}),
        "tenantId": alert.get("aadTenantId"),
        "severity": _word(alert.get("severity")),
        "status": _state(alert.get("status")),
        "serviceSource": "microsoftDefenderForEndpoint",
        "createdDateTime": alert.get("alertCreationTime"),
        "lastUpdateDateTime": alert.get("lastUpdateTime"),
        "firstActivityDateTime": alert.get("firstEventTime"),
        "lastActivityDateTime": alert.get("lastEventTime"),
        "resolvedDateTime": alert.get("resolvedTime"),
        "evidence": evidence,
    }


_KEPT = (
    "id",
    "incidentId",
    "title",
    "description",
    "category",
    "classification",
    "determination",
    "detectionSource",
    "detectorId",
    "mitreTechniques",
    "assignedTo",
    "threatFamilyName",
)


def _alert_info(row: Mapping[str, Any], tenant: str | None) -> Made:
    """AlertInfo of advanced hunting, streamed or exported."""
    return {
        "id": row.get("AlertId"),
        "tenantId": tenant,
        "title": row.get("Title"),
        "category": row.get("Category"),
        "severity": _word(row.get("Severity")),
        "serviceSource": row.get("ServiceSource"),
        "detectionSource": row.get("DetectionSource"),
        "mitreTechniques": list(texts(row.get("AttackTechniques"))) or None,
        "createdDateTime": row.get("Timestamp"),
    }
