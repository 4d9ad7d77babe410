"""A directory is swept through Graph."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A directory is swept through Graph",
    attack=("T1069.003", "T1526", "T1087.004"),
    platform="entra",
    describe="Users, groups, roles, applications: everything in minutes, with a token of the command line.",
    expected=(
        Expected(
            strategy="directory_swept_through_graph", rule="many_kinds", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"
        ),
    ),
    events=(
        ScenarioEvent(
            base="graph_activity/group_members",
            repeat=8,
            every="10s",
            vary={
                "properties.requestUri": [
                    "https://graph.microsoft.com/v1.0/users?$top=999",
                    "https://graph.microsoft.com/v1.0/groups?$top=999",
                    "https://graph.microsoft.com/v1.0/devices?$top=999",
                    "https://graph.microsoft.com/v1.0/applications?$top=999",
                    "https://graph.microsoft.com/v1.0/servicePrincipals?$top=999",
                    "https://graph.microsoft.com/v1.0/roleManagement/directory/roleDefinitions?$top=999",
                    "https://graph.microsoft.com/v1.0/organization?$top=999",
                    "https://graph.microsoft.com/v1.0/administrativeUnits?$top=999",
                ]
            },
        ),
    ),
    source="https://github.com/BloodHoundAD/AzureHound",
)
