"""A directory is swept through Graph."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

_READ = (
    "users",
    "groups",
    "devices",
    "applications",
    "servicePrincipals",
    "roleManagement/directory/roleDefinitions",
    "organization",
    "administrativeUnits",
)

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
            vary={"properties.requestUri": [f"https://graph.microsoft.com/v1.0/{path}?$top=999" for path in _READ]},
        ),
    ),
    source="https://github.com/BloodHoundAD/AzureHound",
)
