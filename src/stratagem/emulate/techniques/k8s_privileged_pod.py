"""A privileged pod is run."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="A privileged pod is run",
    attack=("T1610", "T1611"),
    platform="kubernetes",
    describe="Root in a privileged container is root on the node.",
    expected=(Expected(strategy="privileged_container_deployed", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_create",
            set={"requestObject.spec.containers[0].securityContext": {"privileged": True}},
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(NAMESPACE,),
        detonate=(
            Command(
                line=(
                    "kubectl run probe -n {run} --restart=Never --image={pause} --privileged --labels=ads-run-id={run}"
                )
            ),
        ),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/kubernetes/k8s.privilege-escalation.privileged-pod/",
)
