"""An image is built on a node."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="An image is built on a node",
    attack=("T1612", "T1525"),
    platform="runtime",
    describe="What is built on the spot was never scanned.",
    expected=(
        Expected(strategy="image_built_on_node", rule="engine_built_image", entity="registry.example.com/prod/web"),
    ),
    events=(ScenarioEvent(base="docker_events/image_built"),),
    source="https://github.com/redcanaryco/atomic-red-team T1612",
)
