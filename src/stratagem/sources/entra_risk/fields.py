"""The fields of risk records in words, and the spellings that public rules use."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases, fields

ENVELOPE_FIELDS = {
    "time": "When Entra sent the record.",
    "category": "UserRiskEvents, ServicePrincipalRiskEvents, RiskyUsers or RiskyServicePrincipals.",
    "operationName": "User Risk Detection, Risky user, ...",
    "correlationId": "Correlation id of the record.",
    "callerIpAddress": "Client's address.",
    "identity": "Display name of who is at risk.",
    "operationVersion": "Version of the record's form.",
    "resultType": "Empty.",
    "resultSignature": "Empty.",
    "resultDescription": "Empty.",
    "durationMs": "0.",
    "location": "Country code, where the record has one.",
    "Level": "Severity of the record, not of the risk.",
    "tenantId": "Tenant whose log this is.",
    "resourceId": "/tenants/<id>/providers/Microsoft.aadiam",
}

PROPERTY_FIELDS = {
    "id": "Id of the detection; object id of a risky user or service principal.",
    "requestId": "Id of the sign-in that the detection is about.",
    "correlationId": "Correlation id of that sign-in.",
    "riskEventType": "anonymizedIPAddress, unlikelyTravel, leakedCredentials, passwordSpray, anomalousToken, ...",
    "riskType": "The same, as the older schema has it.",
    "riskLevel": "low, medium, high, hidden or none.",
    "riskState": "atRisk, confirmedCompromised, remediated, dismissed, confirmedSafe or none.",
    "riskDetail": "Why the state is what it is: adminDismissedAllRiskForUser, ...",
    "riskLastUpdatedDateTime": "When the risk of a user or service principal changed.",
    "source": "IdentityProtection, or the product that found it.",
    "detectionTimingType": "realtime, nearRealtime or offline.",
    "activity": "signin, user or servicePrincipal.",
    "activityDateTime": "When the risky activity was.",
    "detectedDateTime": "When the risk was detected.",
    "lastUpdatedDateTime": "When the detection last changed.",
    "tokenIssuerType": "AzureAD, ADFederationServices, ...",
    "ipAddress": "Client's address.",
    "location": "city, state, countryOrRegion.",
    "userId": "Object id of the user.",
    "userDisplayName": "Display name of the user.",
    "userPrincipalName": "User principal name.",
    "appId": "Application id of the service principal.",
    "servicePrincipalId": "Object id of the service principal.",
    "servicePrincipalDisplayName": "Its name.",
    "servicePrincipalType": "Application, ManagedIdentity, ...",
    "keyIds": "Credentials of the service principal that are concerned.",
    "displayName": "Name of a risky service principal.",
    "isProcessing": "Is the risk being worked out anew.",
    "isDeleted": "Was the user deleted.",
    "additionalInfo": "List of Key and Value, often as JSON text: userAgent, riskReasons, alertUrl, ...",
}

NESTED = ("location.city", "location.state", "location.countryOrRegion")

FIELDS = fields(ENVELOPE_FIELDS, PROPERTY_FIELDS, NESTED)

SHAPE = Shape(
    category="UserRiskEvents",
    names=tuple(PROPERTY_FIELDS),
    others=("ServicePrincipalRiskEvents", "RiskyUsers", "RiskyServicePrincipals"),
    texts=("location", "keyIds"),
)

ALIASES = aliases(PROPERTY_FIELDS, NESTED) | {
    "countryorregion": ("properties.location.countryOrRegion",),
    "timegenerated": ("time",),
    "username": ("properties.userPrincipalName",),
    "level": ("Level",),
}
