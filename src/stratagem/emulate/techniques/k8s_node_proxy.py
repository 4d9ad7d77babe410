"""A kubelet is reached through the API server's node proxy."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Command, Expected, Live, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A kubelet is reached through the API server's node proxy",
    attack=("T1609", "T1613"),
    platform="kubernetes",
    describe="nodes/proxy gives the pods of a node, and commands in them, past pods/exec.",
    expected=(Expected(strategy="kubelet_reached_through_node_proxy", entity="alice.novak@example.com"),),
    events=(ScenarioEvent(base="kubernetes_audit/node_proxy_get"),),
    live=Live(
        sandbox="kubernetes",
        detonate=(Command(line="kubectl get --raw /api/v1/nodes/{node}/proxy/runningpods/?ads-run-id={run}"),),
        needs={"node": "name of a node of the lab"},
    ),
)
