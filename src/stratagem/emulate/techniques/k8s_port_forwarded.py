"""A port of a pod is forwarded to a workstation."""

from __future__ import annotations

from stratagem.emulate.techniques._contract import Expected, ScenarioEvent, Technique

PLUGIN = Technique(
    title="A port of a pod is forwarded to a workstation",
    attack=("T1609",),
    platform="kubernetes",
    describe="A database behind the cluster's network answers on the attacker's machine.",
    expected=(Expected(strategy="port_forwarded_to_pod", entity="bob.silva@example.com"),),
    events=(
        ScenarioEvent(
            base="kubernetes_audit/pod_exec_websocket",
            set={
                "requestURI": "/api/v1/namespaces/shop/pods/web-6c9f7d5b8-x2x7k/portforward",
                "objectRef.subresource": "portforward",
            },
        ),
    ),
)
