"""The audit policy of an API server is changed on its node."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The audit policy of an API server is changed on its node",
    attack=("T1562.008", "T1562.001"),
    platform="runtime",
    describe="The log has a hole from then on.",
    expected=(Expected(strategy="audit_policy_file_changed", rule="falco_audit_file", entity="node-3"),),
    events=(ScenarioEvent(base="falco/file_on_the_host"),),
)
