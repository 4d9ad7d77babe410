"""A namespace runs an image that it never ran."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import IMAGES_BY_PIPELINE

PLUGIN = Technique(
    title="A namespace runs an image that it never ran",
    attack=("T1610", "T1204.003"),
    platform="kubernetes",
    describe="A tool image of the attacker's stands among the team's own.",
    expected=(Expected(strategy="new_image_repository_in_namespace", rule="new_repository", entity="tools/nettool"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/deployment_create_kubectl",
            set={"requestObject.spec.template.spec.containers[0].image": "registry.example.com/tools/nettool:2.1.0"},
        ),
    ),
    history=IMAGES_BY_PIPELINE,
)
