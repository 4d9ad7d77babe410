"""The administrator certificate of a cluster is fetched."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The administrator certificate of a cluster is fetched",
    attack=("T1555.006",),
    platform="azure",
    describe=(
        "A control-plane right on the cluster's resource becomes cluster-admin inside it, with no "
        "account of the cluster."
    ),
    expected=(Expected(strategy="container_credentials_listed", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"),),
    events=(ScenarioEvent(base="azure_activity/list_cluster_admin_credential"),),
    live=Live(
        sandbox="azure",
        detonate=(Command(line="az aks get-credentials --admin --resource-group {group} --name {cluster} --file -"),),
        needs={"group": "resource group of a lab cluster", "cluster": "name of an AKS cluster of the lab"},
    ),
)
