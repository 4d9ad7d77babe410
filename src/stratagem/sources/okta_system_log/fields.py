"""The system log's fields in words, and the spellings that public rules use."""

from __future__ import annotations

FIELDS = {
    "published": "When it happened.",
    "uuid": "Id of the event.",
    "eventType": "Type (user.session.start).",
    "displayMessage": "What happened, in words.",
    "severity": "DEBUG, INFO, WARN or ERROR.",
    "actor.id": "Id of who acted.",
    "actor.type": "User, SystemPrincipal, PublicClientApp, ...",
    "actor.alternateId": "Login name.",
    "actor.displayName": "Name.",
    "client.ipAddress": "Client's address.",
    "client.userAgent.rawUserAgent": "User agent.",
    "client.zone": "Network zone.",
    "client.device": "Computer, Mobile, Unknown.",
    "client.geographicalContext.country": "Country.",
    "client.geographicalContext.city": "City.",
    "outcome.result": "SUCCESS, FAILURE, SKIPPED, ALLOW, DENY, CHALLENGE or UNKNOWN.",
    "outcome.reason": "Why.",
    "target": "What was acted on: id, type, alternateId, displayName.",
    "target.type": "User, UserGroup, AppInstance, AppUser, ROLE, ...",
    "target.alternateId": "Login name or other second name.",
    "target.displayName": "Name.",
    "securityContext.asNumber": "AS number of the address.",
    "securityContext.asOrg": "AS name.",
    "securityContext.isp": "Provider.",
    "securityContext.domain": "Domain of the address.",
    "securityContext.isProxy": "Is the address a proxy's.",
    "authenticationContext.externalSessionId": "Session.",
    "authenticationContext.credentialType": "Credential used.",
    "debugContext.debugData": "Details without promise: requestUri, behaviors, risk, factor, ...",
    "debugContext.debugData.behaviors": "Behaviours, as text.",
    "debugContext.debugData.privilegeGranted": "Roles that were granted.",
    "debugContext.debugData.requestUri": "Path of the request.",
    "transaction.id": "Ties events of one request together.",
}

_SPELT: dict[str, tuple[str, ...]] = {name.lower(): (name,) for name in FIELDS if name != name.lower()}
ALIASES = _SPELT | {
    "eventtype": ("eventType",),
    "displaymessage": ("displayMessage",),
    "actor.alternateid": ("actor.alternateId",),
    "actor.user.name": ("actor.alternateId",),
    "target.user.display.name": ("target.displayName",),
    "okta.event_type": ("eventType",),
    "okta.outcome.result": ("outcome.result",),
    "okta.actor.alternate_id": ("actor.alternateId",),
}
