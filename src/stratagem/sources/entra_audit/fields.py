"""The directory audit's fields in words, and the spellings that public rules use."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases, fields

ENVELOPE_FIELDS = {
    "time": "When the record was sent.",
    "category": "AuditLogs; the kind of activity is properties.category.",
    "operationName": "The activity, trimmed; entra.operation has it without typography.",
    "resultType": "Often empty; properties.result tells the outcome.",
    "resultSignature": "Outcome in a word, often None.",
    "resultDescription": "Outcome in words, often empty.",
    "callerIpAddress": "Caller's address, often null for applications.",
    "correlationId": "Ties the records of one action together.",
    "identity": "Display name of who acted.",
    "tenantId": "Tenant whose log this is.",
    "resourceId": "/tenants/<id>/providers/Microsoft.aadiam",
}

PROPERTY_FIELDS = {
    "id": "Id of the record.",
    "category": "GroupManagement, RoleManagement, UserManagement, ApplicationManagement, Policy, ...",
    "correlationId": "Ties the records of one action together.",
    "result": "success, failure or timeout.",
    "resultReason": "Why, in words.",
    "activityDisplayName": "The activity, trimmed.",
    "activityDateTime": "When it happened.",
    "loggedByService": "Core Directory, PIM, Conditional Access, B2B Auth, ...",
    "operationType": "Add, Assign, Update, Unassign, Delete, ...",
    "userAgent": "User agent; often in additionalDetails instead.",
    "initiatedBy": "Who acted: user or app.",
    "targetResources": "What was acted on: id, displayName, type, userPrincipalName, modifiedProperties.",
    "additionalDetails": "Pairs of key and value.",
    "identityType": "Kind of identity.",
    "tenantGeo": "Region of the tenant.",
    "activityOperationType": "Operation type.",
    "targetResourceTypes": "Types of the targets.",
}

NESTED = (
    "initiatedBy.user.id",
    "initiatedBy.user.userPrincipalName",
    "initiatedBy.user.displayName",
    "initiatedBy.user.ipAddress",
    "initiatedBy.app.appId",
    "initiatedBy.app.displayName",
    "initiatedBy.app.servicePrincipalId",
    "initiatedBy.app.servicePrincipalName",
    "targetResources.id",
    "targetResources.displayName",
    "targetResources.type",
    "targetResources.userPrincipalName",
    "targetResources.groupType",
    "targetResources.modifiedProperties.displayName",
    "targetResources.modifiedProperties.oldValue",
    "targetResources.modifiedProperties.newValue",
    "additionalDetails.key",
    "additionalDetails.value",
)

FIELDS = fields(ENVELOPE_FIELDS, PROPERTY_FIELDS, NESTED)

SHAPE = Shape(
    category="AuditLogs",
    names=tuple(PROPERTY_FIELDS),
    renamed={"aadoperationtype": "operationType"},
    texts=("initiatedBy", "targetResources", "additionalDetails"),
)

ALIASES = aliases(PROPERTY_FIELDS, NESTED) | {
    # A bare Category is the portal's column, the kind of activity; `category` itself is the envelope's.
    "category": ("properties.category",),
    "status": ("entra.status",),
    "properties.message": ("entra.message",),
    "initiatedby": ("entra.initiator_names",),
    "target": ("entra.target_names",),
    "target(s)": ("entra.target_names",),
    "result": ("properties.result", "resultSignature"),
    "activity": ("properties.activityDisplayName", "operationName"),
    "activitytype": ("properties.activityDisplayName", "operationName"),
    "activitydisplayname": ("properties.activityDisplayName", "operationName"),
    "service": ("properties.loggedByService",),
    "aadoperationtype": ("properties.operationType",),
    "resultdescription": ("properties.resultReason", "resultDescription"),
    "ipaddress": ("properties.initiatedBy.user.ipAddress", "callerIpAddress"),
    "timegenerated": ("time",),
    "aadtenantid": ("tenantId",),
}
