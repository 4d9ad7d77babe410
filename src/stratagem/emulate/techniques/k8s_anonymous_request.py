"""An API server answers somebody without a name."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="An API server answers somebody without a name",
    attack=("T1190", "T1613"),
    platform="kubernetes",
    describe="A binding for system:anonymous makes the cluster readable for everybody who reaches it.",
    expected=(Expected(strategy="anonymous_request_allowed", entity="system:anonymous"),),
    events=(ScenarioEvent(base="kubernetes_audit/anonymous_list_pods"),),
    live=Live(
        sandbox="kubernetes",
        warmup=(
            NAMESPACE,
            Command(line="kubectl create rolebinding {run} -n {run} --clusterrole=view --user=system:anonymous"),
        ),
        detonate=(Command(line="kubectl get pods -n {run} --as=system:anonymous --as-group=system:unauthenticated"),),
    ),
)
