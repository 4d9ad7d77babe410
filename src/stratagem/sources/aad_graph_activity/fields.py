"""Azure AD Graph activity's fields in words."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases

ENVELOPE_FIELDS = {
    "time": "When the request was made.",
    "category": "AzureADGraphActivityLogs.",
    "operationName": "Operation in words.",
    "resultSignature": "HTTP status as text.",
    "callerIpAddress": "Caller's address.",
    "correlationId": "The operation's id.",
    "location": "Region that served the request.",
    "tenantId": "Tenant whose log this is.",
    "durationMs": "Duration.",
}

PROPERTY_FIELDS = {
    "requestId": "Id of the request.",
    "requestMethod": "GET, POST, PATCH, DELETE.",
    "requestUri": "The whole URI; graph.path and graph.template are easier to match.",
    "responseStatusCode": "HTTP status.",
    "responseSizeBytes": "Size of the answer.",
    "apiVersion": "1.6, or an internal version such as 1.61-internal.",
    "actorType": "User or Application.",
    "appId": "Client application's id.",
    "userId": "Object id of the user; null for app-only access.",
    "servicePrincipalId": "Object id of the service principal; null for delegated access.",
    "callerIpAddress": "Caller's address.",
    "userAgent": "Caller's user agent.",
    "roles": "Application permissions, separated by spaces.",
    "scopes": "Delegated permissions, separated by spaces.",
    "wids": "Directory roles of the user (template ids), separated by spaces.",
    "clientAuthMethod": "0 public, 1 secret, 2 certificate.",
    "identityProvider": "Issuer of the token.",
    "signInActivityId": "uniqueTokenIdentifier of the sign-in, sometimes with == behind it.",
    "tokenIssuedAt": "When the token was issued.",
    "timeGenerated": "When the request was made.",
    "deviceId": "Device id.",
    "sessionId": "Session id.",
    "tenantId": "Tenant.",
}

FIELDS = ENVELOPE_FIELDS | {f"properties.{name}": words for name, words in PROPERTY_FIELDS.items()}

SHAPE = Shape(category="AzureADGraphActivityLogs", names=tuple(PROPERTY_FIELDS))

ALIASES = aliases(PROPERTY_FIELDS) | {
    "ipaddress": ("properties.callerIpAddress", "callerIpAddress"),
    "timegenerated": ("time", "properties.timeGenerated"),
    "aadtenantid": ("tenantId",),
}
