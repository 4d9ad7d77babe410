"""A stolen token is tried on many paths of Graph."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

_TRIED = (
    "users",
    "groups",
    "devices",
    "applications",
    "servicePrincipals",
    "roleManagement/directory/roleAssignments",
    "directoryRoles",
    "policies/authorizationPolicy",
    "identity/conditionalAccess/policies",
    "auditLogs/signIns",
    "auditLogs/directoryAudits",
    "sites/root",
    "security/alerts_v2",
    "identityProtection/riskyUsers",
    "deviceManagement/managedDevices",
    "domains",
    "organization",
    "oauth2PermissionGrants",
)

PLUGIN = Technique(
    title="A stolen token is tried on many paths of Graph",
    attack=("T1526", "T1087.004"),
    platform="entra",
    describe="What the token may do is found out by trying.",
    expected=(
        Expected(
            strategy="many_graph_requests_refused",
            rule="permissions_tried",
            entity="da7e0000-3333-4c4d-8e5f-60718293a4b5",
        ),
    ),
    events=(
        ScenarioEvent(
            base="graph_activity/group_members",
            set={"properties.responseStatusCode": 403, "resultSignature": "403"},
            repeat=18,
            every="4s",
            vary={"properties.requestUri": [f"https://graph.microsoft.com/v1.0/{path}" for path in _TRIED]},
        ),
    ),
)
