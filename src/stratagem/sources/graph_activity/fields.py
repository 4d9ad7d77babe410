"""Graph activity's fields in words."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases

ENVELOPE_FIELDS = {
    "time": "When the request was made.",
    "category": "MicrosoftGraphActivityLogs.",
    "operationName": "Microsoft Graph Activity.",
    "resultSignature": "HTTP status as text.",
    "callerIpAddress": "Caller's address.",
    "correlationId": "The operation's id.",
    "location": "Region that served the request.",
    "tenantId": "Tenant whose log this is.",
    "durationMs": "Not milliseconds.",
}

PROPERTY_FIELDS = {
    "requestId": "Id of the request.",
    "operationId": "Shared by the requests of one batch.",
    "clientRequestId": "Id that the client gave.",
    "requestMethod": "GET, POST, PATCH, DELETE.",
    "requestUri": "The whole URI; graph.path and graph.template are easier to match.",
    "responseStatusCode": "HTTP status.",
    "responseSizeBytes": "Size of the answer.",
    "apiVersion": "v1.0 or beta.",
    "appId": "Client application's id.",
    "userId": "Object id of the user; null for app-only access.",
    "servicePrincipalId": "Object id of the service principal; null for delegated access.",
    "UserPrincipalObjectID": "Object id of who acts.",
    "ipAddress": "Caller's address.",
    "userAgent": "Caller's user agent.",
    "roles": "Application permissions, separated by spaces.",
    "scopes": "Delegated permissions, separated by spaces.",
    "wids": "Directory roles of the user (template ids), separated by spaces.",
    "clientAuthMethod": "0 public, 1 secret, 2 certificate.",
    "identityProvider": "Issuer of the token.",
    "signInActivityId": "uniqueTokenIdentifier of the sign-in.",
    "tokenIssuedAt": "When the token was issued.",
    "timeGenerated": "When the request was made.",
    "tenantId": "Tenant.",
    "sessionId": "Session id.",
    "c_Sid": "Session id, in the raw log.",
    "C_DeviceId": "Device id.",
    "C_Idtyp": "user or app.",
    "C_Iat": "Issue time of the token.",
    "location": "Region that served the request.",
    "durationMs": "Not milliseconds.",
    "atContent": "Content of the access token.",
    "aiAgentId": "Agent identity.",
}

FIELDS = ENVELOPE_FIELDS | {f"properties.{name}": words for name, words in PROPERTY_FIELDS.items()}

SHAPE = Shape(
    category="MicrosoftGraphActivityLogs",
    names=tuple(PROPERTY_FIELDS),
    renamed={"deviceid": "C_DeviceId"},
)

ALIASES = aliases(PROPERTY_FIELDS) | {
    "ipaddress": ("properties.ipAddress", "callerIpAddress"),
    "timegenerated": ("time", "properties.timeGenerated"),
    "properties.c_sid": ("properties.c_Sid", "properties.C_Sid", "properties.sessionId"),
    "aadtenantid": ("tenantId",),
}
