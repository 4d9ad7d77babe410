"""The Graph API's auditEvent as the diagnostic record of the same change."""

from __future__ import annotations

from typing import Any

from stratagem.sources._contract import Native
from stratagem.sources._text import mapping, objects, text


def is_graph(record: Native) -> bool:
    """The members that only an auditEvent of Intune has together."""
    return {"activityType", "activityOperationType", "activityResult", "actor"} <= record.keys()


def diagnostic_of(record: Native) -> dict[str, Any]:
    actor = mapping(record.get("actor"))
    resources = list(objects(record.get("resources")))
    return {
        "time": record.get("activityDateTime"),
        "operationName": text(record.get("activityType")) or text(record.get("displayName")),
        "resultType": record.get("activityResult"),
        "correlationId": record.get("correlationId"),
        "identity": actor.get("userPrincipalName") or actor.get("applicationDisplayName"),
        "properties": {
            "AuditEventId": text(record.get("id")) or "",
            "ActivityType": record.get("activityOperationType"),
            "Category": record.get("category"),
            "Actor": {
                "UPN": actor.get("userPrincipalName"),
                "ObjectId": actor.get("userId"),
                "Application": actor.get("applicationId"),
                "ApplicationName": actor.get("applicationDisplayName"),
                "UserPermissions": actor.get("userPermissions"),
            },
            "TargetDisplayNames": [each.get("displayName") for each in resources],
            "TargetObjectIds": [each.get("resourceId") for each in resources],
            "Targets": [
                {
                    "Name": each.get("displayName"),
                    "ModifiedProperties": [
                        {"Name": one.get("displayName"), "Old": one.get("oldValue"), "New": one.get("newValue")}
                        for one in objects(each.get("modifiedProperties"))
                    ],
                }
                for each in resources
            ],
        },
    }
