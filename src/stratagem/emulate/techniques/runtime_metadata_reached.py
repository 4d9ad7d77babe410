"""A container asks the metadata service for credentials."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import POD

PLUGIN = Technique(
    title="A container asks the metadata service for credentials",
    attack=("T1552.005",),
    platform="runtime",
    describe="The node's own role answers whoever asks.",
    expected=(
        Expected(
            strategy="metadata_service_reached_from_container", rule="falco_metadata_service", entity="prod/web-1"
        ),
    ),
    events=(ScenarioEvent(base="falco/metadata_service"),),
    live=Live(
        sandbox="kubernetes",
        warmup=POD,
        detonate=(
            Command(
                line=(
                    "kubectl exec -n {run} probe -- wget -qO- -T 2 http://169.254.169.254/latest/meta-data/?run={run}"
                ),
                may_fail=True,
            ),
        ),
    ),
)
