"""The fields of Intune's records in words."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases, fields

ENVELOPE_FIELDS = {
    "time": "When it was done.",
    "category": "AuditLogs or OperationalLogs.",
    "operationName": "What was done: Create MobileApp, Patch DeviceConfiguration, wipe ManagedDevice, Enrollment, ...",
    "operationVersion": "Version of the record's form.",
    "resultType": "Success or Failure.",
    "resultSignature": "Empty.",
    "resultDescription": "None, or why it failed.",
    "durationMs": "0.",
    "correlationId": "Ties the records of one request together.",
    "identity": "Principal name of who did it.",
    "tenantId": "Tenant.",
    "resourceId": "Resource of the diagnostic setting.",
    "callerIpAddress": "Empty.",
    "location": "Empty.",
    "Level": "Severity of the record.",
}

PROPERTY_FIELDS = {
    "AuditEventId": "Id of the event.",
    "ActivityDate": "When it was done, in the American form.",
    "ActivityResultStatus": "1 is success.",
    "ActivityType": "0 create, 1 delete, 2 patch, 3 action, ...; a word from the Graph API.",
    "Actor": "Who did it: UPN, ObjectId, Application, ApplicationName, IsDelegatedAdmin, UserPermissions.",
    "AdditionalDetails": "Further details, as text.",
    "Category": "Number or name of the part of Intune.",
    "TargetDisplayNames": "Names of what was changed.",
    "TargetObjectIds": "Ids of what was changed.",
    "Targets": "What was changed: Name, ModifiedProperties.",
    "RelationId": "Id of the object.",
    "IntuneAccountId": "Account of Intune.",
    "IntuneDeviceId": "Device, in an operational record.",
    "IntuneUserId": "User, in an operational record.",
    "AADDeviceId": "Device in Entra.",
    "AADTenantId": "Tenant.",
    "AlertType": "Managed Device Not Compliant, ...",
    "AlertDisplayName": "The alert in words.",
    "Description": "Why.",
    "DeviceName": "Device.",
    "DeviceHostName": "Its host name.",
    "DeviceOperatingSystem": "Its operating system.",
    "UserName": "User's name.",
    "UPNSuffix": "User's domain.",
    "EnrollmentType": "How the device was enrolled.",
    "FailureCategory": "Kind of failure of an enrolment.",
    "FailureReason": "Why an enrolment failed.",
    "OperationalLogCategory": "DeviceEnrollment, DeviceCompliance, ...",
    "Os": "Operating system of an enrolled device.",
    "OsVersion": "Its version.",
    "MessageId": "Id of an operational record.",
}

NESTED = (
    "Actor.UPN",
    "Actor.ObjectId",
    "Actor.Application",
    "Actor.ApplicationName",
    "Actor.IsDelegatedAdmin",
    "Actor.UserPermissions",
    "Targets.ModifiedProperties.Name",
    "Targets.ModifiedProperties.New",
    "Targets.ModifiedProperties.Old",
)

FIELDS = fields(ENVELOPE_FIELDS, PROPERTY_FIELDS, NESTED)

SHAPE = Shape(
    category="AuditLogs",
    names=tuple(PROPERTY_FIELDS),
    others=("OperationalLogs",),
    texts=("Actor", "Targets", "TargetDisplayNames", "TargetObjectIds"),
)

ALIASES = aliases(PROPERTY_FIELDS, NESTED) | {"level": ("Level",), "timegenerated": ("time",)}
