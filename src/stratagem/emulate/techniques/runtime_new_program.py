"""A container runs a program that its image did not hold."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="A container runs a program that its image did not hold",
    attack=("T1609", "T1610"),
    platform="runtime",
    describe="What was dropped after the start is the attacker's.",
    expected=(Expected(strategy="new_program_run_in_container", rule="program_not_of_the_image", entity="prod/web-1"),),
    events=(
        ScenarioEvent(
            base="falco/nsenter_in_a_pod",
            set={
                "rule": "Drop and execute new binary in container",
                'output_fields."proc.exepath"': "/opt/x",
                'output_fields."proc.cmdline"': "/opt/x",
                'output_fields."proc.is_exe_upper_layer"': True,
            },
        ),
    ),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(
            Command(
                line="kubectl exec -n {run} probe -- sh -c 'cp /bin/busybox /tmp/{run} && /tmp/{run} true'",
                may_fail=True,
            ),
        ),
    ),
)
