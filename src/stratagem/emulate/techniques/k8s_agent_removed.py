"""A security agent is deleted."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="A security agent is deleted",
    attack=("T1562.001",),
    platform="kubernetes",
    describe="Without the agent nothing on the node is seen.",
    expected=(
        Expected(strategy="security_agent_removed", rule="security_agent_deleted", entity="bob.silva@example.com"),
    ),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/deployment_patch",
            set={
                "verb": "delete",
                "objectRef": {
                    "resource": "daemonsets",
                    "namespace": "security-agents",
                    "name": "falco",
                    "apiGroup": "apps",
                    "apiVersion": "v1",
                },
                "requestURI": "/apis/apps/v1/namespaces/security-agents/daemonsets/falco",
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(
            NAMESPACE,
            Command(line="kubectl create deployment falco-{run} -n {run} --image={pause} --replicas=0"),
        ),
        detonate=(Command(line="kubectl delete deployment falco-{run} -n {run}"),),
    ),
)
