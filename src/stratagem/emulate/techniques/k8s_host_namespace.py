"""A pod shares the node's process namespace."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique
from stratagem.emulate.techniques._kubernetes import pod_with

PLUGIN = Technique(
    title="A pod shares the node's process namespace",
    attack=("T1611", "T1610"),
    platform="kubernetes",
    describe="It sees every process of the node, with their environments.",
    expected=(Expected(strategy="host_namespace_shared", entity="bob.silva@example.com"),),
    events=(ScenarioEvent(base="kubernetes_audit/pod_create", set={"requestObject.spec.hostPID": True}),),
    live=pod_with({"hostPID": True}),
)
