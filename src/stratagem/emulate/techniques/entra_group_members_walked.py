"""The members of many groups are read."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The members of many groups are read",
    attack=("T1069.003", "T1087.004"),
    platform="entra",
    describe="After the list of groups, who is in them: group by group through Microsoft Graph.",
    expected=(Expected(strategy="group_members_walked", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"),),
    events=(
        ScenarioEvent(
            base="graph_activity/group_members",
            repeat=40,
            every="3s",
            vary={
                "properties.requestUri": "https://graph.microsoft.com/v1.0/groups/60f0a000-7777-4081-92a3-b4c5d6e7f{n}/members?$top=999"
            },
        ),
    ),
)
