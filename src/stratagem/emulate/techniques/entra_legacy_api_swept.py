"""ROADrecon sweeps a directory through the legacy API."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

_READ = (
    "users",
    "groups",
    "devices",
    "applications",
    "servicePrincipals",
    "roleDefinitions",
    "administrativeUnits",
    "oauth2PermissionGrants",
)

PLUGIN = Technique(
    title="ROADrecon sweeps a directory through the legacy API",
    attack=("T1069.003", "T1526", "T1087.004"),
    platform="entra",
    describe="The old directory API gives more than Graph, and was long not logged.",
    expected=(
        Expected(
            strategy="legacy_directory_api_swept", rule="many_kinds", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"
        ),
    ),
    events=(
        ScenarioEvent(
            base="aad_graph_activity/list_groups",
            repeat=8,
            every="4s",
            vary={
                "properties.requestUri": [
                    f"https://graph.windows.net/7b1f2c3d-4e5a-4b6c-8d7e-9f0a1b2c3d4e/{kind}?api-version=1.61-internal&$top=999"
                    for kind in _READ
                ]
            },
        ),
    ),
    source="https://github.com/dirkjanm/ROADtools",
)
