"""A repository gets a new secret."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A repository gets a new secret",
    attack=("T1098.001", "T1671"),
    platform="cicd",
    describe="A key, a webhook or a secret is a way back in.",
    expected=(Expected(strategy="repository_access_added", entity="dev-bob"),),
    events=(ScenarioEvent(base="github_audit/secret_created"),),
)
