"""A pipeline's file is changed straight on the default branch."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A pipeline's file is changed straight on the default branch",
    attack=("T1677", "T1195.002"),
    platform="cicd",
    describe="Whoever writes the workflow writes what is deployed.",
    expected=(Expected(strategy="pipeline_file_pushed_to_default_branch", entity="contractor7"),),
    events=(ScenarioEvent(base="github_webhook/push"),),
)
