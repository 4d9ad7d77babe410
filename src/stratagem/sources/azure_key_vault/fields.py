"""The Key Vault audit event's fields in words."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases

ENVELOPE_FIELDS = {
    "time": "When the request was made.",
    "category": "AuditEvent.",
    "operationName": "SecretGet, KeyDecrypt, VaultPatch, ...",
    "operationVersion": "API version that the client asked for.",
    "resourceId": "The vault.",
    "resultType": "Success even where the request was refused: see properties.httpStatusCode and outcome.",
    "resultSignature": "HTTP status in words: OK, Forbidden, Not Found.",
    "resultDescription": "Why, in words.",
    "callerIpAddress": "Caller's address.",
    "correlationId": "Id of the request, which clients may choose.",
    "identity": "claim: the caller's token.",
    "identity.claim": "Claims of the caller's token.",
    "identity.claim.oid": "Object id of the caller.",
    "identity.claim.upn": "Principal name of a user.",
    "identity.claim.appid": "Client application's id.",
    "durationMs": "Duration.",
    "tenantId": "Tenant.",
}

PROPERTY_FIELDS = {
    "id": "URI of the object, with its version.",
    "clientInfo": "Client's user agent.",
    "httpStatusCode": "HTTP status.",
    "requestUri": "The whole URI.",
    "isAccessPolicyMatch": "Did an access policy allow it.",
    "isRbacAuthorized": "Did a role allow it.",
    "appliedAssignmentId": "The role assignment that allowed it.",
    "trustedService": "Trusted Microsoft service that called.",
    "addrAuthType": "How the address was allowed: Public, TrustedService, PrivateEndpoint, ...",
    "isAddressAuthorized": "Did the firewall allow the address.",
    "subnetId": "Subnet that the call came from.",
    "tlsVersion": "TLS version.",
    "keyProperties": "type, size, attributes of a key.",
    "secretProperties": "type, attributes of a secret.",
    "certificateProperties": "Subject, hashes, validity.",
    "certificatePolicyProperties": "How the certificate is issued.",
    "properties": "The vault's settings, for VaultGet, VaultPut and VaultPatch.",
    "entity": "The object, in trimmed records.",
}

FIELDS = ENVELOPE_FIELDS | {f"properties.{name}": words for name, words in PROPERTY_FIELDS.items()}

SHAPE = Shape(
    category="AuditEvent",
    names=tuple(PROPERTY_FIELDS),
    texts=("keyProperties", "secretProperties", "certificateProperties", "certificatePolicyProperties", "properties"),
)

ALIASES = {name.lower(): (name,) for name in ENVELOPE_FIELDS} | aliases(PROPERTY_FIELDS)
ALIASES |= {
    "identity.claims": ("identity.claim",),
    "useragent": ("properties.clientInfo",),
    "timegenerated": ("time",),
}
