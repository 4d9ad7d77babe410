"""MicroBurst dumps a subscription's directory: the calls of Get-AzDomainInfo that leave a log."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

_READ = (
    "users?$top=999",
    "groups?$top=999",
    "groups/60f0a000-7777-4081-92a3-b4c5d6e7f081/members",
    "groups/60f0a000-7777-4081-92a3-b4c5d6e7f082/members",
    "servicePrincipals?$top=999",
    "applications?$top=999",
    "directoryRoles",
    "devices?$top=999",
)
_AZURE_POWERSHELL = "1950a258-227b-4e31-a9cf-717495945fc2"

PLUGIN = Technique(
    title="MicroBurst dumps a subscription",
    attack=("T1526", "T1069.003", "T1087.004"),
    platform="azure",
    describe=(
        "Get-AzDomainInfo reads users, groups with their members, applications and roles through Graph, and "
        "resources through ARM, which records no reads."
    ),
    expected=(
        Expected(
            strategy="directory_swept_through_graph",
            rule="many_kinds",
            entity="da7e0000-3333-4c4d-8e5f-60718293a4b5",
        ),
    ),
    events=(
        ScenarioEvent(
            base="graph_activity/group_members",
            set={"properties.appId": _AZURE_POWERSHELL},
            repeat=len(_READ),
            every="4s",
            vary={"properties.requestUri": [f"https://graph.microsoft.com/v1.0/{path}" for path in _READ]},
        ),
    ),
    live=Live(
        sandbox="azure",
        # MicroBurst needs Windows and Azure PowerShell; these are the same Graph requests, one page of one entry each.
        detonate=tuple(
            Command(
                line=f"az rest --method get --url 'https://graph.microsoft.com/v1.0/{path}?$top=1&$select=id'",
                may_fail=True,
            )
            for path in ("users", "groups", "servicePrincipals", "applications", "devices", "directoryRoles")
        ),
    ),
    source="https://github.com/NetSPI/MicroBurst, Az/Get-AzDomainInfo.ps1",
)
