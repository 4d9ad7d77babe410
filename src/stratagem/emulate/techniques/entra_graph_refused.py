"""A stolen token is tried on many paths of Graph."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

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
            vary={
                "properties.requestUri": [
                    "https://graph.microsoft.com/v1.0/users",
                    "https://graph.microsoft.com/v1.0/groups",
                    "https://graph.microsoft.com/v1.0/devices",
                    "https://graph.microsoft.com/v1.0/applications",
                    "https://graph.microsoft.com/v1.0/servicePrincipals",
                    "https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments",
                    "https://graph.microsoft.com/v1.0/directoryRoles",
                    "https://graph.microsoft.com/v1.0/policies/authorizationPolicy",
                    "https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies",
                    "https://graph.microsoft.com/v1.0/auditLogs/signIns",
                    "https://graph.microsoft.com/v1.0/auditLogs/directoryAudits",
                    "https://graph.microsoft.com/v1.0/sites/root",
                    "https://graph.microsoft.com/v1.0/security/alerts_v2",
                    "https://graph.microsoft.com/v1.0/identityProtection/riskyUsers",
                    "https://graph.microsoft.com/v1.0/deviceManagement/managedDevices",
                    "https://graph.microsoft.com/v1.0/domains",
                    "https://graph.microsoft.com/v1.0/organization",
                    "https://graph.microsoft.com/v1.0/oauth2PermissionGrants",
                ]
            },
        ),
    ),
)
