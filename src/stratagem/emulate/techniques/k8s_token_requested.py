"""A person asks for a workload's token."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="A person asks for a workload's token",
    attack=("T1528",),
    platform="kubernetes",
    describe="A token of a service account, valid outside the cluster as well.",
    expected=(Expected(strategy="service_account_token_requested", entity="bob.silva@example.com"),),
    events=(ScenarioEvent(base="kubernetes_audit/token_request_human"),),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(Command(line="kubectl create token default -n {run} --duration=10m"),),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/kubernetes/k8s.persistence.create-token/",
)
