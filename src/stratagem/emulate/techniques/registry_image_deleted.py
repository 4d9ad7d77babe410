"""A person deletes an image."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A person deletes an image",
    attack=("T1070", "T1485"),
    platform="registry",
    describe="What was run is gone, and nobody can look at it any more.",
    expected=(Expected(strategy="image_deleted_by_person", rule="registry_delete", entity="dev-bob"),),
    events=(ScenarioEvent(base="oci_distribution/delete"),),
)
