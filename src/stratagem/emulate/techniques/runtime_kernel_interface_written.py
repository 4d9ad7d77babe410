"""A release agent is written from a container."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A release agent is written from a container",
    attack=("T1611", "T1068"),
    platform="runtime",
    describe="The kernel starts the attacker's program, on the node.",
    expected=(
        Expected(strategy="kernel_interface_written_from_container", rule="falco_kernel_file", entity="prod/web-1"),
    ),
    events=(
        ScenarioEvent(
            base="falco/nsenter_in_a_pod",
            set={
                "rule": "Detect release_agent File Container Escapes",
                'output_fields."evt.type"': "openat",
                'output_fields."fd.name"': "/tmp/cgrp/release_agent",
                'output_fields."proc.cmdline"': "sh -c echo /cmd > /tmp/cgrp/release_agent",
            },
        ),
    ),
)
