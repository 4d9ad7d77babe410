"""system:masters is impersonated."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="system:masters is impersonated",
    attack=("T1550.001",),
    platform="kubernetes",
    describe="Whoever may impersonate anybody is everybody; the audit log keeps both names.",
    expected=(Expected(strategy="privileged_identity_impersonated", entity="alice.novak@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pods_list_kubectl",
            set={
                "impersonatedUser": {
                    "username": "alice.novak@example.com",
                    "groups": ["system:masters", "system:authenticated"],
                }
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(Command(line="kubectl get pods -n {run} --as={run}@example.com --as-group=system:masters"),),
    ),
)
