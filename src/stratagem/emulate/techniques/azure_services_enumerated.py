"""The services of an Azure subscription are enumerated with a service principal, which nothing records."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The services of an Azure subscription are enumerated",
    attack=("T1526",),
    platform="azure",
    describe="With a service principal that may read, list resource groups, machines, clusters and registries.",
    expected=(),
    events=(ScenarioEvent(base="entra_signin/service_principal"),),
    live=Live(
        sandbox="azure",
        detonate=(
            Command(line="az group list --query length(@)"),
            Command(line="az resource list --query length(@)"),
            Command(line="az vm list --query length(@)"),
            Command(line="az aks list --query length(@)"),
            Command(line="az acr list --query length(@)"),
            Command(line="az storage account list --query length(@)"),
        ),
    ),
    unseen="the Activity Log records no reads of ARM: what is left is an ordinary sign-in of the service principal",
    source="the service enumeration of the report on cloud service discovery, `az group list` among it",
)
