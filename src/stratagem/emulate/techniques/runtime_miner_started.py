"""A miner runs in a container."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A miner runs in a container",
    attack=("T1496.001",),
    platform="runtime",
    describe="Somebody else's electricity.",
    expected=(Expected(strategy="miner_started_in_container", entity="prod/web-1"),),
    events=(
        ScenarioEvent(
            base="falco/nsenter_in_a_pod",
            set={
                'output_fields."proc.exepath"': "/tmp/x",
                'output_fields."proc.cmdline"': "/tmp/x -o stratum+tcp://pool.example.net:3333 -u w",
            },
        ),
    ),
)
