"""A toolkit for containers is started."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A toolkit for containers is started",
    attack=("T1613", "T1611"),
    platform="runtime",
    describe="One binary that looks for every way out.",
    expected=(Expected(strategy="container_toolkit_started", entity="prod/web-1"),),
    events=(
        ScenarioEvent(
            base="tetragon/nsenter_in_a_pod",
            set={"process_exec.process.binary": "/tmp/peirates", "process_exec.process.arguments": ""},
        ),
    ),
    source="https://github.com/inguardians/peirates",
)
