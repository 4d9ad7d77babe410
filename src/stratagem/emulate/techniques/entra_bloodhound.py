"""AzureHound reads the directory."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="AzureHound reads the directory",
    attack=("T1069.003", "T1526", "T1087.004"),
    platform="entra",
    describe="The collector of BloodHound draws who can become whom from users, groups and roles.",
    expected=(Expected(strategy="bloodhound_reads_directory", entity="da7e0000-3333-4c4d-8e5f-60718293a4b5"),),
    events=(ScenarioEvent(base="graph_activity/azurehound_list_groups"),),
    source="https://bloodhound.specterops.io/collect-data/ce-collection/azurehound",
)
