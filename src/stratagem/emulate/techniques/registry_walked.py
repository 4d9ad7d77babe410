"""A registry is walked."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A registry is walked",
    attack=("T1526", "T1530"),
    platform="registry",
    describe="Images hold source code, and often keys.",
    expected=(Expected(strategy="registry_walked", entity="203.0.113.7"),),
    events=(
        ScenarioEvent(
            base="oci_distribution/pull_without_a_name",
            repeat=12,
            every="20s",
            vary={"target.repository": "prod/app-{n}"},
        ),
    ),
)
