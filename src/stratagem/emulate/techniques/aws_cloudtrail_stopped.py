"""A trail of CloudTrail is stopped."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique, Thing

PLUGIN = Technique(
    title="A trail of CloudTrail is stopped",
    attack=("T1562.008",),
    platform="aws",
    describe="Whoever has taken an account switches its log off before doing what must not be seen.",
    expected=(
        Expected(
            strategy="cloudtrail_logging_stopped",
            rule="trail_stopped",
            entity="user/ci-legacy",
        ),
    ),
    events=(ScenarioEvent(base="aws_cloudtrail/cloudtrail_stop_logging"),),
    live=Live(
        sandbox="aws",
        detonate=(
            Command(
                line="aws cloudtrail stop-logging --name {trail}",
                makes=(
                    Thing(
                        name="logging of trail {trail} stopped", remove="aws cloudtrail start-logging --name {trail}"
                    ),
                ),
            ),
        ),
        needs={"trail": "name or ARN of a trail of the lab; it records nothing until the revert"},
        cost="the trail records nothing between detonation and revert",
    ),
    source="https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.cloudtrail-stop/",
)
