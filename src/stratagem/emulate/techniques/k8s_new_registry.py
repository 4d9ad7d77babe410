"""A cluster pulls from a registry that it never used."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import IMAGES_BY_PIPELINE

PLUGIN = Technique(
    title="A cluster pulls from a registry that it never used",
    attack=("T1610", "T1204.003"),
    platform="kubernetes",
    describe="Where the image comes from is often the first thing that is foreign.",
    expected=(Expected(strategy="new_registry_in_cluster", rule="new_registry", entity="registry.example.net"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/deployment_create_kubectl",
            set={"requestObject.spec.template.spec.containers[0].image": "registry.example.net/miner/xm:6.22"},
        ),
    ),
    history=IMAGES_BY_PIPELINE,
)
