"""The sensor of a node is stopped."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="The sensor of a node is stopped",
    attack=("T1562.001",),
    platform="runtime",
    describe="Without it nothing on the node is seen.",
    expected=(Expected(strategy="sensor_stopped_on_node", rule="sensor_stopped", entity="node-3"),),
    events=(
        ScenarioEvent(
            base="tetragon/nsenter_in_a_pod",
            set={
                "process_exec.process.binary": "/usr/bin/systemctl",
                "process_exec.process.arguments": "stop falco-modern-bpf",
            },
        ),
    ),
)
