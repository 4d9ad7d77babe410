"""A debug container enters a running pod."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="A debug container enters a running pod",
    attack=("T1609", "T1610"),
    platform="kubernetes",
    describe="An ephemeral container shares a workload's network and, if asked, its processes and files.",
    expected=(Expected(strategy="debug_container_added_to_pod", entity="alice.novak@example.com"),),
    events=(ScenarioEvent(base="kubernetes_audit/ephemeral_container_patch"),),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(Command(line="kubectl debug -n {run} probe --image={pause} --target=probe"),),
    ),
)
