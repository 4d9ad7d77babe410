"""A process enters its node's namespaces."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A process enters its node's namespaces",
    attack=("T1611",),
    platform="runtime",
    describe="From root in the container to root on the node, with one command.",
    expected=(Expected(strategy="host_entered_from_container", entity="prod/web-1"),),
    events=(ScenarioEvent(base="tetragon/nsenter_in_a_pod"),),
    source="https://github.com/redcanaryco/atomic-red-team T1611",
)
