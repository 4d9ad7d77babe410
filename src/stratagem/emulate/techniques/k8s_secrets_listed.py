"""All Secrets of a cluster are listed."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="All Secrets of a cluster are listed",
    attack=("T1552.007",),
    platform="kubernetes",
    describe="One request gives every password, token and key that the cluster keeps.",
    expected=(Expected(strategy="secrets_listed_across_namespaces", entity="bob.silva@example.com"),),
    events=(ScenarioEvent(base="kubernetes_audit/secrets_list_all"),),
    live=Live(
        sandbox="kubernetes",
        detonate=(Command(line="kubectl get secrets --all-namespaces -l 'ads-run-id!={run}' -o name"),),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/kubernetes/k8s.credential-access.dump-secrets/",
)
