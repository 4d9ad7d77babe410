"""A pod's token is read through exec."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="A pod's token is read through exec",
    attack=("T1609", "T1552.001"),
    platform="kubernetes",
    describe="The token of the workload's service account is a file in the container; exec prints it.",
    expected=(Expected(strategy="credentials_read_through_exec", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_exec_websocket",
            set={
                "requestURI": (
                    "/api/v1/namespaces/shop/pods/web-6c9f7d5b8-x2x7k/exec?command=cat&"
                    "command=%2Fvar%2Frun%2Fsecrets%2Fkubernetes.io%2Fserviceaccount%2Ftoken&container=web&"
                    "stderr=true&stdout=true"
                )
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(
            Command(
                line="kubectl exec -n {run} probe -- head -c 16 /var/run/secrets/kubernetes.io/serviceaccount/token"
            ),
        ),
    ),
    source="https://stratus-red-team.cloud/attack-techniques/kubernetes/k8s.credential-access.steal-serviceaccount-token/",
)
