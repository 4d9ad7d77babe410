"""A container talks to the container runtime."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A container talks to the container runtime",
    attack=("T1611", "T1610", "T1609"),
    platform="runtime",
    describe="Whoever reaches the socket starts any container on the node.",
    expected=(
        Expected(strategy="runtime_socket_used_from_container", rule="falco_runtime_socket", entity="prod/web-1"),
    ),
    events=(
        ScenarioEvent(
            base="falco/nsenter_in_a_pod",
            set={
                'output_fields."evt.type"': "connect",
                'output_fields."fd.name"': "/var/run/docker.sock",
                'output_fields."proc.name"': "curl",
                'output_fields."proc.cmdline"': "curl --unix-socket /var/run/docker.sock http://x/containers/json",
            },
        ),
    ),
)
