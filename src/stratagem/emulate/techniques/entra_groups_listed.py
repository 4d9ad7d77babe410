"""All groups of a tenant are listed through Graph."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="All groups of a tenant are listed through Graph",
    attack=("T1069.003", "T1087.004"),
    platform="entra",
    describe="One request gives every group; administrators use the portal, which asks differently.",
    expected=(
        Expected(
            strategy="groups_listed_through_graph",
            rule="all_groups_listed",
            entity="da7e0000-3333-4c4d-8e5f-60718293a4b5",
        ),
    ),
    events=(ScenarioEvent(base="graph_activity/list_groups"),),
    live=Live(
        sandbox="azure",
        detonate=(
            Command(
                line=(
                    "az rest --method get --url 'https://graph.microsoft.com/v1.0/groups?$top=999&$select=id' "
                    "--query 'length(value)'"
                )
            ),
        ),
    ),
    source="threat model: group enumeration in Entra",
)
