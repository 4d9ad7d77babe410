"""A self-hosted runner is registered."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A self-hosted runner is registered",
    attack=("T1677",),
    platform="cicd",
    describe="Jobs, with their secrets, run on a machine of the attacker's choice.",
    expected=(Expected(strategy="self_hosted_runner_registered", entity="dev-bob"),),
    events=(ScenarioEvent(base="github_audit/runner_registered"),),
)
