"""A cloud posture tool lists instances with a long-lived key."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A cloud posture tool lists instances with a long-lived key",
    attack=("T1526", "T1580"),
    platform="aws",
    describe=(
        "Posture tools that defenders run are what a thief of keys runs as well; their user agent gives them away."
    ),
    expected=(Expected(strategy="discovery_tool_calls_aws", entity="user/ci-legacy"),),
    events=(ScenarioEvent(base="aws_cloudtrail/scout_suite_describe_instances"),),
)
