"""A cluster is surveyed."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A cluster is surveyed",
    attack=("T1613",),
    platform="kubernetes",
    describe=(
        "Which namespaces, nodes, roles and Secrets there are: the first minutes with a kubeconfig that was found."
    ),
    expected=(Expected(strategy="cluster_surveyed", rule="surveyed", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pods_list_kubectl",
            repeat=6,
            every="1s",
            vary={"objectRef.resource": ["namespaces", "nodes", "pods", "roles", "clusterrolebindings", "secrets"]},
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        detonate=(
            Command(
                line=(
                    "kubectl get namespaces,nodes,pods,roles,clusterrolebindings,configmaps --all-namespaces -l "
                    "'ads-run-id!={run}' -o name"
                )
            ),
        ),
    ),
    source="threat model: group enumeration in Kubernetes",
)
