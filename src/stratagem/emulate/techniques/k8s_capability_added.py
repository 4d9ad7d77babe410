"""A pod adds the capability SYS_ADMIN."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import pod_with

PLUGIN = Technique(
    title="A pod adds the capability SYS_ADMIN",
    attack=("T1611", "T1610"),
    platform="kubernetes",
    describe="One capability is enough to mount the node's disks.",
    expected=(
        Expected(
            strategy="dangerous_capability_added", rule="dangerous_capability_added", entity="bob.silva@example.com"
        ),
    ),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_create",
            set={"requestObject.spec.containers[0].securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}},
        ),
    ),
    live=pod_with(
        {
            "containers": [
                {"name": "probe", "image": "{pause}", "securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}
            ]
        }
    ),
)
