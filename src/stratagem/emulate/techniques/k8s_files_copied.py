"""A file is copied out of a pod."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="A file is copied out of a pod",
    attack=("T1609", "T1552.001"),
    platform="kubernetes",
    describe="kubectl cp is exec with tar: data leaves through the API server.",
    expected=(
        Expected(strategy="files_copied_through_exec", rule="files_copied_out_of_pod", entity="bob.silva@example.com"),
    ),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_exec_websocket",
            set={
                "requestURI": (
                    "/api/v1/namespaces/shop/pods/web-6c9f7d5b8-x2x7k/exec?command=tar&command=cf&command=-&"
                    "command=%2Fsrv%2Fdata%2Freport.csv&container=web&stderr=true&stdout=true"
                )
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(Command(line="kubectl exec -n {run} probe -- tar cf - /etc/hostname"),),
    ),
)
