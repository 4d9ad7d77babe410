"""The image of a running workload is replaced by hand."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import NAMESPACE

PLUGIN = Technique(
    title="The image of a running workload is replaced by hand",
    attack=("T1525", "T1609"),
    platform="kubernetes",
    describe="The workload keeps its name and its rights, and runs something else.",
    expected=(Expected(strategy="running_workload_image_patched", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/deployment_patch",
            set={
                "requestObject": {
                    "spec": {
                        "template": {
                            "spec": {"containers": [{"name": "web", "image": "docker.io/library/busybox:1.36"}]}
                        }
                    }
                }
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=(
            NAMESPACE,
            Command(line="kubectl create deployment probe -n {run} --image={pause} --replicas=0"),
        ),
        detonate=(Command(line="kubectl set image deployment/probe -n {run} pause={busybox}"),),
    ),
)
