"""Azure Container Registry's fields in words."""

from __future__ import annotations

from stratagem.sources._azure import Shape, aliases

ENVELOPE_FIELDS = {
    "time": "When it happened.",
    "category": "ContainerRegistryRepositoryEvents or ContainerRegistryLoginEvents.",
    "operationName": "Pull, Push, Delete, Untag, Purge, Login.",
    "resourceId": "The registry.",
    "resultType": "HTTP status as text.",
    "resultDescription": "Why, in words.",
    "callerIpAddress": "Caller's address.",
    "correlationId": "Id of the request.",
    "identity": "Object id, principal name, token name or the admin user's name; empty where nobody signed in.",
    "durationMs": "Duration.",
    "location": "Region of the registry.",
    "tenantId": "Tenant.",
}

PROPERTY_FIELDS = {
    "loginServer": "Host of the registry: example.azurecr.io.",
    "repository": "Repository: team/app.",
    "tag": "Tag.",
    "digest": "Digest of the manifest.",
    "mediaType": "Media type of the artifact.",
    "artifactType": "Type of the artifact.",
    "size": "Size in bytes.",
    "userAgent": "Client's user agent.",
    "userTenantId": "Tenant of the identity.",
    "jwtId": "Id of the token.",
    "region": "Region that served the request.",
    "actionPerformed": "What a login was asked for.",
}

FIELDS = ENVELOPE_FIELDS | {f"properties.{name}": words for name, words in PROPERTY_FIELDS.items()}

SHAPE = Shape(
    category="ContainerRegistryRepositoryEvents",
    names=tuple(PROPERTY_FIELDS),
    others=("ContainerRegistryLoginEvents",),
)

ALIASES = aliases(PROPERTY_FIELDS) | {"timegenerated": ("time",), "resulttype": ("resultType",)}
