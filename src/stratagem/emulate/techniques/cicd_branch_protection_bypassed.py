"""The protection of a branch is bypassed."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The protection of a branch is bypassed",
    attack=("T1677", "T1562.001"),
    platform="cicd",
    describe="What nobody reviewed is built and deployed.",
    expected=(Expected(strategy="branch_protection_bypassed", entity="dev-bob"),),
    events=(ScenarioEvent(base="github_audit/protection_bypassed"),),
)
